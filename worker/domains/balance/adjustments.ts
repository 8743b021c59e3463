/**
 * Adjustments as staff order them (contract.md, "Staff"): recognised by their Idempotency-Key, above the limit approved
 * by a second person, audited. The ledger posts each under `adjust:<adjustmentId>`, so that no repetition moves twice.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { adjustBalance, approval as wireApproval } from '../../protocol/http/admin.ts';
import type { AnswerOf, BodyOf } from '../../protocol/http/endpoint.ts';
import type { Id, PostingId, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { setting } from '../settings/service.ts';
import { userById } from '../user/service.ts';
import {
  type AdjustmentRow,
  type AdjustmentWithApproval,
  type ApprovalRow,
  approvalsPage,
  backToWaiting,
  closed,
  decided,
  findAdjustment,
  findApproval,
  leftOpen,
  newAdjustment,
  posted,
} from './adjustment-store.ts';
import { adjust } from './corrections.ts';
import { type Owner, sha256 } from './rules.ts';

type Answer = AnswerOf<typeof adjustBalance>;
type WireApproval = z.infer<typeof wireApproval>;

/** What came of an order: posted, or waiting for a second person. */
export type Ordered = { readonly adjusted: Answer } | { readonly approvalId: Id<'apr'> };

/**
 * Orders an adjustment. The same key and body give the same answer again.
 * @throws Problem `not_found`, `idempotency_conflict`, `insufficient_funds`, `overloaded`
 */
export async function orderAdjustment(
  ctx: Context,
  order: { body: BodyOf<typeof adjustBalance>; idempotencyKey: string; actor: UserId },
): Promise<Ordered> {
  const { body, actor } = order;
  const owner = await ownerOf(ctx, body.userId);
  const bodyHash = await sha256(JSON.stringify([body.userId, body.unit, body.amount, body.reason]));
  const found = await place(ctx, {
    id: newId('adj'),
    requestedBy: actor,
    idempotencyKey: order.idempotencyKey,
    bodyHash,
    ...body,
    state: 'open',
    postingId: null,
    createdAt: ctx.now,
  });
  if (found.adjustment.bodyHash !== bodyHash)
    throw new Problem('idempotency_conflict', 'This Idempotency-Key was used for another adjustment. Use a new key for a new one.');
  if (found.approval) return { approvalId: found.approval.id as Id<'apr'> };
  return { adjusted: await carryOut(ctx, found, owner, actor) };
}

/** The order as it stands under its key: this one, or the one that was first. UNIQUE decides between two at once. */
async function place(ctx: Context, row: AdjustmentRow): Promise<AdjustmentWithApproval> {
  const { DB } = ctx.env;
  const known = await findAdjustment(DB, row);
  if (known) return known;
  const limit = (await setting(ctx, 'ledger.adjustmentLimit'))[row.unit];
  const approvalId = Math.abs(row.amount) > limit ? newId('apr') : null;
  const statements = newAdjustment(DB, row, approvalId);
  if (approvalId) {
    const { id, unit, amount, reason } = row;
    const after = { approvalId, adjustmentId: id, unit, amount, reason };
    statements.push(
      auditStatement(ctx, { actor: row.requestedBy as UserId, action: 'ledger.adjust', subject: row.userId, before: null, after }),
    );
  }
  try {
    await DB.batch(statements);
  } catch (thrown) {
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
  }
  const found = await findAdjustment(DB, row);
  if (!found) throw new Error('an adjustment just written is not there');
  return found;
}

async function ownerOf(ctx: Context, id: UserId): Promise<Owner> {
  const user = await userById(ctx, id);
  if (!user) throw new Problem('not_found', 'There is no user with this id.');
  return { userId: user.id, shard: user.ledgerShard };
}

/**
 * Posts an order and writes down what came of it. The audit entry goes with the first note that it was posted; a
 * repetition finds it posted and adds none.
 */
async function carryOut(ctx: Context, { adjustment, approval }: AdjustmentWithApproval, owner: Owner, actor: UserId): Promise<Answer> {
  if (adjustment.state === 'refused') throw insufficient();
  const { unit, amount } = adjustment;
  const answer = await adjust(ctx, { owner, unit, amount, adjustmentId: adjustment.id, actor: adjustment.requestedBy });
  if (answer.outcome === 'refused') {
    await closed(ctx.env.DB, adjustment.id, 'refused').run();
    if (approval) await backToWaiting(ctx.env.DB, approval.id);
    throw insufficient();
  }
  if (answer.outcome !== 'posted')
    throw new Problem('overloaded', 'The ledger did not answer. Try again with the same Idempotency-Key.', { retryAfter: 2 });
  const { posting } = answer;
  if (adjustment.state !== 'posted') await notePosted(ctx, adjustment, posting.id, actor);
  const balance = posting.balances.get(unit) ?? 0;
  return { adjustmentId: adjustment.id as Id<'adj'>, postingId: posting.id, balances: [{ unit, amount: balance }] };
}

