/** What sources of payments told, newest first, held still under pointer and focus: what had its effect, what waits, what can't be processed. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type MouseEvent, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  deliveryState,
  listPaymentEvents,
  paymentSource,
  paymentStore,
  type WirePaymentEvent,
} from '../../../../worker/protocol/http/payment-events.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useStill } from '../../../ui/still/still.ts';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { moneyWords } from '../../desk/money.ts';
import { rowInFocus, useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { useDeadPayments } from './dead.ts';
import { Parts } from './parts.tsx';
import { Replay, replayable } from './replay.tsx';
import { EventMark, kindWords, reasonWords, userIdIn } from './said.tsx';

const RENEW_MS = 5_000;
interface Row {
  readonly event: WirePaymentEvent;
  readonly gone: boolean;
}

export default function Events() {
  const { api, me } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const state = deliveryState.options.find((known) => known === query.state);
  const source = paymentSource.options.find((known) => known === query.source);
  const store = paymentStore.options.find((known) => known === query.store);
  const userId = userIdIn(query.person);
  const asked = {
    limit: 50,
    ...(state ? { state } : {}),
    ...(source ? { source } : {}),
    ...(store ? { store } : {}),
    ...(userId ? { userId } : {}),
  };
  const view = JSON.stringify(asked);
  const events = useInfiniteQuery({
    queryKey: ['payment-events', view],
    initialPageParam: undefined as string | undefined,
    refetchInterval: RENEW_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api.call(listPaymentEvents, { query: { ...asked, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  const still = useStill(items, ({ id }) => id, `${view}${events.isPlaceholderData}${events.data?.pages.length}`);
  const rows: readonly Row[] = still.rows.map(({ item, gone }) => ({ event: item, gone }));
  const [asking, setAsking] = useState<WirePaymentEvent | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const dead = useDeadPayments();
  const list = useRowKeys<HTMLTableElement>();
  const mayReplay = me.permissions.includes('payments.manage');
  const replayFocused = (): void => {
    const found = items.find(({ id }) => id === rowInFocus());
    if (found && replayable(found)) setAsking(found);
  };
  useCommand({ keys: 'r', label: t('payments.replay'), group: 'here', run: replayFocused }, mayReplay && items.some(replayable));
  const nameOf = useNames([...items.flatMap(({ fact }) => (fact?.userId ? [fact.userId] : [])), ...(userId ? [userId] : [])]);
  const show = (event: MouseEvent): void => {
    flushSync(still.letIn);
    // Pressed by the keyboard: who stood on the button goes on with the rows it brought.
    if (event.detail === 0) list.current?.querySelector<HTMLElement>('[data-row]')?.focus();
  };
  const table = useTable('payment-events', [
    {
      name: 'what',
      title: t('payments.what'),
      always: true,
      draw: ({ event }) => (
        <Link to="/payments/events/$id" params={{ id: event.id }} data-row={event.id}>
          {kindWords(t, event)}
        </Link>
      ),
      plain: ({ event }) => kindWords(t, event),
    },
    {
      name: 'state',
      title: t('calls.state'),
      always: true,
      text: true,
      draw: ({ event, gone }) => (
        <>
          <EventMark state={event.state} />
          {gone && <span className="soft"> {t('payments.moved')}</span>}
          {event.reason && (
            <span className={event.state === 'nothing' ? 'soft block-line' : 'block-line'}>{reasonWords(t, event.reason)}</span>
          )}
        </>
      ),
      plain: ({ event }) => [event.state, event.reason].filter(Boolean).join(' '),
    },
    {
      name: 'money',
      title: t('payments.money'),
      figure: true,
      draw: ({ event }) => (event.fact?.money ? moneyWords(event.fact.money) : '–'),
      plain: ({ event }) => (event.fact?.money ? `${event.fact.money.amount} ${event.fact.money.currency}` : null),
    },
    {
      name: 'person',
      title: t('payments.person'),
      draw: ({ event }) => (event.fact?.userId ? <PersonLink id={event.fact.userId} name={nameOf(event.fact.userId)} /> : '–'),
      plain: ({ event }) => event.fact?.userId ?? null,
    },
    {
      name: 'told',
      title: t('payments.toldBy'),
      draw: ({ event }) => (
        <>
          {t(`payments.source.${event.source}`)}
          {event.fact && event.fact.store !== event.source && <span className="soft"> {t(`shop.store.${event.fact.store}`)}</span>}
        </>
      ),
      plain: ({ event }) => event.source,
    },
    {
      name: 'received',
      title: t('payments.received'),
      draw: ({ event }) => <When at={event.receivedAt} />,
      plain: ({ event }) => event.receivedAt,
    },
    {
      name: 'replays',
      title: t('payments.replays'),
      figure: true,
      aside: true,
      draw: ({ event }) => event.replays,
      plain: ({ event }) => event.replays,
    },
    {
      name: 'id',
      title: t('table.id'),
      aside: true,
      draw: ({ event }) => <span className="mono">{event.id}</span>,
      plain: ({ event }) => event.id,
    },
    ...(mayReplay
      ? [
          {
            name: 'replay',
            title: t('actions'),
            draw: ({ event, gone }: Row) =>
              (event.state === 'dead' || event.state === 'waiting' || event.state === 'pending') &&
              !gone && (
                <button
                  type="button"
                  className="act"
                  aria-label={`${t('payments.replay')}: ${kindWords(t, event)}`}
                  onClick={() => setAsking(event)}
                >
                  {t('payments.replay')}
                </button>
              ),
            plain: () => null,
          },
        ]
      : []),
  ] satisfies Column<Row>[]);
  return (
    <div className="stack-tight" {...still.hold}>
      <Parts part="events">
        <search className="filters">
          {userId && (
            <button type="button" className="chip" onClick={() => setQuery({ person: undefined })}>
              {t('audit.by', { name: nameOf(userId) })} <span aria-hidden="true">×</span>
              <span className="unseen">{t('calls.everybody')}</span>
            </button>
          )}
          <Choose
            label={t('calls.state')}
            value={state}
            options={deliveryState.options}
            wordOf={(one) => t(`payments.state.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ state: one })}
          />
          <Choose
            label={t('payments.toldBy')}
            value={source}
            options={paymentSource.options}
            wordOf={(one) => t(`payments.source.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ source: one })}
          />
          <Choose
            label={t('payments.paidAt')}
            value={store}
            options={paymentStore.options}
            wordOf={(one) => t(`shop.store.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ store: one })}
          />
        </search>
      </Parts>
      <DoneNote done={done} />
      {dead > 0 && state !== 'dead' && (
        <p className="note bad" role="status">
          <strong>{t('payments.deadNow', { count: dead })}</strong>{' '}
          <Link to="/payments" search={{ state: 'dead' } as never}>
            {t('payments.showDead')}
          </Link>
        </p>
      )}
      {events.isPending && <Waiting />}
      {events.isError && !events.data && <ProblemNote error={events.error} onRetry={() => void events.refetch()} />}
      {events.data && (
        <div className="above-rows">
          {mayReplay && items.some(replayable) ? (
            <p className="soft">
              {t('payments.replayHint')} <Keys of="r" />
            </p>
          ) : (
            <span />
          )}
          {still.fresh > 0 ? (
            <button type="button" className="pill" onClick={show}>
              {t('calls.fresh', { count: still.fresh })}
            </button>
          ) : (
            <span />
          )}
          <TableTools of={table} rows={rows} />
        </div>
      )}
      {events.data && rows.length === 0 && <p className="soft pad">{t(state === 'dead' ? 'payments.noneDead' : 'payments.none')}</p>}
      {rows.length > 0 && (
        <Rows
          of={table}
          rows={rows}
          idOf={({ event }) => event.id}
          label={t('payments.part.events')}
          tableRef={list}
          isGone={({ gone }) => gone}
        />
      )}
      {events.hasNextPage && (
        <p className="pad">
          <button type="button" className="act" disabled={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {t('older')}
          </button>
        </p>
      )}
      {asking && <Replay event={asking} onDone={setDone} onClose={() => setAsking(null)} />}
    </div>
  );
}
