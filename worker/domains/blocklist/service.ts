/** Blocks: who never wants to meet whom again. */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import { throughPages } from '../../platform/pages.ts';
import { callSession, userHub } from '../../platform/stubs.ts';
import type { blockReason } from '../../protocol/http/me.ts';
import { idOf, type UserId } from '../../protocol/ids.ts';
import { eventStatement } from '../event_log/service.ts';
import { type BlockRow, eitherRow, lift, noteCallEnded, partners, rowsAround, rowsBy, standingRow, unfinished, upsert } from './store.ts';

export type BlockReason = z.infer<typeof blockReason>;

export interface Block {
  readonly blockedId: UserId;
  readonly reason: BlockReason;
  /** ms since the epoch. */
  readonly at: number;
}

/** Whether one of the two has blocked the other. */
export const blockedBetween = async (ctx: Context, a: UserId, b: UserId): Promise<boolean> =>
  (await eitherRow(ctx.env.DB, a, b)) !== undefined;

/** Everybody this person must not see: those they blocked and those who blocked them. */
export async function hiddenFrom(ctx: Context, viewer: UserId): Promise<Set<UserId>> {
  const rows = await partners(ctx.env.DB, viewer);
  return new Set(rows.map(({ blockerId, blockedId }) => (blockerId === viewer ? blockedId : blockerId) as UserId));
}

/** The newest hundred standing blocks that this person made or received; `at` in ms. */
export async function blocksAround(
  ctx: Context,
  id: UserId,
): Promise<{ made: Block[]; received: (Omit<Block, 'blockedId'> & { blockerId: UserId })[] }> {
  const rows = await rowsAround(ctx.env.DB, id, 100);
  return {
    made: rows.filter(({ blockerId }) => blockerId === id).map(toBlock),
    received: rows
      .filter(({ blockedId }) => blockedId === id)
      .map(({ blockerId, reason, at }) => ({ blockerId: blockerId as UserId, reason: reason as BlockReason, at })),
  };
}

/** The caller's standing blocks, newest first. */
export async function listBlocks(
  ctx: Context,
  blockerId: UserId,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Block[]; nextCursor: string | null }> {
  const limit = asked.limit ?? 50;
  const before = fromCursor(asked.cursor, idOf('blk')) ?? undefined;
  const rows = await rowsBy(ctx.env.DB, blockerId, { before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return { items: shown.map(toBlock), nextCursor: rows.length > limit ? toCursor(shown.at(-1)?.id) : null };
}

/**
 * Blocks somebody. A running call between the two ends before this answers; both vanish from each other's screens.
 * Repeated: the same block, with what is said of it now.
 * @throws Problem `validation_failed` for oneself, `overloaded` where the block stands but a call could not be ended
 */
export async function block(
  ctx: Context,
  order: { blockerId: UserId; blockedId: UserId; reason: BlockReason; text: string | null },
): Promise<Block> {
  const { blockerId, blockedId, reason, text } = order;
  if (blockerId === blockedId)
    throw new Problem('validation_failed', 'You can’t block yourself.', { fields: [{ path: 'userId', message: 'is your own' }] });
  await ctx.env.DB.batch([
    upsert(ctx.env.DB, { id: newId('blk'), blockerId, blockedId, reason, text, at: ctx.now }),
    eventStatement(ctx, { type: 'block.made', subject: blockedId, actor: blockerId, payload: { reason } }),
  ]);
  const row = await standingRow(ctx.env.DB, blockerId, blockedId);
  try {
    await endCallBetween(ctx, blockerId, blockedId);
    if (row) await noteCallEnded(ctx.env.DB, row.id, ctx.now);
  } catch (thrown) {
    ctx.log.error('a block could not end a call yet', { blockerId, cause: causeOf(thrown) });
    throw new Problem('overloaded', 'They are blocked, but your call with them may still run. Hang up, or try again.', { retryAfter: 1 });
  }
  ctx.later(Promise.all([vanish(ctx, blockerId, blockedId), vanish(ctx, blockedId, blockerId)]));
  // Taken back in this very moment from another device: it stood all the same.
  return row ? toBlock(row) : { blockedId, reason, at: ctx.now };
}

/** Takes a block back. Repeated, or for somebody never blocked: nothing happens. */
export async function unblock(ctx: Context, { blockerId, blockedId }: { blockerId: UserId; blockedId: UserId }): Promise<void> {
  const row = await standingRow(ctx.env.DB, blockerId, blockedId);
  if (!row) return;
  await ctx.env.DB.batch([
    lift(ctx.env.DB, row.id, ctx.now),
    eventStatement(ctx, { type: 'block.lifted', subject: blockedId, actor: blockerId, payload: {} }),
  ]);
}

/** @throws where a hub or the call does not answer */
async function endCallBetween(ctx: Context, blockerId: UserId, blockedId: UserId): Promise<void> {
  const callId = await userHub(ctx.env, blockerId).busyWith();
  if (!callId) return;
  const session = callSession(ctx.env, callId);
  const found = await session.read();
  if (!found.ok || ![found.value.call.callerId, found.value.call.calleeId].includes(blockedId)) return;
  const stopped = await session.stop({ reason: 'blocked', now: ctx.now });
  if (!stopped.ok && stopped.code !== 'call_ended') throw new Error(stopped.code);
}

/** A block made a moment ago is still on its own way, ms. */
const ON_ITS_WAY_MS = 5_000;
/** A job of every minute stops here, so that it is over before its next turn, ms. */
const JOB_MS = 45_000;

/** Ends the calls that blocks could not end when they were made: a hub or call that did not answer, a request that died. */
export async function endBlockedCalls(ctx: Context, clock: () => number = Date.now): Promise<void> {
  const began = clock();
  await throughPages<BlockRow>({
    read: (last) => unfinished(ctx.env.DB, { before: ctx.now - ON_ITS_WAY_MS, last, limit: 200 }),
    each: async ({ id, blockerId, blockedId }) => {
      try {
        await endCallBetween(ctx, blockerId as UserId, blockedId as UserId);
        await noteCallEnded(ctx.env.DB, id, ctx.now);
      } catch (thrown) {
        ctx.log.error('a block could not end a call yet', { blockerId, cause: causeOf(thrown) });
      }
    },
    atOnce: 20,
    timeLeft: () => clock() - began < JOB_MS,
  });
}

/** To `viewer` the other is offline from now on; the next reading of the gallery leaves them out altogether. */
const vanish = (ctx: Context, viewer: UserId, gone: UserId): Promise<void> =>
  userHub(ctx.env, viewer).personChanged({ userId: gone, presence: 'offline', available: false });

const toBlock = ({ blockedId, reason, at }: BlockRow): Block => ({ blockedId: blockedId as UserId, reason: reason as BlockReason, at });
