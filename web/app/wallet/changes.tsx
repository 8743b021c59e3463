/** Every change of what one has, newest on top. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { type BalanceEvent, readBalanceEvents } from '../../../worker/protocol/http/me.ts';
import { amountWords, whenWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow, useStore } from '../../ui/use-store.ts';
import en from './locales/en.json';

const SHOWN = 30;

export function Changes() {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const amounts = useStore(live.balance.amounts);
  const events = useQuery({
    queryKey: ['balance-events', amounts],
    placeholderData: (before) => before,
    queryFn: async () => {
      // The list is told oldest first; only its end is kept.
      let last: BalanceEvent[] = [];
      let after: string | undefined;
      for (;;) {
        const { items, cursor } = await api.call(readBalanceEvents, { query: { limit: 100, ...(after === undefined ? {} : { after }) } });
        last = [...last, ...items].slice(-SHOWN);
        if (items.length < 100 || cursor === null || cursor === after) return last.reverse();
        after = cursor;
      }
    },
  });
  return (
    <section className="sheet stack" aria-label={t('shop.changes.title')}>
      <div>
        <h2>{t('shop.changes.title')}</h2>
        <p className="soft">{t('shop.changes.newest')}</p>
      </div>
      {events.isPending && <Waiting />}
      {events.isError && <ProblemNote error={events.error} onRetry={() => void events.refetch()} />}
      {events.data?.length === 0 && <p className="soft">{t('shop.changes.empty')}</p>}
      <ul className="rows">
        {events.data?.map((event) => (
          <li key={event.id}>
            <div className="line">
              <span className="grow">
                {kindWords(t, event.kind)}
                <br />
                <span className="soft">{whenWords(event.at, now)}</span>
              </span>
              <span className="number">
                {event.amount > 0 ? '+' : event.amount < 0 ? '−' : ''}
                {amountWords(t, { unit: event.unit, amount: Math.abs(event.amount) })}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Kind = keyof typeof en.shop.changes.kind;
const isKind = (kind: string): kind is Kind => kind in en.shop.changes.kind;

const kindWords = (t: TFunction, kind: string): string => t(`shop.changes.kind.${isKind(kind) ? kind : 'other'}`);
