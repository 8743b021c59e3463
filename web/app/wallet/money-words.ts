/** Prices, offers and cards in plain words. */
import type { TFunction } from 'i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import type { Intent, Offer, SavedCard } from '../../../worker/protocol/http/shop.ts';
import { secondsFor } from '../../client/price.ts';
import { aboutWords, amountWords, comingWords, durationWords } from '../../ui/format.ts';
import { locale } from '../../ui/i18n.ts';

export interface Money {
  /** In the currency's smallest unit. */
  readonly amount: number;
  readonly currency: string;
}

/** "€12.99", as the reader's language writes it; whole amounts without their zeros where `round`. */
export function moneyWords({ amount, currency }: Money, { round = false } = {}): string {
  const format = new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency,
    ...(round ? { trailingZeroDisplay: 'stripIfInteger' } : {}),
  });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** "November 26, 2026", where the year matters. */
export const dayWords = (at: string): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(at));

/** "today, 3:00 PM", "Tuesday 3:00 PM"; the whole date of what is further away. */
export const untilWords = (t: TFunction, at: string, now: number): string =>
  Date.parse(at) - now > 6 * 86_400_000 ? dayWords(at) : comingWords(t, at, now);

/** A plan's name as people read it; of one that is not sold here only its short name is known. */
export const planNameOf = (plan: string, offers: readonly Offer[] | undefined): string =>
  offers?.find((offer) => offer.plan?.id === plan)?.plan?.name ?? plan.charAt(0).toUpperCase() + plan.slice(1);

/** "300 coins", "15 moments", "Plus". */
export function offerTitle(t: TFunction, { kind, amount, plan }: Pick<Offer, 'kind' | 'amount' | 'plan'>): string {
  if (kind === 'plan') return plan?.name ?? t('shop.plan');
  return amountWords(t, { unit: kind === 'coins' ? 'COIN' : 'MOMENT', amount: amount ?? 0 });
}

/** The same of something that was bought: "300 coins", "the plan Plus". */
export function boughtTitle(t: TFunction, { kind, amount, plan }: Intent['product'], offers?: readonly Offer[]): string {
  if (kind === 'plan') return t('shop.planNamed', { plan: plan === null ? '' : planNameOf(plan, offers) });
  return amountWords(t, { unit: kind === 'coins' ? 'COIN' : 'MOMENT', amount: amount ?? 0 });
}

/** What an offer is worth in company: "about 5 minutes of talk by voice"; null where no price is known. */
export function offerMeaning(t: TFunction, offer: Offer, price: Quote | null): string | null {
  if (offer.plan) {
    const minutes = durationWords(t, offer.plan.dailySeconds);
    return offer.plan.dailyMessages > 0
      ? t('shop.planDaily', { time: minutes, count: offer.plan.dailyMessages })
      : t('shop.planDailyTalk', { time: minutes });
  }
  if (offer.kind === 'moments') {
    const each = price?.means?.find((mean) => mean.is === 'moments');
    return each ? t('shop.momentEach', { time: durationWords(t, each.secondsEach) }) : null;
  }
  const seconds = price?.unit === 'COIN' && offer.amount !== null ? secondsFor(price, offer.amount) : null;
  return seconds === null ? null : t('shop.coinsWorth', { time: aboutWords(t, seconds) });
}

/** "€12.99", "€19.99 a month". */
export function offerPrice(t: TFunction, { price, period }: Pick<Offer, 'price' | 'period'>): string {
  const money = moneyWords(price);
  return period === null ? money : t(`shop.per.${period}`, { money });
}

/** "Visa ending in 4242". */
export const cardWords = (t: TFunction, { brand, last4 }: SavedCard): string =>
  t('shop.card', { brand: brand.charAt(0).toUpperCase() + brand.slice(1), last4 });
