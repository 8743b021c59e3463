/**
 * Moving a member from one pricing model to another: previewed, one row that moves them, one posting `migration:<id>` that
 * moves nothing and says in their books what they pay by from here on.
 */

import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { userHub } from '../../platform/stubs.ts';
import type { MoveAnswer, MovePreview } from '../../protocol/http/version-moves.ts';
import type { Id, PostingId, UserId } from '../../protocol/ids.ts';
import type { OwnMeans } from '../../protocol/means.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { postOne } from '../balance/service.ts';
import { auditStatement, eventStatement } from '../event_log/service.ts';
import { type User, userById } from '../user/service.ts';
import { hasMoved, insertMove, type MoveRow, markMoved, moveUnder, untoldMoves } from './move-store.ts';
import { describeMeans } from './spending.ts';
import { spendingOf } from './ways.ts';

/**
 * What a move would change: what they pay by before and after. A call that runs goes on by the model it began with.
 * @throws Problem `not_found` where nobody who pays has this id, `version_conflict` where they pay by it already
 */
export async function previewMove(ctx: Context, userId: UserId, to: MonetizationVersion): Promise<MovePreview> {
  const user = await payerOf(ctx, userId);
  if (user.monetizationVersion === to) throw already();
  const moved = await hasMoved(ctx.env.DB, userId);
  const [before, after, runningCallId] = await Promise.all([
    meansOfUser(ctx, user, user.monetizationVersion, moved),
    meansOfUser(ctx, user, to, true),
    userHub(ctx.env, userId).busyWith(),
  ]);
  return { userId, from: user.monetizationVersion, to, before, after, runningCallId };
}

/**
 * Moves a member. The same key and body give the same move again.
 * @throws Problem as `previewMove`; `idempotency_conflict`; `version_conflict` also where somebody else moved them meanwhile;
 *   `overloaded` where their books did not answer (they are moved; the job posts it)
 */
export async function moveVersion(
  ctx: Context,
  order: { userId: UserId; to: MonetizationVersion; reason: string; idempotencyKey: string; actor: UserId },
): Promise<MoveAnswer> {
  const user = await payerOf(ctx, order.userId);
  const move = await place(ctx, user, order);
  const postingId = move.postingId ?? (await tellBooks(ctx, user, move));
  if (postingId === null)
    throw new Problem('overloaded', 'They are moved; their books did not answer yet. Ask again with the same key.', { retryAfter: 2 });
  const { id, fromVersion, toVersion, reason, createdAt } = move;
  const means = await meansOfUser(ctx, user, toVersion, true);
  return {
    id: id as Id<'mov'>,
    userId: user.id,
    from: fromVersion,
    to: toVersion,
    reason,
    movedAt: toTimestamp(createdAt),
    postingId: postingId as PostingId,
    means,
  };
}

/** The move as it stands under its key: this one, or the one that was first. */
async function place(
  ctx: Context,
  user: User,
  { to, reason, idempotencyKey, actor }: { to: MonetizationVersion; reason: string; idempotencyKey: string; actor: UserId },
): Promise<MoveRow> {
  const { DB } = ctx.env;
  const key = { requestedBy: actor, idempotencyKey };
  const same = (row: MoveRow): MoveRow => {
    if (row.userId === user.id && row.toVersion === to && row.reason === reason) return row;
    throw new Problem('idempotency_conflict', 'This Idempotency-Key was used for another move. Use a new key for a new one.');
  };
  const known = await moveUnder(DB, key);
  if (known) return same(known);
  const from = user.monetizationVersion;
  if (from === to) throw already();
  const row: MoveRow = {
    id: newId('mov'),
    userId: user.id,
    fromVersion: from,
    toVersion: to,
    reason,
    ...key,
    postingId: null,
    createdAt: ctx.now,
  };
  const payload = { moveId: row.id, from, to };
  try {
    await DB.batch([
      insertMove(DB, row),
      auditStatement(ctx, {
        actor,
        action: 'members.move',
        subject: user.id,
        before: { version: from },
        after: { version: to, reason, moveId: row.id },
      }),
      eventStatement(ctx, { type: 'pricing.version_moved', subject: user.id, actor, payload }),
    ]);
    return row;
  } catch (thrown) {
    const meanwhile = refusedWith(thrown, 'moved_meanwhile');
    if (!meanwhile && !refusedWith(thrown, 'UNIQUE')) throw thrown;
    const first = await moveUnder(DB, key);
    if (first) return same(first);
    throw meanwhile ? new Problem('version_conflict', 'Somebody has moved them meanwhile. Look again.') : thrown;
  }
}

/** Posts the move in the member's books, once; null: they did not answer. */
async function tellBooks(ctx: Context, user: User, move: MoveRow): Promise<PostingId | null> {
  const { id, fromVersion: from, toVersion: to, requestedBy, createdAt } = move;
  const answer = await postOne(ctx, {
    owner: { userId: user.id, shard: user.ledgerShard },
    key: `migration:${id}`,
    kind: 'migration',
    ref: id,
    actor: requestedBy,
    eventAt: createdAt,
    intent: { from, to },
    metadata: { from, to },
    moves: [],
  });
  if (answer.outcome !== 'posted') return null;
  await markMoved(ctx.env.DB, id, answer.posting.id);
  return answer.posting.id;
}

/** A move is left to whoever asked for it for this long. */
const LEFT_AFTER_MS = 60_000;

/** Posts moves that a crash left without their posting. */
export async function tellUntold(ctx: Context): Promise<void> {
  for (const move of await untoldMoves(ctx.env.DB, ctx.now - LEFT_AFTER_MS, 50)) {
    const user = await userById(ctx, move.userId as UserId);
    if (user && (await tellBooks(ctx, user, move)) === null) ctx.log.warn('a move could not be posted yet', { moveId: move.id });
  }
}

const meansOfUser = (ctx: Context, { id, ledgerShard }: User, version: MonetizationVersion, moved: boolean): Promise<OwnMeans> =>
  describeMeans(ctx, { userId: id, shard: ledgerShard }, version, spendingOf(version, moved));

async function payerOf(ctx: Context, id: UserId): Promise<User> {
  const user = await userById(ctx, id);
  if (user?.role !== 'member') throw new Problem('not_found', 'There is no member with this id.');
  return user;
}

const already = () => new Problem('version_conflict', 'They pay by this model already.');
