/**
 * What a posting is, decided without the database: accounts by name, facts and the moves they are made of, and the hash
 * that says whether two tellings of one key mean the same (money.md, "The ledger").
 */
import type { UserId } from '../../protocol/ids.ts';
import { MAX_AMOUNT, type Unit } from '../../protocol/money.ts';

/** Whose ledger a posting goes to: a person, and the index of their `LEDGER_n`. */
export interface Owner {
  readonly userId: UserId;
  readonly shard: number;
}

/** The house's purses, each in every shard and in the units named in the first migration. */
export type House = 'issuance' | 'revenue' | 'grace' | 'promo' | 'earned' | 'penalty' | 'payout';

export type PostingKind =
  | 'checkpoint' // the payer paid for time
  | 'allowance' // the payer's plan paid: nothing moves, the day's allowance is used
  | 'piece' // a piece of company paid: it was opened for one moment, or ran already and nothing moves
  | 'migration' // they pay by another pricing model from here on: nothing moves
  | 'expiry' // a lot of moments ran out of its time
  | 'grace' // the house carried a checkpoint the payer could not
  | 'outage' // the house paid because the books could not be reached in time
  | 'earning'
  | 'message' // the payer paid for a message
  | 'message_earning'
  | 'message_void' // a message was given up: its key moves nothing, and nothing can move by it any more
  | 'purchase'
  | 'plan_period' // a plan was paid for: nothing moves, its period counts
  | 'refund'
  | 'refund_reversal' // a refund or dispute did not stand
  | 'adjustment'
  | 'seed'
  | 'promo'
  | 'claw_back'
  | 'debt_settlement'
  | 'reversal';

/**
 * One movement between two accounts of one unit.
 * - `exact`: the amount, or nothing at all (the floor refuses).
 * - `claw_back`: what the owner has of it, and the rest from their debt.
 */
export interface Move {
  readonly mode: 'exact' | 'claw_back';
  readonly from: string;
  readonly to: string;
  readonly unit: Unit;
  /** A positive whole number. */
  readonly amount: number;
}

/** One business fact about one owner. Told any number of times under its key, it happens once. */
export interface Fact {
  readonly owner: Owner;
  /** From one of the key spaces of money.md, such as `call:<callId>:payer:0`. */
  readonly key: string;
  readonly kind: PostingKind;
  /** What it is about: a call id, a purchase, an adjustment. */
  readonly ref: string;
  /** Who caused it: a user id, or `system`. */
  readonly actor: string;
  /** When it happened, ms since the epoch. */
  readonly eventAt: number;
  readonly moves: readonly Move[];
  /** The intent, hashed: what was meant, never the path that paid it. The owner is part of it by itself. */
  readonly intent: Readonly<Record<string, string | number | null>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Key of the other posting of a fact about two people. */
  readonly pairKey?: string;
}

export const ownerAccount = (userId: UserId, unit: Unit): string => `${userId}:${unit}`;
export const debtAccount = (userId: UserId, unit: Unit): string => `${userId}:debt:${unit}`;
export const houseAccount = (house: House, unit: Unit): string => `house:${house}:${unit}`;

/** Where what an owner pays goes to, and what an owner is given comes from, by unit. */
export const incomeOf = (unit: Unit): House => (unit === 'EARN' ? 'earned' : 'revenue');
export const sourceOf = (unit: Unit): House => (unit === 'EARN' ? 'earned' : 'issuance');

/** The owner pays the house. */
export const debit = (owner: Owner, unit: Unit, house: House, amount: number): Move => ({
  mode: 'exact',
  from: ownerAccount(owner.userId, unit),
  to: houseAccount(house, unit),
  unit,
  amount,
});

/** The house pays the owner. A debt of the unit is settled from it at once, in a posting of its own. */
export const credit = (owner: Owner, unit: Unit, house: House, amount: number): Move => ({
  mode: 'exact',
  from: houseAccount(house, unit),
  to: ownerAccount(owner.userId, unit),
  unit,
  amount,
});

/** The house takes back: first from the balance, what is missing becomes a debt. */
export const clawBack = (owner: Owner, unit: Unit, house: House, amount: number): Move => ({
  mode: 'claw_back',
  from: ownerAccount(owner.userId, unit),
  to: houseAccount(house, unit),
  unit,
  amount,
});

/** The house pays itself, with the owner as the one it is about (grace, outage). */
export const carry = (unit: Unit, from: House, to: House, amount: number): Move => ({
  mode: 'exact',
  from: houseAccount(from, unit),
  to: houseAccount(to, unit),
  unit,
  amount,
});

export const reversalKey = (postingId: string): string => `reversal:${postingId}`;

/** The intent and its owner as text, keys in order, so that equal intents read the same wherever they are made. */
export const intentText = (fact: Pick<Fact, 'owner' | 'intent'>): string =>
  JSON.stringify(Object.entries({ ...fact.intent, owner: fact.owner.userId }).sort(([a], [b]) => (a < b ? -1 : 1)));

/** SHA-256 of the intent, in hex: what a repeated telling of a key is compared by. */
export const hashOf = (fact: Pick<Fact, 'owner' | 'intent'>): Promise<string> => sha256(intentText(fact));

/** SHA-256 of a text, in hex. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How many transfers a posting can name (`migrations/ledger/0005_fewer_trees.sql`). */
const MOVES = 32;

/** Throws where a fact could not be meant by anyone: a bug of the caller, found before the database is asked. */
export function assertFact(fact: Fact): void {
  if (!fact.key || fact.key.length > 200) throw new Error(`a posting needs a key of at most 200 characters, not ${fact.key.length}`);
  if (fact.moves.length > MOVES) throw new Error(`a posting has at most ${MOVES} moves, not ${fact.moves.length} (${fact.key})`);
  for (const move of fact.moves)
    if (!Number.isSafeInteger(move.amount) || move.amount < 1 || move.amount > MAX_AMOUNT)
      throw new Error(`a move needs a whole amount from 1 to ${MAX_AMOUNT}, not ${move.amount} (${fact.key})`);
  if (fact.moves.length > 1 && fact.moves.some((move) => move.mode === 'claw_back'))
    throw new Error(`a claw-back stands alone in its posting (${fact.key})`);
}

/** The UTC day of a moment, counted from the epoch: what grace limits are counted by. */
export const dayOf = (ms: number): number => Math.floor(ms / 86_400_000);
