/** What the messengers' events have in common. */
import * as z from 'zod/mini';
import { userId } from '../../protocol/ids.ts';
import type { CustomerRef, CustomerRefKind, Interpretation, PaymentEvent } from './payment-event.ts';

export const nothing = (why: string): Interpretation => ({ outcome: 'nothing', why });
export const unreadable = (why: string): Interpretation => ({ outcome: 'unreadable', why });
export const later = (why: string): Interpretation => ({ outcome: 'later', why });
export const told = (event: PaymentEvent): Interpretation => ({ outcome: 'event', event });

/** Names of somebody, without those that are not said. */
export const refs = (...said: readonly (readonly [CustomerRefKind, unknown])[]): CustomerRef[] =>
  said.flatMap(([kind, value]) => (typeof value === 'string' && value !== '' ? [{ kind, value }] : []));

/** Our own id, where a text is one. */
export const ourUser = (value: unknown): string | null => {
  const read = z.safeParse(userId, value);
  return read.success ? read.data : null;
};

/** A moment in ISO 8601, also with an offset without its colon (`+0000`); null where it is none. ms since the epoch. */
export function momentOf(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const at = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at) ? null : at;
}

/** What was wrong with an object, in one line that says no value. */
export const issueOf = (error: z.core.$ZodError): string =>
  error.issues.map(({ path, code }) => `${path.join('.') || 'the whole'}: ${code}`).join(', ');
