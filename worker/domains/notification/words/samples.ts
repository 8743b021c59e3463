/** Facts that are made up, so that staff see words as a reader would: names and times as they come, neither short nor long. */
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import type { FactsOf, MissedCall, NoticeKind } from './kinds.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const callers = ['Grace', 'Bartholomew Featherstone', 'Hugo'];
const announcements = {
  en: {
    title: 'A new afternoon for music',
    text: 'From Monday on, Iris plays the piano at three o’clock. Everybody may listen, and it costs nothing.',
  },
  de: {
    title: 'Ein neuer Nachmittag mit Musik',
    text: 'Ab Montag spielt Iris um drei Uhr Klavier. Alle dürfen zuhören, und es kostet nichts.',
  },
} as const satisfies Record<AppLanguage, FactsOf<'announcement'>>;

const purchases = {
  en: { what: '300 coins', price: '€12.99' },
  de: { what: '300 Münzen', price: '12,99 €' },
} as const;

const missed = (count: number, now: number): MissedCall[] =>
  Array.from({ length: count }, (_, n) => ({
    name: callers[n % callers.length] ?? '',
    at: now - (n + 1) * 5 * HOUR_MS,
    link: `/go/call-back/usr_${String(n).padStart(26, '0')}`,
  }));

/** @param asked.count for kinds that count @param asked.now ms since the epoch */
export function sampleFacts(kind: NoticeKind, asked: { language: AppLanguage; count: number; now: number }): FactsOf<NoticeKind> {
  const { language, count, now } = asked;
  const earlier = now - 20 * MINUTE_MS;
  const samples: { readonly [K in NoticeKind]: FactsOf<K> } = {
    otp: { code: '123456', minutes: 10 },
    'security.sign_in': { device: 'Chrome, Windows', at: earlier },
    'call.missed': { name: 'Grace', at: earlier },
    'call.missed_digest': { calls: missed(count, now) },
    'chat.message': { name: 'Grace', count },
    announcement: announcements[language],
    'case.decided': { at: now - 30 * HOUR_MS },
    'purchase.receipt': { ...purchases[language], number: 'pur_01kb0000000000000000000000', at: earlier },
    'purchase.refunded': { ...purchases[language], number: 'pur_01kb0000000000000000000000', at: earlier },
    'top_up.stopped': { at: earlier },
    'job.failed': { job: 'balance.seal', at: earlier },
    'job.healed': { job: 'balance.seal', at: earlier },
  };
  return samples[kind];
}
