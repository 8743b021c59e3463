/** What every list of calls says of a call. */
import { Link } from '@tanstack/react-router';
import type { BoardCall } from '../../../worker/protocol/http/staff-calls.ts';
import { clock } from '../../ui/format.ts';
import { useWords } from '../words.ts';
import type { Column } from './table.tsx';
import { PersonLink, StateMark, When } from './words.tsx';

export interface CallRow extends Pick<BoardCall, 'call' | 'caller' | 'callee'> {
  /** It left the list while somebody held it: over, as far as the list knows. */
  readonly gone?: boolean;
}

type Name = 'call' | 'id' | 'state' | 'caller' | 'callee' | 'medium' | 'placed' | 'connected' | 'reason';

export function useCallColumns(): Readonly<Record<Name, Column<CallRow>>> {
  const { t } = useWords();
  const side = (name: 'caller' | 'callee'): Column<CallRow> => ({
    name,
    title: t(`calls.${name}`),
    draw: (row) => <PersonLink id={row[name].id} name={row[name].displayName} portrait={row[name].portrait} />,
    plain: (row) => row[name].displayName || row[name].id,
  });
  return {
    call: {
      name: 'call',
      title: t('calls.call'),
      always: true,
      draw: ({ call, caller, callee }) => (
        <Link
          to="/calls/$id"
          params={{ id: call.id }}
          data-row={call.id}
          aria-label={t('calls.openOf', { caller: caller.displayName || caller.id, callee: callee.displayName || callee.id })}
        >
          {t('calls.open')}
        </Link>
      ),
      plain: ({ call }) => call.id,
    },
    id: {
      name: 'id',
      title: t('table.id'),
      aside: true,
      draw: ({ call }) => <span className="mono">{call.id}</span>,
      plain: ({ call }) => call.id,
    },
    state: {
      name: 'state',
      title: t('calls.state'),
      draw: ({ call, gone = false }) => (
        <>
          <StateMark state={gone ? 'ended' : call.state} />
          {call.state === 'ended' && !call.settled && <span className="soft"> {t('calls.unsettled')}</span>}
        </>
      ),
      plain: ({ call, gone = false }) => t(`state.${gone ? 'ended' : call.state}`),
    },
    caller: side('caller'),
    callee: side('callee'),
    medium: {
      name: 'medium',
      title: t('calls.medium'),
      draw: ({ call }) => t(`medium.${call.media}`),
      plain: ({ call }) => t(`medium.${call.media}`),
    },
    placed: {
      name: 'placed',
      title: t('calls.placed'),
      draw: ({ call }) => <When at={call.createdAt} />,
      plain: ({ call }) => call.createdAt,
    },
    connected: {
      name: 'connected',
      title: t('calls.connected'),
      figure: true,
      draw: ({ call }) => (call.connectedMs > 0 ? clock(call.connectedMs) : '–'),
      plain: ({ call }) => clock(call.connectedMs),
    },
    reason: {
      name: 'reason',
      title: t('calls.reason'),
      draw: ({ call }) => (call.endReason ? t(`endReason.${call.endReason}`) : ''),
      plain: ({ call }) => (call.endReason ? t(`endReason.${call.endReason}`) : null),
    },
  };
}
