/** Corrections are new postings, never edits: adjustments by staff, claw-backs, reversals. */
import type { Context } from '../../platform/context.ts';
import { ledgerShard, ledgerShards } from '../../platform/shards.ts';
import type { PostingId } from '../../protocol/ids.ts';
import type { Unit } from '../../protocol/money.ts';
import { waitingRow } from './outbox-store.ts';
import { type PairAnswer, type PostAnswer, postOne, postPair } from './posting.ts';
import {
  clawBack,
  credit,
  debit,
  debtAccount,
  type Fact,
  type House,
  type Move,
  type Owner,
  ownerAccount,
  reversalKey,
  sourceOf,
} from './rules.ts';
import { findWhole, type WholePosting } from './store.ts';

export interface AdjustOrder {
  readonly owner: Owner;
  readonly unit: Unit;
  /** Signed: what it adds or takes; what is not there is refused, never made a debt. */
  readonly amount: number;
  readonly adjustmentId: string;
  readonly actor: string;
}

/** Adds to or takes from a balance by hand. */
export const adjust = (ctx: Context, order: AdjustOrder): Promise<PostAnswer> =>
  postOne(ctx, {
    owner: order.owner,
    key: `adjust:${order.adjustmentId}`,
    kind: 'adjustment',
    ref: order.adjustmentId,
    actor: order.actor,
    eventAt: ctx.now,
    intent: { unit: order.unit, amount: order.amount },
    moves: [
      order.amount > 0
        ? credit(order.owner, order.unit, sourceOf(order.unit), order.amount)
        : debit(order.owner, order.unit, sourceOf(order.unit), -order.amount),
    ],
  });

export interface TakeBackOrder {
  readonly owner: Owner;
  readonly unit: Unit;
  readonly amount: number;
  /** Such as `refund:stripe:<id>`. */
  readonly key: string;
  readonly kind: 'refund' | 'claw_back';
  readonly to: House;
  readonly ref: string;
  readonly actor: string;
  readonly eventAt: number;
}

/** Takes back what the balance has; the rest becomes a debt that the next credit settles first. Never refused. */
export const takeBack = (ctx: Context, order: TakeBackOrder): Promise<PostAnswer> =>
  postOne(ctx, {
    owner: order.owner,
    key: order.key,
    kind: order.kind,
    ref: order.ref,
    actor: order.actor,
    eventAt: order.eventAt,
    intent: { unit: order.unit, amount: order.amount, kind: order.kind },
    moves: [clawBack(order.owner, order.unit, order.to, order.amount)],
  });

export interface ReverseOrder {
  readonly postingId: PostingId;
  /** The shard it stands in. */
  readonly shard: number;
  readonly actor: string;
}

export type ReverseAnswer = PairAnswer | { readonly outcome: 'not_found' } | { readonly outcome: 'not_reversible' };

/**
 * Undoes a posting once, under `reversal:<postingId>`. Undoing what a payer paid undoes what the payee earned by it;
 * what the payee no longer has becomes their debt. A reversal and the settlement of a debt are not undone.
 */
export async function reverse(ctx: Context, order: ReverseOrder): Promise<ReverseAnswer> {
  const posting = await findWhole(ledgerShard(ctx.env, order.shard), { id: order.postingId });
  if (!posting) return { outcome: 'not_found' };
  if (posting.kind === 'reversal' || posting.kind === 'debt_settlement') return { outcome: 'not_reversible' };
  const own = undoing(ctx, order, posting, order.shard);
  if (!posting.pairKey || posting.kind === 'earning') return postPair(ctx, own, null);
  const pair = await pairOf(ctx, order.shard, posting.pairKey);
  if (!pair) return { outcome: 'unknown' };
  return postPair(ctx, own, undoing(ctx, order, pair.posting, pair.shard));
}

/** The other half, wherever it stands; posted now if it is still on its way. Null: it can't be reached at the moment. */
async function pairOf(ctx: Context, shard: number, key: string): Promise<{ posting: WholePosting; shard: number } | null> {
  const waiting = await waitingRow(ledgerShard(ctx.env, shard), key);
  if (waiting && (await postOne(ctx, waiting)).outcome !== 'posted') return null;
  for (const [index, db] of ledgerShards(ctx.env).entries()) {
    const posting = await findWhole(db, { key });
    if (posting) return { posting, shard: index };
  }
  return null;
}

function undoing(ctx: Context, order: ReverseOrder, posting: WholePosting, shard: number): Fact {
  const owner: Owner = { userId: posting.owner, shard };
  return {
    owner,
    key: reversalKey(posting.id),
    kind: 'reversal',
    ref: posting.id,
    actor: order.actor,
    eventAt: ctx.now,
    intent: { reverses: posting.id },
    moves: inverse(owner, posting.transfers),
  };
}

/**
 * The moves that undo transfers. What the owner would have to give is clawed back; what went through their debt is given
 * to the balance, from which the debt settles itself.
 */
export function inverse(owner: Owner, transfers: WholePosting['transfers']): Move[] {
  const moves = new Map<string, Move>();
  for (const { from, to, unit, amount } of transfers.toReversed()) {
    const own = ownerAccount(owner.userId, unit);
    const back = from === debtAccount(owner.userId, unit) ? own : from;
    const name = `${to}>${back}`;
    const mode = to === own ? 'claw_back' : 'exact';
    moves.set(name, { mode, from: to, to: back, unit, amount: amount + (moves.get(name)?.amount ?? 0) });
  }
  return [...moves.values()];
}
