import { listCallsOf } from '../../../../worker/protocol/http/staff-people.ts';
import type { UserId } from '../../../../worker/protocol/ids.ts';
import { useSession } from '../../../ui/session.tsx';
import { type CallRow, useCallColumns } from '../../desk/call-columns.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

/** A person's calls, those that never rang among them. */
export function CallsOf({ id }: { id: UserId }) {
  const { api } = useSession();
  const { t } = useWords();
  const calls = usePaged(['calls-of', id], (cursor, signal) =>
    api.call(listCallsOf, { params: { id }, query: { limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  );
  const list = useRowKeys<HTMLTableElement>();
  const columns = useCallColumns();
  const other = ({ caller, callee }: CallRow) => (caller.id === id ? callee : caller);
  const way = ({ caller }: CallRow) => t(caller.id === id ? 'calls.to' : 'calls.from');
  const table = useTable('calls-of', [
    columns.placed,
    {
      name: 'with',
      title: t('calls.with'),
      draw: (row) => (
        <>
          <span className="soft">{way(row)}</span>{' '}
          <PersonLink id={other(row).id} name={other(row).displayName} portrait={other(row).portrait} />
        </>
      ),
      plain: (row) => `${way(row)} ${other(row).displayName || other(row).id}`,
    },
    columns.medium,
    columns.state,
    columns.connected,
    columns.reason,
    columns.id,
    columns.call,
  ] satisfies Column<CallRow>[]);
  return (
    <Paged of={calls} empty={t('calls.none')}>
      {(items) => (
        <>
          <TableTools of={table} rows={items} />
          <Rows of={table} rows={items} idOf={({ call }) => call.id} label={t('people.part.calls')} tableRef={list} />
        </>
      )}
    </Paged>
  );
}
