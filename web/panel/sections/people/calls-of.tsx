import { Link } from '@tanstack/react-router';
import { listCallsOf } from '../../../../worker/protocol/http/staff-people.ts';
import type { UserId } from '../../../../worker/protocol/ids.ts';
import { clock } from '../../../ui/format.ts';
import { useSession } from '../../../ui/session.tsx';
import { Across } from '../../desk/across.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { PersonLink, StateMark, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

/** A person's calls, those that never rang among them. */
export function CallsOf({ id }: { id: UserId }) {
  const { api } = useSession();
  const { t } = useWords();
  const calls = usePaged(['calls-of', id], (cursor, signal) =>
    api.call(listCallsOf, { params: { id }, query: { limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  );
  const table = useRowKeys<HTMLTableElement>();
  return (
    <Paged of={calls} empty={t('calls.none')}>
      {(items) => (
        <Across label={t('people.part.calls')}>
          <table ref={table} className="rows-table">
            <thead>
              <tr>
                <th scope="col">{t('calls.placed')}</th>
                <th scope="col">{t('calls.with')}</th>
                <th scope="col">{t('calls.state')}</th>
                <th scope="col" className="figure">
                  {t('calls.connected')}
                </th>
                <th scope="col">{t('calls.reason')}</th>
                <th scope="col">{t('calls.call')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ call, caller, callee }) => {
                const other = caller.id === id ? callee : caller;
                return (
                  <tr key={call.id}>
                    <td>
                      <When at={call.createdAt} />
                    </td>
                    <td>
                      <span className="soft">{t(caller.id === id ? 'calls.to' : 'calls.from')}</span>{' '}
                      <PersonLink id={other.id} name={other.displayName} portrait={other.portrait} />
                    </td>
                    <td>
                      <StateMark state={call.state} />
                    </td>
                    <td className="figure">{call.connectedMs > 0 ? clock(call.connectedMs) : '–'}</td>
                    <td>{call.endReason ? t(`endReason.${call.endReason}`) : ''}</td>
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
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Across>
      )}
    </Paged>
  );
}
