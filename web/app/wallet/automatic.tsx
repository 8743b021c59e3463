/** Coins that are bought by themselves when few are left: which, when, and how much in a month at most. Off until chosen. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import { type Automatic, type Offer, type SavedCard, setAutomatic } from '../../../worker/protocol/http/shop.ts';
import { Button } from '../../ui/button.tsx';
import { amountAndTimeWords, amountWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Picks } from '../picks.tsx';
import { useAutomatic, useCards } from './asking.ts';
import { cardWords, moneyWords, offerTitle } from './money-words.ts';
import { BuyingProblem } from './problem.tsx';

const thresholds = [30, 60, 120] as const;
/** In the currency's smallest unit. */
const caps = [2_500, 5_000, 10_000] as const;

export interface AutomaticProps {
  /** Packs of coins that are sold now. */
  readonly offers: readonly Offer[];
  readonly price: Quote | null;
}

export function AutomaticTopUp({ offers, price }: AutomaticProps) {
  const { t } = useTranslation();
  const set = useAutomatic();
  const cards = useCards();
  const [open, setOpen] = useState(false);
  const [newest] = cards.data ?? [];
  return (
    <section className="sheet stack" aria-label={t('shop.automatic.title')}>
      <div className="stack-tight">
        <h2>{t('shop.automatic.title')}</h2>
        <p className="soft">{t('shop.automatic.lead')}</p>
      </div>
      {set.isPending || cards.isPending ? (
        <Waiting />
      ) : set.isError ? (
        <ProblemNote error={set.error} onRetry={() => void set.refetch()} />
      ) : (
        <>
          {set.data?.stopped && !set.data.on && <p className="note warn">{t('shop.automatic.stopped')}</p>}
          {newest === undefined && !set.data?.on ? (
            <p>{t('shop.automatic.noCard')}</p>
          ) : open ? (
            <Choose set={set.data} offers={offers} price={price} card={newest ?? null} onDone={() => setOpen(false)} />
          ) : (
            <Standing set={set.data} offers={offers} onOpen={() => setOpen(true)} />
          )}
        </>
      )}
    </section>
  );
}

function useSetAutomatic() {
  const { api } = useSession();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = async (wish: Pick<Automatic, 'priceId' | 'threshold' | 'monthlyCap' | 'on'>, onDone?: () => void): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { automatic } = await api.call(setAutomatic, { body: wish });
      queries.setQueryData(['automatic'], automatic);
      onDone?.();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { change, busy, error };
}

function Standing({ set, offers, onOpen }: { set: Automatic | null; offers: readonly Offer[]; onOpen: () => void }) {
  const { t } = useTranslation();
  const { change, busy, error } = useSetAutomatic();
  const offer = offers.find(({ priceId }) => priceId === set?.priceId);
  return (
    <>
      <p role="status">
        {set?.on
          ? t('shop.automatic.isOn', {
              threshold: amountWords(t, { unit: 'COIN', amount: set.threshold }),
              what: offer ? offerTitle(t, offer) : t('shop.automatic.coins'),
              money: offer ? moneyWords(offer.price) : '',
              cap: moneyWords(
                { amount: set.monthlyCap, currency: offer?.price.currency ?? offers[0]?.price.currency ?? 'EUR' },
                { round: true },
              ),
            })
          : t('shop.automatic.isOff')}
      </p>
      {error !== null && <BuyingProblem error={error} />}
      <div className="row">
        <Button variant="default" onClick={onOpen}>
          {t(set?.on ? 'shop.automatic.change' : 'shop.automatic.turnOn')}
        </Button>
        {set?.on && (
          <Button variant="default" loading={busy} onClick={() => void change({ ...pick(set), on: false })}>
            {t('shop.automatic.turnOff')}
          </Button>
        )}
      </div>
    </>
  );
}

const pick = ({ priceId, threshold, monthlyCap }: Automatic): Pick<Automatic, 'priceId' | 'threshold' | 'monthlyCap'> => ({
  priceId,
  threshold,
  monthlyCap,
});

function Choose({
  set,
  offers,
  price,
  card,
  onDone,
}: AutomaticProps & { set: Automatic | null; card: SavedCard | null; onDone: () => void }) {
  const { t } = useTranslation();
  const { change, busy, error } = useSetAutomatic();
  const [priceId, setPriceId] = useState(offers.find((offer) => offer.priceId === set?.priceId)?.priceId ?? offers[0]?.priceId);
  const [threshold, setThreshold] = useState<number>(set?.threshold ?? 60);
  const [cap, setCap] = useState<number>(set?.monthlyCap ?? 5_000);
  const offer = offers.find((one) => one.priceId === priceId);
  if (!offer || priceId === undefined) return <p>{t('shop.automatic.nothingSold')}</p>;
  const { currency } = offer.price;
  const withOwn = (usual: readonly number[], own: number): number[] => [...new Set([...usual, own])].sort((a, b) => a - b);
  return (
    <div className="stack">
      <div className="stack-tight">
        <p className="field-label">{t('shop.automatic.when')}</p>
        <Picks
          label={t('shop.automatic.when')}
          options={withOwn(thresholds, threshold).map((coins) => [
            String(coins),
            t('shop.automatic.fewer', { amount: amountAndTimeWords(t, { unit: 'COIN', amount: coins }, price) }),
          ])}
          picked={[String(threshold)]}
          onPick={(value) => setThreshold(Number(value))}
        />
      </div>
      <div className="stack-tight">
        <p className="field-label">{t('shop.automatic.what')}</p>
        <Picks
          label={t('shop.automatic.what')}
          options={offers.map((one) => [one.priceId, t('shop.automatic.pack', { what: offerTitle(t, one), money: moneyWords(one.price) })])}
          picked={[priceId]}
          onPick={setPriceId}
        />
      </div>
      <div className="stack-tight">
        <p className="field-label">{t('shop.automatic.most')}</p>
        <Picks
          label={t('shop.automatic.most')}
          options={withOwn(caps, cap).map((amount) => [
            String(amount),
            t('shop.automatic.mostInMonth', { money: moneyWords({ amount, currency }, { round: true }) }),
          ])}
          picked={[String(cap)]}
          onPick={(value) => setCap(Number(value))}
        />
      </div>
      {cap < offer.price.amount && <p className="note warn">{t('shop.automatic.capTooLow')}</p>}
      {card && <p>{t('shop.automatic.card', { card: cardWords(t, card) })}</p>}
      {error !== null && <BuyingProblem error={error} />}
      <div className="row">
        <Button
          loading={busy}
          disabled={cap < offer.price.amount}
          onClick={() => void change({ priceId, threshold, monthlyCap: cap, on: true }, onDone)}
        >
          {t('shop.automatic.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('shop.notNow')}
        </Button>
      </div>
    </div>
  );
}
