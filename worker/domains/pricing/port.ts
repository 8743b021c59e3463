/**
 * The port between a call and its money. `CallSession` and chat know nothing else of pricing: a new model is a module
 * that implements `PricingModel` and one line in the router (money.md, "Three pricing models at once").
 */

import type { Context } from '../../platform/context.ts';
import type { CallMedia, PaidBy, QuotedMeans } from '../../protocol/call/call.ts';
import type { CallId, ChatId, PostingId, TariffId, UserId } from '../../protocol/ids.ts';
import type { OwnMeans } from '../../protocol/means.ts';
import type { Unit, UnitAmount } from '../../protocol/money.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { Owner } from '../balance/service.ts';
import type { Pace } from '../moments/rules.ts';

/** Whose ledger a posting goes to: a person, and the index of their `LEDGER_n`. */
export type { Owner };

/** One party's checkpoint that has fallen due, as the meter found it. */
export interface DueCheckpoint {
  /** 0-based index in that party's own schedule, repeats counted on. */
  readonly n: number;
  readonly unit: Unit;
  readonly amount: number;
}

/**
 * What falls due at one connected second: the payer's checkpoint, the payee's, or both. Posted together: no payee
 * posting lacks its payer (or grace) posting.
 */
export interface ChargeOrder {
  /** The first call of a chain of resumed ones: its id is in the posting keys `call:<callId>:<party>:<n>`. */
  readonly callId: CallId;
  readonly payer: Owner;
  readonly payee: Owner;
  readonly tariffId: TariffId;
  /** Connected second that both parties proved. */
  readonly atSeconds: number;
  readonly payerCheckpoint: DueCheckpoint | null;
  /** Connected seconds that the payer's checkpoint covers (`coveredSeconds`). */
  readonly coversSeconds: number;
  readonly media: CallMedia;
  readonly payeeCheckpoint: DueCheckpoint | null;
  /** The tariff's daily limit where the house may carry a checkpoint the payer can't; null where it may not. */
  readonly grace: { readonly perDay: number } | null;
  /** True after `billing_unavailable`: what the payer can't pay any more the house pays as kind `outage`. */
  readonly outage: boolean;
  /** When the checkpoint fell due, ms since the epoch. */
  readonly eventAt: number;
}

export interface PostedCheckpoint {
  readonly party: 'payer' | 'payee';
  readonly n: number;
  readonly atSeconds: number;
  readonly unit: Unit;
  readonly amount: number;
  readonly paidBy: PaidBy;
  /** What it took from the owner's own balance; null where nothing of theirs moved (grace, an allowance, a piece that ran). */
  readonly took: UnitAmount | null;
  /** What they had of that unit right before; null where nothing of theirs moved. */
  readonly had: number | null;
  /** Null where it is on its way through the other shard's outbox. */
  readonly postingId: PostingId | null;
  /** The owner's balance after it; null where it is on its way through the other shard's outbox. */
  readonly balance: number | null;
  /** When it was posted, ms since the epoch. */
  readonly at: number;
}

export type ChargeAnswer =
  | { readonly outcome: 'posted'; readonly items: readonly PostedCheckpoint[] }
  /**
   * Nothing was posted and nothing will be: no means was left, or (a bug, logged) the books hold another amount for this
   * checkpoint.
   */
  | { readonly outcome: 'refused'; readonly reason: 'insufficient_funds' | 'grace_used_up' | 'idempotency_conflict' }
  /** It may or may not have been posted; repeat the same order until it is known. */
  | { readonly outcome: 'unknown' };

/** Who would pay for a call with whom, and by which medium. */
export interface MeansOrder {
  readonly payer: Owner;
  /** Null: nobody in particular; then a piece that runs with one companion does not count. */
  readonly payeeId: UserId | null;
  readonly media: CallMedia;
  /** Left out: the call begins with a checkpoint, and none covers longer than another. */
  readonly pace?: Pace;
}

/**
 * What pays for a call, first to last: seconds that are paid for already (an allowance, pieces and moments), then coins.
 * It drives quotes and warnings alone: whether a checkpoint can be paid is decided by the ledger.
 */
export interface Means {
  readonly seconds: number;
  /** In the tariff's unit; 0 where the model does not spend it. */
  readonly amount: number;
  /**
   * From then on it may be other than this by itself (ms): the day turns, or a plan ends. Null: nothing of the kind is known,
   * whatever expires before its turn comes is not counted.
   */
  readonly until: number | null;
  /** The same in the order in which it is spent, for the eyes of who pays. */
  readonly told: readonly QuotedMeans[];
}

/** What the payer's messages in a conversation come to for one party: nothing for the first `free` of them, then `amount`. */
export interface MessagePrice {
  readonly unit: Unit;
  readonly amount: number;
  readonly free: number;
}

/** What the payer's messages cost and earn, by the tariff in force. */
export interface MessageTerms {
  readonly tariffId: TariffId;
  /** Null: they cost nothing. */
  readonly payer: MessagePrice | null;
  /** Null: nobody earns by them. */
  readonly payee: MessagePrice | null;
}

/** One message to be paid. */
export interface MessageCharge {
  readonly chatId: ChatId;
  readonly sender: UserId;
  /** The sender's own name for it: it is in the posting keys `message:<chatId>:<sender>:<clientId>:<party>`. */
  readonly clientId: string;
  readonly tariffId: TariffId;
  readonly payer: Owner;
  readonly payee: Owner | null;
  /** Null where it is free; then only the earning is posted. */
  readonly price: UnitAmount | null;
  /** Null where nobody earns by it. */
  readonly earning: UnitAmount | null;
  /** When it was sent, ms since the epoch. */
  readonly eventAt: number;
}

export type MessageChargeAnswer =
  | { readonly outcome: 'posted' }
  /**
   * Nothing was posted: no means was left; or the message was given up before (`voided`), and its key can't be paid any
   * more; or (a bug, logged) the books hold another amount for it.
   */
  | { readonly outcome: 'refused'; readonly reason: 'insufficient_funds' | 'voided' | 'idempotency_conflict' }
  /** It may or may not have been posted; repeat the same order until it is known. */
  | { readonly outcome: 'unknown' };

/** One pricing model. */
export interface PricingModel {
  readonly version: MonetizationVersion;
  /** What the payer has for a call with this companion now. */
  means(ctx: Context, order: MeansOrder): Promise<Means>;
  /** What the payer has and how it is spent, for their own eyes. */
  describe(ctx: Context, order: { readonly payer: Owner }): Promise<OwnMeans>;
  /** Pays what fell due at one second. Repeating the same order gives the first answer again. */
  charge(ctx: Context, order: ChargeOrder): Promise<ChargeAnswer>;
  /** Pays a message. Repeating the same order gives the first answer again. */
  chargeMessage(ctx: Context, order: MessageCharge): Promise<MessageChargeAnswer>;
  /**
   * Gives a message up whose charge may or may not have been posted: from here on it is either `posted` for good, or
   * `refused` as `voided`, whatever was under way.
   */
  voidMessage(ctx: Context, order: MessageCharge): Promise<MessageChargeAnswer>;
}
