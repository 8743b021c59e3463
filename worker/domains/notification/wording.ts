/** From the facts a hub keeps to those that words are made of: ids become names, moments numbers. */
import type { Context } from '../../platform/context.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { UserId } from '../../protocol/ids.ts';
import { formatLink } from '../../protocol/links.ts';
import type { NotificationKind } from '../../protocol/notification.ts';
import { cardsOf } from '../profile/service.ts';
import type { Facts } from './kinds.ts';
import { type FactsOf, isFact, isNoticeKind, kindOf, type MissedCall, type NoticeKind } from './words/kinds.ts';

const somebody: Readonly<Record<AppLanguage, string>> = { en: 'Somebody', de: 'Jemand' };
const someDevice: Readonly<Record<AppLanguage, string>> = { en: 'a device that gave no name', de: 'einem Gerät ohne Namen' };

interface Person {
  readonly id: UserId;
  readonly displayName: string;
}
const from = (facts: Facts): Person | undefined => facts.from as Person | undefined;
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value.trim() !== '' ? value : otherwise);
const moment = (value: unknown): number => (typeof value === 'number' ? value : Date.parse(String(value)));

/** The kind under which it has words. @throws Error for a ring, which a device words itself */
export function saidAs(kind: NotificationKind): NoticeKind {
  if (!isNoticeKind(kind)) throw new Error(`there are no words of ${kind}`);
  return kind;
}

/** “€12.99”, of its smallest unit. */
function moneyWords(amount: number, currency: string, language: AppLanguage): string {
  if (!/^[A-Z]{3}$/.test(currency)) return '';
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  // Not every currency has cents.
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const packs: Readonly<Record<AppLanguage, Readonly<Record<string, readonly [one: string, other: string]>>>> = {
  en: { coins: ['coin', 'coins'], moments: ['moment', 'moments'], month: ['one month', 'months'], year: ['one year', 'years'] },
  de: { coins: ['Münze', 'Münzen'], moments: ['Moment', 'Momente'], month: ['ein Monat', 'Monate'], year: ['ein Jahr', 'Jahre'] },
};

/** “300 coins”; “Plus, one month”. */
function boughtWords({ kind, granted, plan, period }: Facts, language: AppLanguage): string {
  const words = packs[language];
  if (kind === 'plan') return [text(plan, ''), words[String(period)]?.[0]].filter(Boolean).join(', ');
  const count = Number(granted);
  return `${new Intl.NumberFormat(language).format(count)} ${words[String(kind)]?.[count === 1 ? 0 : 1] ?? ''}`;
}

/** The kind of the mail that tells it. */
export const mailKind = (kind: NotificationKind): NoticeKind => (kind === 'call.missed' ? 'call.missed_digest' : saidAs(kind));

/** What there is to say of a notification, in the shape its words ask for. */
export async function factsFor(ctx: Context, kind: NotificationKind, facts: Facts, language: AppLanguage): Promise<FactsOf<NoticeKind>> {
  switch (kind) {
    case 'call.incoming':
      return { name: text(from(facts)?.displayName, somebody[language]) };
    case 'call.missed':
      return { name: text(from(facts)?.displayName, somebody[language]), at: moment(facts.at) };
    case 'chat.message': {
      const peer = facts.peerId as UserId | null;
      const card = peer === null ? undefined : (await cardsOf(ctx, [peer])).get(peer);
      return { name: text(card?.displayName, somebody[language]), count: Number(facts.unread) };
    }
    case 'security.sign_in':
      return { device: text(facts.device, someDevice[language]), at: moment(facts.at) };
    case 'announcement':
      return { title: text(facts.title, ''), text: text(facts.text, '') };
    case 'case.decided':
      return { at: moment(facts.at) };
    case 'purchase.receipt':
    case 'purchase.refunded':
      return {
        what: boughtWords(facts, language),
        price: moneyWords(Number(facts.amount), text(facts.currency, ''), language),
        number: text(facts.paymentId, ''),
        at: moment(facts.at),
      };
    case 'top_up.stopped':
      return { at: moment(facts.at) };
    case 'job.failed':
    case 'job.healed':
      return { job: text(facts.job, ''), at: moment(facts.at) };
  }
}

/** The first fact that is missing or no such thing, as words see it; null: it can be said. What lacks one is never said. */
export const wrongFact = (kind: NoticeKind, facts: FactsOf<NoticeKind>): string | null =>
  Object.entries(kindOf(kind).facts).find(([name, type]) => !isFact(type, (facts as Record<string, unknown>)[name]))?.[0] ?? null;

/** Missed calls as lines of a list, each with the way to ring back. */
export const callsOf = (missed: readonly Facts[], language: AppLanguage): MissedCall[] =>
  missed.map((facts) => {
    const caller = from(facts);
    return {
      name: text(caller?.displayName, somebody[language]),
      at: moment(facts.at),
      link: caller ? formatLink({ kind: 'call-back', id: caller.id }) : formatLink({ kind: 'missed' }),
    };
  });
