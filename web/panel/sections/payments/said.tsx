/** Events of payments in words: how one stands, and why. */
import type { WirePaymentEvent } from '../../../../worker/protocol/http/payment-events.ts';
import { type StaffWords, useWords, wordFor } from '../../words.ts';

type Standing = Pick<WirePaymentEvent, 'state' | 'reason'>;

/** “its product is none of ours: coins_9000”; the source's own words stand behind a colon. */
export function reasonWords(t: StaffWords, reason: string): string {
  const at = reason.indexOf(':');
  const name = at < 0 ? reason : reason.slice(0, at);
  const own = at < 0 ? '' : reason.slice(at + 1).trim();
  const said = wordFor(t, `payments.reason.${name}`, name);
  return own === '' ? said : `${said}: ${own}`;
}

/** What no source tells of money is nothing of ours; what it was stands in the reason. */
export function kindWords(t: StaffWords, { fact, state }: Pick<WirePaymentEvent, 'fact' | 'state'>): string {
  if (fact !== null) return t(`payments.kind.${fact.kind}`);
  return t(state === 'nothing' ? 'payments.other' : 'payments.unread');
}

export function EventMark({ state }: Pick<Standing, 'state'>) {
  const { t } = useWords();
  return <span className={`state event-${state}`}>{t(`payments.state.${state}`)}</span>;
}

export const userIdIn = (text: string | undefined) => (/^usr_[0-9a-z]{26}$/.test(text ?? '') ? (text as `usr_${string}`) : undefined);
