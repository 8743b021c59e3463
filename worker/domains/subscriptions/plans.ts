/** Plans as staff keep them. Whoever has one lives by its terms from the moment they are changed. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { auditStatement } from '../event_log/service.ts';
import { insertPlan, type Plan, planRow, planRows, unlessPlanChanged, updatePlan } from './plan-store.ts';

/** What staff say of a plan. */
export type PlanWish = Omit<Plan, 'changedAt'>;

/** Every plan, from the least to the most; the first is what is free. */
export const plansOf = (ctx: Context): Promise<Plan[]> => planRows(ctx.env.DB);

/** @throws Problem `taken` where another plan has this id or its place in the order */
export async function addPlan(ctx: Context, wish: PlanWish, actor: UserId): Promise<Plan> {
  const plan = { ...wish, changedAt: ctx.now };
  await write(ctx, [insertPlan(ctx.env.DB, plan)], { before: null, after: plan, actor });
  return plan;
}

/**
 * @param seenChangedAt `changedAt` of what the editor saw, ms; left out: whatever it was
 * @throws Problem `not_found`, `version_conflict` where it was changed since the editor looked, `taken` where another plan has
 *   its place in the order
 */
export async function changePlan(ctx: Context, wish: PlanWish, actor: UserId, seenChangedAt?: number): Promise<Plan> {
  const before = await planRow(ctx.env.DB, wish.id);
  if (!before) throw new Problem('not_found', 'There is no such plan.');
  // Two changes within a millisecond are told apart.
  const after = { ...wish, changedAt: Math.max(ctx.now, before.changedAt + 1) };
  const unless = seenChangedAt === undefined ? [] : [unlessPlanChanged(ctx.env.DB, wish.id, seenChangedAt)];
  await write(ctx, [...unless, updatePlan(ctx.env.DB, after)], { before, after, actor });
  return after;
}

async function write(
  ctx: Context,
  statements: readonly D1PreparedStatement[],
  { before, after, actor }: { before: Plan | null; after: Plan; actor: UserId },
): Promise<void> {
  try {
    await ctx.env.DB.batch([
      ...statements,
      auditStatement(ctx, { actor, action: 'catalogue.manage', subject: `plan:${after.id}`, before, after }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this plan meanwhile.');
    if (refusedWith(thrown, 'UNIQUE')) throw new Problem('taken', 'Another plan has this id or this place in the order.');
    throw thrown;
  }
}
