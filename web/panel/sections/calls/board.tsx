/** Calls of everybody: those that run now, held still under the pointer, and those that are over. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type MouseEvent, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { callState, endReason } from '../../../../worker/protocol/call/call.ts';
import type { QueryOf } from '../../../../worker/protocol/http/endpoint.ts';
import { type BoardCall, listAllCalls } from '../../../../worker/protocol/http/staff-calls.ts';
import { clock } from '../../../ui/format.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { useQueryText } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { useStill } from '../../desk/still.ts';
import { PersonLink, StateMark, useNames, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const RENEW_MS = 3_000;
const states = ['running', ...callState.options] as const;
const spans = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
type Asked = QueryOf<typeof listAllCalls>;

/** The address as a question; what is wrong in it is left out. */
function askedFor(query: Readonly<Record<string, string | undefined>>): Asked {
  const asked = { state: query.state ?? 'running', reason: query.reason, person: query.person };
  const span = spans[query.since as keyof typeof spans];
  return {
    limit: 50,
    ...(states.some((state) => state === asked.state) ? { state: asked.state as Asked['state'] } : {}),
    ...(endReason.options.some((reason) => reason === asked.reason) ? { reason: asked.reason as Asked['reason'] } : {}),
    ...(/^usr_[0-9a-z]{26}$/.test(asked.person ?? '') ? { person: asked.person as Asked['person'] } : {}),
    ...(span ? { since: new Date(Math.floor(Date.now() / 60_000) * 60_000 - span).toISOString() } : {}),
  };
}

export default function Board() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const live = (query.state ?? 'running') === 'running';
  const view = JSON.stringify([query.state, query.reason, query.person, query.since]);
  const calls = useInfiniteQuery({
    queryKey: ['calls', view],
    initialPageParam: undefined as string | undefined,
    refetchInterval: RENEW_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api.call(listAllCalls, { query: { ...askedFor(query), ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const still = useStill(items, ({ call }) => call.id, `${view}${calls.isPlaceholderData}${calls.data?.pages.length}`);
  const table = useRowKeys<HTMLTableElement>();
  const show = (event: MouseEvent): void => {
    flushSync(still.letIn);
    // Pressed by the keyboard: who stood on the button goes on with the rows it brought.
    if (event.detail === 0) table.current?.querySelector<HTMLElement>('[data-row]')?.focus();
  };
  const now = useNow(1_000);
  const person = askedFor(query).person;
  const nameOf = useNames(person ? [person] : []);
  useEffect(() => {
    if (still.fresh === 0) return;
    const before = document.title;
    document.title = `(${still.fresh}) ${before}`;
    return () => {
      document.title = before;
    };
  }, [still.fresh]);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t(live ? 'calls.live' : 'calls.title')}</h1>
        <form className="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
          <label>
            {t('calls.state')}{' '}
            <select className="field" value={query.state ?? 'running'} onChange={(event) => setQuery({ state: event.currentTarget.value })}>
              <option value="all">{t('calls.all')}</option>
              {states.map((state) => (
                <option key={state} value={state}>
                  {t(`state.${state}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('calls.reason')}{' '}
            <select
              className="field"
              value={query.reason ?? ''}
              onChange={(event) =>
                setQuery({ reason: event.currentTarget.value, ...(event.currentTarget.value && live ? { state: 'all' } : {}) })
              }
            >
              <option value="">{t('any')}</option>
              {endReason.options.map((reason) => (
                <option key={reason} value={reason}>
                  {t(`endReason.${reason}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('calls.since')}{' '}
            <select className="field" value={query.since ?? ''} onChange={(event) => setQuery({ since: event.currentTarget.value })}>
              <option value="">{t('any')}</option>
              {(['hour', 'day', 'week'] as const).map((span) => (
                <option key={span} value={span}>
                  {t(`calls.span.${span}`)}
                </option>
              ))}
            </select>
          </label>
          {person && (
            <button type="button" className="chip" onClick={() => setQuery({ person: undefined })}>
              {t('calls.of', { name: nameOf(person) })} <span aria-hidden="true">×</span>
              <span className="unseen">{t('calls.everybody')}</span>
            </button>
          )}
        </form>
        <p className="soft count" role="status">
          {calls.data && t('calls.count', { count: still.rows.length, more: calls.hasNextPage ? '+' : '' })}
        </p>
      </div>
      {calls.isPending && <Waiting />}
      {calls.isError && !calls.data && <ProblemNote error={calls.error} onRetry={() => void calls.refetch()} />}
      <div className="stack-tight" {...still.hold}>
        <div className="pill-place">
          {still.fresh > 0 && (
            <button type="button" className="pill" onClick={show}>
              {t('calls.fresh', { count: still.fresh })}
            </button>
          )}
        </div>
        {calls.data && items.length === 0 && still.rows.length === 0 && (
          <p className="soft pad">{t(live ? 'calls.noneLive' : 'calls.none')}</p>
        )}
        {still.rows.length > 0 && (
          <Across label={t('calls.title')}>
            <table ref={table} className="rows-table">
              <thead>
                <tr>
                  <th scope="col">{t('calls.call')}</th>
                  <th scope="col">{t('calls.state')}</th>
                  <th scope="col" className="figure">
                    {t('calls.inState')}
                  </th>
                  <th scope="col">{t('calls.caller')}</th>
                  <th scope="col">{t('calls.callee')}</th>
                  <th scope="col">{t('calls.medium')}</th>
                  <th scope="col">{t('calls.placed')}</th>
                  <th scope="col" className="figure">
                    {t('calls.connected')}
                  </th>
                  <th scope="col">{t('calls.reason')}</th>
                </tr>
              </thead>
              <tbody>
                {still.rows.map(({ item, gone }) => (
                  <Row key={item.call.id} item={item} gone={gone} now={now} />
                ))}
              </tbody>
            </table>
          </Across>
        )}
      </div>
      {calls.hasNextPage && (
        <p>
          <button type="button" className="act" disabled={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
            {t('older')}
          </button>
        </p>
      )}
    </div>
  );
}

function Row({ item, gone, now }: { item: BoardCall; gone: boolean; now: number }) {
  const { t } = useWords();
  const { call, caller, callee, stateSince } = item;
  const running = call.state !== 'ended' && !gone;
  return (
    <tr className={gone ? 'gone' : undefined}>
      <td>
        <Link
          to="/calls/$id"
          params={{ id: call.id }}
          data-row={call.id}
          aria-label={t('calls.openOf', { caller: caller.displayName, callee: callee.displayName })}
        >
          {t('calls.open')}
        </Link>
      </td>
      <td>
        <StateMark state={gone ? 'ended' : call.state} />
        {call.state === 'ended' && !call.settled && <span className="soft"> {t('calls.unsettled')}</span>}
      </td>
      <td className="figure">{running ? clock(Math.max(0, now - Date.parse(stateSince))) : ''}</td>
      <td>
        <PersonLink id={caller.id} name={caller.displayName} portrait={caller.portrait} />
      </td>
      <td>
        <PersonLink id={callee.id} name={callee.displayName} portrait={callee.portrait} />
      </td>
      <td>{t(`medium.${call.media}`)}</td>
      <td>
        <When at={call.createdAt} />
      </td>
      <td className="figure">{call.connectedMs > 0 ? clock(call.connectedMs) : '–'}</td>
      <td>{call.endReason ? t(`endReason.${call.endReason}`) : ''}</td>
    </tr>
  );
}
