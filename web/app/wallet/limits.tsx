/** Limits that somebody sets for themselves: so much in a week at most, and a pause from buying. The database keeps them. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { pauseSpending, setSpendingCap, type spending } from '../../../worker/protocol/http/shop.ts';
import { Button } from '../../ui/button.tsx';
import { comingWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow } from '../../ui/use-store.ts';
import { Picks } from '../picks.tsx';
import { useSpending } from './asking.ts';
import { moneyWords, untilWords } from './money-words.ts';
import { BuyingProblem } from './problem.tsx';

type Spending = z.infer<typeof spending>;

/** In the currency's smallest unit. */
const caps = [1_000, 2_500, 5_000, 10_000] as const;
const pauses = [1, 7, 30] as const;
const NONE = 'none';

export function Limits({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const read = useSpending();
  return (
    <section className="sheet stack" aria-label={t('shop.limits.title')}>
      <div className="stack-tight">
        <h2>{t('shop.limits.title')}</h2>
        <p className="soft">{t('shop.limits.lead')}</p>
      </div>
      {read.isPending && <Waiting />}
      {read.isError && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.data && (
        <>
          <WeeklyCap spending={read.data} currency={currency} />
          <Pause spending={read.data} />
        </>
      )}
    </section>
  );
}

function useLimit() {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = async (ask: () => Promise<{ spending: Spending }>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      queries.setQueryData(['spending'], (await ask()).spending);
    } catch (thrown) {
      setError(thrown);
      // What stands may be another thing than was shown.
      void queries.invalidateQueries({ queryKey: ['spending'] });
    } finally {
      setBusy(false);
    }
  };
  return { change, busy, error };
}

function WeeklyCap({ spending: { weeklyCap, next, spent }, currency }: { spending: Spending; currency: string }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { change, busy, error } = useLimit();
  const money = (amount: number): string => moneyWords({ amount, currency }, { round: true });
  const known = [...new Set([...caps, ...(weeklyCap === null ? [] : [weeklyCap]), ...(next?.weeklyCap ? [next.weeklyCap] : [])])];
  const wished = next ? next.weeklyCap : weeklyCap;
  return (
    <div className="stack-tight">
      <h3>{t('shop.limits.week')}</h3>
      <p role="status">
        {weeklyCap === null
          ? t('shop.limits.noCap', { spent: moneyWords({ amount: spent, currency }) })
          : t('shop.limits.cap', { cap: money(weeklyCap), spent: moneyWords({ amount: spent, currency }) })}
        {next &&
          ` ${t(next.weeklyCap === null ? 'shop.limits.noneFrom' : 'shop.limits.from', {
            cap: next.weeklyCap === null ? '' : money(next.weeklyCap),
            when: comingWords(t, next.from, now),
          })}`}
      </p>
      <Picks
        label={t('shop.limits.week')}
        options={[
          ...known
            .sort((a, b) => a - b)
            .map((amount): [string, string] => [String(amount), t('shop.limits.atMost', { money: money(amount) })]),
          [NONE, t('shop.limits.none')],
        ]}
        picked={[wished === null ? NONE : String(wished)]}
        onPick={(value) => {
          if (!busy) void change(() => api.call(setSpendingCap, { body: { weeklyCap: value === NONE ? null : Number(value) } }));
        }}
      />
      <p className="soft">{t('shop.limits.when')}</p>
      {error !== null && <BuyingProblem error={error} />}
    </div>
  );
}

function Pause({ spending: { pausedUntil } }: { spending: Spending }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { change, busy, error } = useLimit();
  const [days, setDays] = useState<number | null>(null);
  return (
    <div className="stack-tight">
      <h3>{t('shop.limits.pause')}</h3>
      <p role="status">
        {pausedUntil === null ? t('shop.limits.pauseLead') : t('shop.limits.paused', { when: untilWords(t, pausedUntil, now) })}
      </p>
      {days === null ? (
        <Picks
          label={t('shop.limits.pause')}
          options={pauses.map((each) => [String(each), t('shop.limits.days', { count: each })])}
          picked={[]}
          onPick={(value) => setDays(Number(value))}
        />
      ) : (
        <div className="note warn">
          <p className="note-text">{t('shop.limits.pauseAsk', { days: t('shop.limits.days', { count: days }) })}</p>
          <div className="row">
            <Button loading={busy} onClick={() => void change(() => api.call(pauseSpending, { body: { days } })).then(() => setDays(null))}>
              {t('shop.limits.pauseNow')}
            </Button>
            <Button variant="default" onClick={() => setDays(null)}>
              {t('shop.notNow')}
            </Button>
          </div>
        </div>
      )}
      {error !== null && <BuyingProblem error={error} />}
    </div>
  );
}
