/** Numbers, times and prices in words. */
import type { TFunction } from 'i18next';
import type { Quote, QuotedMeans, Receipt } from '../../worker/protocol/call/call.ts';
import type { Unit, UnitAmount } from '../../worker/protocol/money.ts';
import { payingFor, secondsFor } from '../client/price.ts';
import { locale } from './i18n.ts';

export const amountWords = (t: TFunction, { unit, amount }: UnitAmount): string => t(`unit.${unit}`, { count: amount });

/** Amounts of several units in one phrase; null where there is nothing. */
export function amountsWords(t: TFunction, amounts: readonly UnitAmount[]): string | null {
  const some = amounts.filter(({ amount }) => amount !== 0);
  return some.length === 0 ? null : lists().format(some.map((amount) => amountWords(t, amount)));
}

/** "1 minute 10 seconds"; the two largest parts. */
export function durationWords(t: TFunction, seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    { count: Math.floor(whole / 3600), word: 'time.hours' as const },
    { count: Math.floor((whole % 3600) / 60), word: 'time.minutes' as const },
    { count: whole % 60, word: 'time.seconds' as const },
  ].filter(({ count }) => count > 0);
  const words = parts.slice(0, 2).map(({ count, word }) => t(word, { count }));
  const [a, b] = words;
  if (a === undefined) return t('time.none');
  return b === undefined ? a : t('time.and', { a, b });
}

/** Rounded to what a person can use: whole minutes from two minutes on, else to five seconds. */
export function aboutWords(t: TFunction, seconds: number): string {
  if (seconds >= 120) return durationWords(t, Math.floor(seconds / 60) * 60);
  if (seconds > 30) return durationWords(t, Math.floor(seconds / 5) * 5);
  return durationWords(t, seconds);
}

/** 1:05 or 1:02:07, for a running clock. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** "Tuesday 3:05 PM" this week, with the date before that. */
export function whenWords(at: string, now: number): string {
  const date = new Date(at);
  const thisWeek = now - date.getTime() < 6 * 86_400_000;
  return new Intl.DateTimeFormat(locale(), {
    weekday: 'long',
    hour: 'numeric',
    minute: '2-digit',
    ...(thisWeek ? {} : { day: 'numeric', month: 'long' }),
  }).format(date);
}

/** "Tuesday, 3:00 PM", "today, …" or "tomorrow, …": for what is to come. */
export function comingWords(t: TFunction, at: string, now: number): string {
  const day = (ms: number): string => new Date(ms).toDateString();
  const time = Date.parse(at);
  if (day(time) === day(now)) return t('time.todayAt', { time: timeWords(at) });
  if (day(time) === day(now + 86_400_000)) return t('time.tomorrowAt', { time: timeWords(at) });
  return whenWords(at, now);
}

export const timeWords = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(new Date(at));

/** Making one of these is slow, and every face has a list of languages. One for the language that is spoken. */
function once<Made>(make: (language: string) => Made): () => Made {
  let made: { readonly language: string; readonly value: Made } | null = null;
  return () => {
    const language = locale();
    if (made?.language !== language) made = { language, value: make(language) };
    return made.value;
  };
}

const languageNames = once((language) => new Intl.DisplayNames(language, { type: 'language' }));
const lists = once((language) => new Intl.ListFormat(language));
const numbers = once((language) => new Intl.NumberFormat(language));

export const languageWords = (tags: readonly string[]): string => lists().format(tags.map((tag) => languageNames().of(tag) ?? tag));

export const numberWords = (value: number): string => numbers().format(value);

const everyWords = (t: TFunction, seconds: number): string =>
  seconds === 60 ? t('time.eachMinute') : seconds === 1 ? t('time.eachSecond') : t('time.every', { time: durationWords(t, seconds) });

const unitAmount = (unit: Unit, amount: number): UnitAmount => ({ unit, amount });

/** "500 coins, about 8 minutes": an amount beside what it is worth in talk, where a price is known. */
export function amountAndTimeWords(t: TFunction, amount: UnitAmount, price: Quote | null | undefined): string {
  const coins = amountWords(t, amount);
  if (!price || price.unit !== amount.unit) return coins;
  const seconds = secondsFor(price, amount.amount);
  return seconds === null || seconds === 0 ? coins : t('price.worth', { amount: coins, time: aboutWords(t, seconds) });
}

