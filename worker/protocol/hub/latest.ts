/** Frames where the latest wins: lost ones are replaced by the next, or read again over HTTP. */
import * as z from 'zod/mini';
import { call } from '../call/call.ts';
import { userId } from '../ids.ts';
import { unit } from '../money.ts';
import { presenceState } from '../people.ts';

/** A call of this person changed: answered elsewhere, cancelled, ended. */
export const callUpdated = z.object({ type: z.literal('call.updated'), call });

/**
 * The balance moved. `prevEventId` names the event before it of the same unit; whoever does not have that one reads
 * `GET /me/balance/events`.
 */
export const balanceChanged = z.object({
  type: z.literal('balance.changed'),
  unit,
  /** The balance now. */
  amount: z.int(),
  /** What this event added or took. */
  delta: z.int(),
  eventId: z.string(),
  prevEventId: z.nullable(z.string()),
});
export type BalanceChanged = z.infer<typeof balanceChanged>;

/** Somebody in view of this person came, left, or is in a call. */
export const presenceChanged = z.object({
  type: z.literal('presence.changed'),
  userId,
  presence: presenceState,
  /** True where a call could be placed now. */
  available: z.boolean(),
});
export type PresenceChanged = z.infer<typeof presenceChanged>;
