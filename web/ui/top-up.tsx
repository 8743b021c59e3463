/** Adding coins. Only on a developer's desk for now, and it says so. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../worker/protocol/call/call.ts';
import { topUp } from '../../worker/protocol/http/me.ts';
import { secondsFor } from '../client/price.ts';
import { Button } from './button.tsx';
import { aboutWords, amountWords } from './format.ts';
import { useLocal } from './local.ts';
import { ProblemNote } from './problem-note.tsx';
import { useSession } from './session.tsx';

const AMOUNTS = [100, 300, 600] as const;

/** @param price what a call costs here, so that time can stand beside the coins */
export function TopUp({ price, onAdded }: { price?: Quote | null; onAdded?: () => void }) {
  const { api, live } = useSession();
  const local = useLocal();
  const { t } = useTranslation();
  const [busy, setBusy] = useState<number | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);

  if (local === null) return null;
  if (!local) return <p>{t('wallet.notHere')}</p>;
  const add = async (amount: number): Promise<void> => {
    setBusy(amount);
    setError(null);
    setDone(null);
    try {
      const { balances } = await api.call(topUp, { body: { amount } });
      const total = balances.find(({ unit }) => unit === 'COIN')?.amount ?? amount;
      setDone(
        t('wallet.added', { amount: amountWords(t, { unit: 'COIN', amount }), total: amountWords(t, { unit: 'COIN', amount: total }) }),
      );
      void live.balance.catchUp();
      onAdded?.();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className="stack">
      <p className="soft">{t('wallet.addLead')}</p>
      <div className="row top-ups">
        {AMOUNTS.map((amount) => (
          <Button key={amount} variant="default" loading={busy === amount} disabled={busy !== null} onClick={() => void add(amount)}>
            <span className="top-up">
              {t('wallet.addAmount', { amount: amountWords(t, { unit: 'COIN', amount }) })}
              <TimeWorth price={price ?? null} amount={amount} />
            </span>
          </Button>
        ))}
      </div>
      <p role="status">{done}</p>
      {error !== null && <ProblemNote error={error} />}
    </div>
  );
}

function TimeWorth({ price, amount }: { price: Quote | null; amount: number }) {
  const { t } = useTranslation();
  const seconds = price?.unit === 'COIN' ? secondsFor(price, amount) : null;
  return seconds === null ? null : <small>{t('price.about', { time: aboutWords(t, seconds) })}</small>;
}