async function notePosted(ctx: Context, { id, userId, unit, amount, reason }: AdjustmentRow, postingId: PostingId, actor: UserId) {
  await ctx.env.DB.batch([
    auditStatement(ctx, {
      actor,
      action: 'ledger.adjust',
      subject: userId,
      before: null,
      after: { adjustmentId: id, postingId, unit, amount, reason },
    }),
    posted(ctx.env.DB, id, postingId),
  ]);
}

const insufficient = () => new Problem('insufficient_funds', 'The balance does not have what this adjustment takes. Nothing was changed.');

/**
 * The second person's word. Approved: the adjustment is posted; what the balance can't give leaves it waiting.
 * @throws Problem `not_found`, `forbidden` (one's own), `version_conflict` (decided otherwise), `insufficient_funds`, `overloaded`
 */
export async function decide(ctx: Context, order: { id: string; approve: boolean; actor: UserId }): Promise<WireApproval> {
  const found = await findApproval(ctx.env.DB, order.id);
  if (!found) throw new Problem('not_found', 'There is no approval with this id.');
  const { adjustment } = found;
  if (adjustment.requestedBy === order.actor) throw ownApproval();
  const state = order.approve ? 'approved' : 'rejected';
  await sayWord(ctx, found, { state, decidedBy: order.actor, decidedAt: ctx.now });
  const now = await findApproval(ctx.env.DB, order.id);
  if (!now || now.approval.state !== state || now.approval.decidedBy !== order.actor)
    throw new Problem('version_conflict', 'Somebody has decided this already.');
  if (order.approve && now.adjustment.state !== 'posted') {
    // Refused once does not mean for good: the balance may have it now.
    const again: AdjustmentWithApproval = { ...now, adjustment: { ...now.adjustment, state: 'open' } };
    await carryOut(ctx, again, await ownerOf(ctx, adjustment.userId as UserId), order.actor);
  }
  return toWire(now);
}

/** Writes the word down, audited; where somebody was first, theirs stands. */
async function sayWord(
  ctx: Context,
  { adjustment, approval }: AdjustmentWithApproval & { approval: ApprovalRow },
  word: { state: 'approved' | 'rejected'; decidedBy: UserId; decidedAt: number },
): Promise<void> {
  if (approval.state !== 'waiting') return;
  const { DB } = ctx.env;
  const statements = [
    decided(DB, approval.id, word),
    auditStatement(ctx, {
      actor: word.decidedBy,
      action: 'ledger.approve',
      subject: approval.id,
      before: { state: approval.state },
      after: { state: word.state, adjustmentId: adjustment.id },
    }),
  ];
  if (word.state === 'rejected') statements.push(closed(DB, adjustment.id, 'rejected'));
  try {
    await DB.batch(statements);
  } catch (thrown) {
    if (refusedWith(thrown, 'own_approval')) throw ownApproval();
    if (!refusedWith(thrown, 'already_decided')) throw thrown;
  }
}

const ownApproval = () => new Problem('forbidden', 'Somebody else must decide this: you asked for it.');

const position = z.int();
const DEFAULT_PAGE = 50;

/** Approvals, newest first. */
export async function listApprovals(
  ctx: Context,
  asked: { state?: ApprovalRow['state'] | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: WireApproval[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, position) ?? undefined;
  const rows = await approvalsPage(ctx.env.DB, { state: asked.state, before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor(last.approval.seq) : null };
}

const toWire = ({ adjustment, approval }: AdjustmentWithApproval & { approval: ApprovalRow }): WireApproval => ({
  id: approval.id as Id<'apr'>,
  state: approval.state,
  requestedBy: adjustment.requestedBy as UserId,
  decidedBy: approval.decidedBy as UserId | null,
  userId: adjustment.userId as UserId,
  unit: adjustment.unit,
  amount: adjustment.amount,
  reason: adjustment.reason,
  createdAt: toTimestamp(approval.createdAt),
});

/** An order is left to whoever placed it for this long. */
const LEFT_AFTER_MS = 60_000;

/** Finishes orders that a crash left between the word and the posting. */
export async function finishLeftOpen(ctx: Context): Promise<void> {
  for (const left of await leftOpen(ctx.env.DB, ctx.now - LEFT_AFTER_MS, 50)) {
    const { adjustment, approval } = left;
    try {
      const owner = await ownerOf(ctx, adjustment.userId as UserId);
      await carryOut(ctx, left, owner, (approval?.decidedBy ?? adjustment.requestedBy) as UserId);
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      ctx.log.warn('an adjustment could not be finished', { adjustmentId: adjustment.id, code: thrown.code });
    }
  }
}
