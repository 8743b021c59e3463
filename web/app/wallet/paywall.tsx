/**
 * Offers where somebody stands: before a first talk, when little is left in a call, when a day's time is used, or by a
 * link. What there is to do besides buying is always as large.
 */
import './wallet.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import type { Placement } from '../../../worker/protocol/http/shop.ts';
import { durationWords } from '../../ui/format.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow } from '../../ui/use-store.ts';
import { pricingModelOf, useMeans, usePaywall, useShop } from './asking.ts';
import { Buying } from './buying.tsx';
import { untilWords } from './money-words.ts';
import { shopWords } from './words.ts';

await shopWords;

export interface PaywallProps {
  readonly placement: Placement;
  /** Of the place `link`: which one it names. */
  readonly offer?: string;
  readonly price: Quote | null;
  readonly backTo: string;
  readonly inCall?: boolean;
  /** It is for writing: a day's messages count, not its time. */
  readonly writing?: boolean;
  /** The heading stands around it already. */
  readonly untitled?: boolean;
  /** What there is to do besides buying. */
  readonly notNow: ReactNode;
}

export function Paywall({ placement, offer, price, backTo, inCall = false, writing = false, untitled = false, notNow }: PaywallProps) {
  const { me } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const paywall = usePaywall(placement, offer);
  const shop = useShop();
  const means = useMeans();
  const model = pricingModelOf(me.monetizationVersion);
  const day = means.data?.means.find((mean) => mean.is === 'allowance');
  const usedUp = day && (writing ? day.messages > 0 && day.messagesLeft === 0 : day.seconds > 0 && day.secondsLeft === 0);
  const used = usedUp ? day : null;
  const title = used
    ? writing
      ? t('shop.paywall.usedMessages', { count: used.messages })
      : t('shop.paywall.usedTitle', { time: durationWords(t, used.seconds) })
    : t(`shop.paywall.title.${placement}`);
  const lead = used
    ? t('shop.paywall.usedLead', { when: untilWords(t, used.turnsAt, now) })
    : placement === 'limit_reached'
      ? t('shop.paywall.lead.link')
      : placement === 'before_first_call'
        ? t(`shop.paywall.before.${model}`)
        : t(`shop.paywall.lead.${writing && placement === 'balance_low' ? 'writing' : placement}`);
  const shown = paywall.data ?? (shop.data ? { layout: 'list' as const, offers: shop.data.offers } : null);
  const offers = shown?.offers ?? [];
  const single =
    shown?.layout === 'single'
      ? [offers.find((one) => 'highlighted' in one && one.highlighted) ?? offers[0]].filter((one) => one !== undefined)
      : offers;
  // A plan beside the one that somebody has would be paid twice: it is changed where they see what they have.
  const hasPlan = shop.data?.offers.some(({ current }) => current) ?? false;
  const open = single.filter(({ kind }) => !(hasPlan && kind === 'plan'));
  return (
    <section className="stack paywall" aria-label={title}>
      <div className="stack-tight">
        {!untitled && <h2>{title}</h2>}
        {untitled && used && <p className="lead-line">{title}</p>}
        <p>{lead}</p>
      </div>
      {paywall.isPending || shop.isPending ? (
        <Waiting />
      ) : paywall.isError ? (
        <ProblemNote error={paywall.error} onRetry={() => void paywall.refetch()} />
      ) : open.length === 0 ? (
        <>
          <p>{t('shop.paywall.nothing')}</p>
          {hasPlan && <ButtonLink to="/wallet">{t('shop.toWallet')}</ButtonLink>}
          {notNow}
        </>
      ) : (
        <Buying
          offers={open}
          layout={shown?.layout ?? 'list'}
          placement={paywall.data ? placement : null}
          price={price}
          backTo={backTo}
          inCall={inCall}
          done={notNow}
        />
      )}
    </section>
  );
}