/** The price on one line: "60 coins a minute". */
export function priceHeadline(t: TFunction, quote: Quote): string {
  if (quote.then)
    return t('price.from', {
      amount: amountWords(t, unitAmount(quote.unit, quote.then.amount)),
      every: everyWords(t, quote.then.everySeconds),
    });
  const sum = quote.checkpoints.reduce((total, { amount }) => total + amount, 0);
  return sum === 0 ? t('price.free') : t('price.once', { amount: amountWords(t, unitAmount(quote.unit, sum)) });
}

/** The whole schedule in words: "9 coins when you are connected, 60 coins after 20 seconds, then 60 coins a minute". */
export function priceWords(t: TFunction, quote: Quote): string {
  const steps = quote.checkpoints.map(({ atSeconds, amount }) => {
    const coins = amountWords(t, unitAmount(quote.unit, amount));
    return atSeconds === 0 ? t('price.start', { amount: coins }) : t('price.then', { amount: coins, time: durationWords(t, atSeconds) });
  });
  // A long list of checkpoints is for the receipt; here its beginning and its rule are enough.
  const told = steps.slice(0, 3);
  if (quote.then)
    told.push(
      t('price.repeat', {
        amount: amountWords(t, unitAmount(quote.unit, quote.then.amount)),
        every: everyWords(t, quote.then.everySeconds),
      }),
    );
  return told.length === 0 ? t('price.free') : told.join(', ');
}

const meansWords = (t: TFunction, quote: Quote, means: QuotedMeans): string => {
  switch (means.is) {
    case 'allowance':
      return t('price.included', { time: aboutWords(t, means.secondsLeft) });
    case 'piece':
      return t('price.rest', { time: aboutWords(t, means.secondsLeft) });
    case 'moments':
      return t('price.moments', { time: durationWords(t, means.secondsEach), left: numberWords(means.left) });
    case 'coins':
      return priceHeadline(t, quote);
  }
};

/** What pays first, on one line: "Included, about 24 minutes left today", "1 moment for 10 minutes, 5 left", "60 coins a minute". */
export function payHeadline(t: TFunction, quote: Quote): string {
  const [first] = payingFor(quote);
  return first ? meansWords(t, quote, first) : t('price.usedUp');
}

/** What comes after that: "then 60 coins a minute", or the whole schedule where coins pay from the beginning. */
export function payWords(t: TFunction, quote: Quote): string {
  const [first, ...others] = payingFor(quote);
  if (first?.is === 'coins') return priceWords(t, quote);
  const rest = others.filter((one) => one.is !== 'coins' || one.left > 0);
  if (rest.length === 0) return t(first?.is === 'moments' || first?.is === 'piece' ? 'price.stops' : 'price.stopsToday');
  return rest.map((one) => t('price.after', { what: meansWords(t, quote, one) })).join(', ');
}

/**
 * What a call took from who paid it, in one phrase: "2 of your 5 moments", "minutes of your plan and 60 coins"; null: nothing
 * at all.
 */
export function paidWords(t: TFunction, receipt: Receipt): string | null {
  const by = new Set(receipt.checkpoints.flatMap(({ party, paidBy }) => (party === 'payer' ? [paidBy] : [])));
  const took = receipt.totals.payer.filter(({ amount }) => amount !== 0);
  const parts = [
    ...(by.has('allowance') ? [t('ended.byPlan')] : []),
    ...(by.has('piece') && !took.some(({ unit }) => unit === 'MOMENT') ? [t('ended.byRest')] : []),
    ...took.map((amount) => takenWords(t, amount, hadOf(receipt, amount.unit))),
  ];
  return parts.length === 0 ? null : lists().format(parts);
}

const takenWords = (t: TFunction, { unit, amount }: UnitAmount, had: number): string =>
  unit === 'MOMENT' && had > 1 ? t('ended.momentsOf', { count: amount, had }) : amountWords(t, { unit, amount });

/** How much of a unit the payer ever had in a call, what was added meanwhile included; 0 where the receipt does not say. */
function hadOf({ checkpoints }: Receipt, unit: Unit): number {
  let most = 0;
  let taken = 0;
  for (const { party, took, had } of checkpoints) {
    if (party !== 'payer' || took?.unit !== unit || typeof had !== 'number') continue;
    most = Math.max(most, had + taken);
    taken += took.amount;
  }
  return most;
}
