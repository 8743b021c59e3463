/** Small things said the same way everywhere: moments, people, amounts, states. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CallState } from '../../../worker/protocol/call/call.ts';
import { searchPeople } from '../../../worker/protocol/http/staff-people.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { locale } from '../../ui/i18n.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { useSession } from '../../ui/session.tsx';
import { useWords } from '../words.ts';

/** To the second and by 24 hours, because staff compare; the day only where it is not today. */
export function When({ at }: { at: string }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  const text = new Intl.DateTimeFormat(locale(), today ? clock : { ...clock, day: '2-digit', month: 'short', year: 'numeric' }).format(
    date,
  );
  return (
    <time dateTime={at} title={at} className="figures">
      {text}
    </time>
  );
}

export function PersonLink({ id, name, portrait, row }: { id: UserId; name: string; portrait?: string | null; row?: string }) {
  return (
    <Link to="/people/$id" params={{ id }} className="person-link" data-row={row}>
      {portrait !== undefined && <Portrait name="" seed={portrait ?? (name || id)} size={24} />}
      {name || id}
    </Link>
  );
}

/** Names for ids that stand in answers alone; an id stays where there is no name. */
export function useNames(ids: readonly UserId[]): (id: UserId) => string {
  const { api } = useSession();
  const wanted = [...new Set(ids)].toSorted().slice(0, 100);
  const names = useQuery({
    queryKey: ['names', wanted],
    enabled: wanted.length > 0,
    staleTime: 60_000,
    placeholderData: (before) => before,
    queryFn: async () => {
      const { items } = await api.call(searchPeople, { query: { ids: wanted.join(',') } });
      return new Map(items.map(({ id, displayName }) => [id, displayName]));
    },
  });
  return (id) => names.data?.get(id) || id;
}

export const figure = (amount: number): string => new Intl.NumberFormat(locale()).format(amount);
/** With its sign, for differences; a true minus. */
export const change = (amount: number): string =>
  new Intl.NumberFormat(locale(), { signDisplay: 'exceptZero' }).format(amount).replace('-', '−');

/** Colour is never alone: the word stands beside it. */
export function StateMark({ state }: { state: CallState | 'draft' | 'published' | 'retired' }) {
  const { t } = useWords();
  return <span className={`state ${state}`}>{t(`state.${state}`)}</span>;
}
