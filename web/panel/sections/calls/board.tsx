/** Calls of everybody: those that run now, held still under the pointer, and those that are over. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type MouseEvent, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { callState, endReason } from '../../../../worker/protocol/call/call.ts';
import type { QueryOf } from '../../../../worker/protocol/http/endpoint.ts';
import { type BoardCall, listAllCalls } from '../../../../worker/protocol/http/staff-calls.ts';
import { clock } from '../../../ui/format.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useStill } from '../../../ui/still/still.ts';
import { useNow } from '../../../ui/use-store.ts';
import { useQueryText } from '../../address.ts';
import { type CallRow, useCallColumns } from '../../desk/call-columns.tsx';
import { Choose } from '../../desk/choose.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { useNames, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

/** How often it is asked for, ms: while one looks, and while the tab only counts in its title. */
const RENEW_MS = 3_000;
const RENEW_HIDDEN_MS = 15_000;
const states = ['all', 'running', ...callState.options] as const;
const spans = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
const spanNames = ['hour', 'day', 'week'] as const;
interface BoardRow extends CallRow, Pick<BoardCall, 'stateSince'> {}
type Asked = QueryOf<typeof listAllCalls>;

/** The address as a question; what is wrong in it is left out. */
function askedFor(query: Readonly<Record<string, string | undefined>>): Asked {
  const asked = { state: query.state ?? 'running', reason: query.reason, person: query.person };
  const span = spans[query.since as keyof typeof spans];
  return {
    limit: 50,
    ...(asked.state !== 'all' && states.some((state) => state === asked.state) ? { state: asked.state as Asked['state'] } : {}),
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
    refetchInterval: () => (document.hidden ? RENEW_HIDDEN_MS : RENEW_MS),
    refetchIntervalInBackground: true,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api.call(listAllCalls, { query: { ...askedFor(query), ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const still = useStill(items, ({ call }) => call.id, `${view}${calls.isPlaceholderData}${calls.data?.pages.length}`);
  const list = useRowKeys<HTMLTableElement>();
  const columns = useCallColumns();
  const rows: readonly BoardRow[] = still.rows.map(({ item, gone }) => ({ ...item, gone }));
  const show = (event: MouseEvent): void => {
    flushSync(still.letIn);
    // Pressed by the keyboard: who stood on the button goes on with the rows it brought.
    if (event.detail === 0) list.current?.querySelector<HTMLElement>('[data-row]')?.focus();
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
  const table = useTable('calls', [
    columns.call,
    columns.id,
    columns.state,
    {
      name: 'inState',
      title: t('calls.inState'),
      figure: true,
      draw: ({ call, gone, stateSince }) => (call.state === 'ended' || gone ? '' : clock(Math.max(0, now - Date.parse(stateSince)))),
      plain: ({ stateSince }) => stateSince,
    },
    columns.caller,
    columns.callee,
    columns.medium,
    columns.placed,
    columns.connected,
    columns.reason,
  ] satisfies Column<BoardRow>[]);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t(live ? 'calls.live' : 'calls.title')}</h1>
        <form className="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
          <Choose
            label={t('calls.state')}
            value={states.find((state) => state === query.state) ?? 'running'}
            options={states}
            wordOf={(state) => (state === 'all' ? t('calls.all') : t(`state.${state}`))}
            onChange={(state) => setQuery({ state })}
          />
          <Choose
            label={t('calls.reason')}
            value={endReason.options.find((reason) => reason === query.reason)}
            options={endReason.options}
            wordOf={(reason) => t(`endReason.${reason}`)}
            none={t('any')}
            onChange={(reason) => setQuery({ reason, ...(reason && live ? { state: 'all' } : {}) })}
          />
          <Choose
            label={t('calls.since')}
            value={spanNames.find((span) => span === query.since)}
            options={spanNames}
            wordOf={(span) => t(`calls.span.${span}`)}
            none={t('any')}
            onChange={(since) => setQuery({ since })}
          />
          {person && (
            <button type="button" className="chip" onClick={() => setQuery({ person: undefined })}>
              {t('calls.of', { name: nameOf(person) })} <span aria-hidden="true">×</span>
              <span className="unseen">{t('calls.everybody')}</span>
            </button>
          )}
        </form>
      </div>
      {calls.isPending && <Waiting />}
      {calls.isError && !calls.data && <ProblemNote error={calls.error} onRetry={() => void calls.refetch()} />}
      <div className="stack-tight" {...still.hold}>
        <div className="above-rows">
          <p className="soft">
            <span role="status">{calls.data && t('calls.count', { count: rows.length, more: calls.hasNextPage ? '+' : '' })}</span>
            {calls.dataUpdatedAt > 0 && (
              <>
                {' · '}
                {t('calls.asOf')} <When at={new Date(calls.dataUpdatedAt).toISOString()} />
              </>
            )}
          </p>
          {/* Its place stays, so that nothing moves when it comes and the list waits while one reaches for it. */}
          <div className="pill-place">
            {still.fresh > 0 && (
              <button type="button" className="pill" onClick={show}>
                {t('calls.fresh', { count: still.fresh })}
              </button>
            )}
          </div>
          <TableTools of={table} rows={rows} />
        </div>
        {calls.data && items.length === 0 && rows.length === 0 && <p className="soft pad">{t(live ? 'calls.noneLive' : 'calls.none')}</p>}
        {rows.length > 0 && (
          <Rows
            of={table}
            rows={rows}
            idOf={({ call }) => call.id}
            label={t('calls.title')}
            tableRef={list}
            isGone={({ gone = false }) => gone}
          />
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
