/** Reads of an owner's own books: balances, and the events they are the sum of. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { ledgerShard, ledgerShards } from '../../platform/shards.ts';
import type { BalanceEvent } from '../../protocol/http/me.ts';
import { idOf } from '../../protocol/ids.ts';
import type { Unit, UnitAmount } from '../../protocol/money.ts';
import { toTimestamp } from '../../protocol/time.ts';
import {
  movedByKeys,
  type OwnerAccount,
  ownerAccounts,
  ownerBalance,
  ownerBalances,
  ownerEvents,
  ownerEventsBack,
} from './reading-store.ts';
import type { Owner } from './rules.ts';

const booksOf = (ctx: Context, owner: Owner): D1Database => ledgerShard(ctx.env, owner.shard);

/** What the owner has and owes, in the units that have moved. */
export const accountsOf = (ctx: Context, owner: Owner): Promise<OwnerAccount[]> => ownerAccounts(booksOf(ctx, owner), owner.userId);

/** What the owner could pay now in one unit. Tells and warns; never decides (the floor does). */
export const spendable = (ctx: Context, owner: Owner, unit: Unit): Promise<number> => ownerBalance(booksOf(ctx, owner), owner.userId, unit);

/**
 * What the owner has in each unit, those of `always` also at 0, and the id of the last event that is in it (null: none
 * yet).
 */
export async function balancesOf(
  ctx: Context,
  owner: Owner,
  always: readonly Unit[] = [],
): Promise<{ balances: UnitAmount[]; cursor: string | null }> {
  const rows = await ownerBalances(booksOf(ctx, owner), owner.userId);
  const amounts = new Map<Unit, number>(always.map((unit) => [unit, 0]));
  for (const row of rows) amounts.set(row.unit, row.amount);
  return { balances: [...amounts].map(([unit, amount]) => ({ unit, amount })), cursor: rows[0]?.cursor ?? null };
}

const DEFAULT_PAGE = 50;

/**
 * The owner's events after the one named (from the first without one), oldest first. The cursor is the last id given,
 * or where the reader stood already.
 * @throws Problem `validation_failed` where `after` is no event of this owner
 */
export async function eventsOf(
  ctx: Context,
  owner: Owner,
  asked: { after?: string | undefined; limit?: number | undefined } = {},
): Promise<{ items: BalanceEvent[]; cursor: string | null }> {
  const after = asked.after ?? null;
  const rows = await ownerEvents(booksOf(ctx, owner), owner.userId, after, asked.limit ?? DEFAULT_PAGE);
  if (rows === null)
    throw new Problem('validation_failed', 'There is no such event to go on from.', {
      fields: [{ path: 'after', message: 'must be the cursor or the id of an event of this balance' }],
    });
  const items = rows.map(({ createdAt, ...event }): BalanceEvent => ({ ...event, at: toTimestamp(createdAt) }));
  return { items, cursor: items.at(-1)?.id ?? after };
}

/**
 * The owner's events, newest first, for who looks back from now.
 * @throws Problem `validation_failed` where the cursor is not one of this owner's list
 */
export async function eventsBack(
  ctx: Context,
  owner: Owner,
  asked: { unit?: Unit | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: BalanceEvent[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, idOf('bev'));
  const rows = await ownerEventsBack(booksOf(ctx, owner), owner.userId, { before, unit: asked.unit ?? null, limit: limit + 1 });
  if (rows === null)
    throw new Problem('validation_failed', 'The cursor is not one that this list gave.', {
      fields: [{ path: 'cursor', message: 'must be the nextCursor of a page before' }],
    });
  const items = rows.slice(0, limit).map(({ createdAt, ...event }): BalanceEvent => ({ ...event, at: toTimestamp(createdAt) }));
  return { items, nextCursor: rows.length > limit ? toCursor(items.at(-1)?.id) : null };
}

/** Keys of so many postings are asked for at once. */
const KEYS_AT_ONCE = 500;

/** What postings of these keys moved, whoever's they are and wherever they live; a key without a posting is left out. */
export async function movedUnder(ctx: Context, keys: readonly string[]): Promise<Map<string, number>> {
  const moved = new Map<string, number>();
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE)
    for (const shard of ledgerShards(ctx.env))
      for (const row of await movedByKeys(shard, keys.slice(at, at + KEYS_AT_ONCE))) moved.set(row.key, row.moved);
  return moved;
}
