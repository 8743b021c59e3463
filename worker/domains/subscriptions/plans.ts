/** Plans as staff keep them. Whoever has one lives by its terms from the moment they are changed. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { auditStatement } from '../event_log/service.ts';
import { insertPlan, type Plan, planRow, planRows, updatePlan } from './plan-store.ts';

/** Every plan, from the least to the most; the first is what is free. */
export const plansOf = (ctx: Context): Promise<Plan[]> => planRows(ctx.env.DB);

/** @throws Problem `taken` where another plan has this id or its place in the order */
export async function addPlan(ctx: Context, plan: Plan, actor: UserId): Promise<Plan> {
  await write(ctx, insertPlan(ctx.env.DB, plan), { before: null, after: plan, actor });
  return plan;
}

/** @throws Problem `not_found`, `taken` where another plan has its place in the order */
export async function changePlan(ctx: Context, plan: Plan, actor: UserId): Promise<Plan> {
  const before = await planRow(ctx.env.DB, plan.id);
  if (!before) throw new Problem('not_found', 'There is no such plan.');
  await write(ctx, updatePlan(ctx.env.DB, plan), { before, after: plan, actor });
  return plan;
}

async function write(
  ctx: Context,
  statement: D1PreparedStatement,
  { before, after, actor }: { before: Plan | null; after: Plan; actor: UserId },
): Promise<void> {
  try {
    await ctx.env.DB.batch([
      statement,
      auditStatement(ctx, { actor, action: 'catalogue.manage', subject: `plan:${after.id}`, before, after }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE')) throw new Problem('taken', 'Another plan has this id or this place in the order.');
    throw thrown;
  }
}
