/** A call as everyone sees it, over HTTP and sockets alike (calls.md). */
import * as z from 'zod/mini';
import { callId, userId } from '../ids.ts';
import { unit, unitAmount } from '../money.ts';
import { timestamp } from '../time.ts';

export const callMedia = z.enum(['audio', 'video']);
export type CallMedia = z.infer<typeof callMedia>;

export const callKind = z.enum(['direct', 'roulette']);
export type CallKind = z.infer<typeof callKind>;

/** `ended` is final; whether every posting is in is told by `settled`. */
export const callState = z.enum(['placing', 'ringing', 'connecting', 'active', 'reconnecting', 'ended']);
export type CallState = z.infer<typeof callState>;

/** Why a call ended; exactly one, set once. */
export const endReason = z.enum([
  'refused', // never rang: a lock, a block or the balance said no at the last moment
  'declined',
  'busy',
  'no_answer',
  'cancelled', // the caller hung up while it rang
  'connect_failed',
  'hangup',
  'lost',
  'solo',
  'balance_exhausted',
  'billing_unavailable',
  'blocked',
  'moderated',
  'max_duration',
  'provider_failed',
]);
export type EndReason = z.infer<typeof endReason>;

/** Who somebody is in a call. */
export const callParty = z.enum(['caller', 'callee']);
export type CallParty = z.infer<typeof callParty>;

/** Who somebody is to its money. */
export const billingParty = z.enum(['payer', 'payee']);
export type BillingParty = z.infer<typeof billingParty>;

export const call = z.object({
  id: callId,
  state: callState,
  media: callMedia,
  kind: callKind,
  callerId: userId,
  calleeId: userId,
  createdAt: timestamp,
  /** Why it ended; null before. */
  endReason: z.nullable(endReason),
  /** ms that both were connected and proved it. */
  connectedMs: z.int(),
  endedAt: z.nullable(timestamp),
  /** True once ended and nothing is left to post. */
  settled: z.boolean(),
  /** The call this one goes on from. */
  resumes: z.nullable(callId),
});
export type Call = z.infer<typeof call>;

/**
 * Who paid a checkpoint: the payer's coins, their plan's allowance, a `piece` of company, or the house, out of grace
 * or for an outage; what a payee earns comes from the `house`.
 */
export const paidBy = z.enum(['coins', 'allowance', 'piece', 'grace', 'outage', 'house']);
export type PaidBy = z.infer<typeof paidBy>;

export const receiptLine = z.object({
  party: billingParty,
  n: z.int(),
  atSeconds: z.int(),
  unit,
  amount: z.int(),
  paidBy,
  /** What it took from the party's own balance; null where nothing of theirs moved. */
  took: z.optional(z.nullable(unitAmount)),
  /** What they had of that unit right before. */
  had: z.optional(z.nullable(z.int())),
  at: timestamp,
});
export type ReceiptLine = z.infer<typeof receiptLine>;

/**
 * What a call came to. `totals.payer` sums what the payer themself paid: a checkpoint paid by grace, outage, an allowance or a
 * piece that ran already stands in `checkpoints` but takes nothing from them.
 */
export const receipt = z.object({
  callId,
  connectedMs: z.int(),
  settled: z.boolean(),
  checkpoints: z.array(receiptLine),
  totals: z.object({ payer: z.array(unitAmount), payee: z.array(unitAmount) }),
});
export type Receipt = z.infer<typeof receipt>;

export const timelineItem = z.object({
  at: timestamp,
  type: z.string(),
  party: z.optional(callParty),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineItem = z.infer<typeof timelineItem>;

/** What would pay for a call, in the order in which it is spent. */
export const quotedMeans = z.discriminatedUnion('is', [
  /** What the plan includes today. */
  z.object({ is: z.literal('allowance'), plan: z.string(), secondsLeft: z.int(), turnsAt: timestamp }),
  /** What is left of pieces of company with this companion. */
  z.object({ is: z.literal('piece'), secondsLeft: z.int() }),
  /** Moments that are left; one buys so many seconds by the quoted medium. */
  z.object({ is: z.literal('moments'), left: z.int(), secondsEach: z.int() }),
  /** Coins, by the schedule. */
  z.object({ is: z.literal('coins'), left: z.int() }),
]);
export type QuotedMeans = z.infer<typeof quotedMeans>;

/** What a call will cost, before it begins. */
export const quote = z.object({
  tariffId: z.string(),
  unit,
  /** Taken the moment both are connected. */
  firstAmount: z.int(),
  /** Taken again and again after the schedule's own checkpoints; null if nothing repeats. */
  then: z.nullable(z.object({ everySeconds: z.int(), amount: z.int() })),
  /** The schedule's own checkpoints, first to last. */
  checkpoints: z.array(z.object({ atSeconds: z.int(), amount: z.int() })),
  /** Seconds that are paid for already, by a plan's allowance or by moments. */
  includedSeconds: z.optional(z.int()),
  /** What pays, in the order in which it is spent. What a model does not spend is not here. */
  means: z.optional(z.array(quotedMeans)),
  /** How long what the payer has carries, in seconds; null without end. */
  secondsAffordable: z.nullable(z.int()),
});
export type Quote = z.infer<typeof quote>;
