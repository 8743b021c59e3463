/** A member's own limits: a cap for a week and a pause, kept by the database whatever the code above it does. */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { spending as wireSpending } from '../../protocol/http/shop.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { capAt, type Guard, noGuard, WEEK_MS, withCap, withPause } from './spending-rules.ts';
import { guardRow, insertSpending, putGuard, spentSince } from './spending-store.ts';

const DAY_MS = 86_400_000;

/** The limits as they hold now, and what counts towards the cap. */
export async function spendingOf(ctx: Context, userId: UserId): Promise<z.infer<typeof wireSpending>> {
  const [row, spent] = await Promise.all([guardRow(ctx.env.DB, userId), spentSince(ctx.env.DB, userId, ctx.now - WEEK_MS)]);
  const guard = row ?? noGuard;
  const { nextCap, nextFrom, pauseUntil } = guard;
  return {
    weeklyCap: capAt(guard, ctx.now),
    next: nextFrom !== null && nextFrom > ctx.now ? { weeklyCap: nextCap, from: toTimestamp(nextFrom) } : null,
    spent: spent.reduce((sum, { cents }) => sum + cents, 0),
    pausedUntil: pauseUntil !== null && pauseUntil > ctx.now ? toTimestamp(pauseUntil) : null,
  };
}

/** Lower holds at once, higher after a day. @param cap cents; null: none */
export async function setCap(ctx: Context, userId: UserId, cap: number | null): Promise<z.infer<typeof wireSpending>> {
  await change(ctx, userId, (guard) => withCap(guard, cap, ctx.now));
  return spendingOf(ctx, userId);
}

/** Nothing is bought for so many days; a longer pause that runs already stays. */
export async function pauseFor(ctx: Context, userId: UserId, days: number): Promise<z.infer<typeof wireSpending>> {
  await change(ctx, userId, (guard) => withPause(guard, ctx.now + days * DAY_MS));
  return spendingOf(ctx, userId);
}

async function change(ctx: Context, userId: UserId, next: (guard: Guard) => Guard): Promise<void> {
  try {
    await putGuard(ctx.env.DB, userId, next((await guardRow(ctx.env.DB, userId)) ?? noGuard), ctx.now);
  } catch (thrown) {
    // Two devices at once: what the second one was made from is no more.
    if (refusedWith(thrown, 'too_soon')) throw new Problem('version_conflict', 'Your limits were changed on another device meanwhile.');
    throw thrown;
  }
}

/**
 * What the database refused a purchase for, as the buyer hears it; null: it was something else.
 * @param thrown from a batch with `insertSpending`
 */
export function limitProblem(thrown: unknown): Problem | null {
  if (refusedWith(thrown, 'spending_limit'))
    return new Problem('spending_limit', 'This would pass the limit that you set for a week. Nothing was charged.');
  if (refusedWith(thrown, 'spending_paused'))
    return new Problem('spending_paused', 'You asked for a pause from buying. It ends when you said it would; nothing was charged.');
  if (refusedWith(thrown, 'automatic_limit'))
    return new Problem('spending_limit', 'This would pass the limit that you set for automatic top-ups in a month. Nothing was charged.');
  return null;
}

/**
 * Counts coins from the sandbox shop, a cent for a coin: its limits are those of every purchase.
 * @throws Problem `spending_limit`, `spending_paused`
 */
export async function countSandbox(ctx: Context, userId: UserId, { ref, coins }: { ref: string; coins: number }): Promise<void> {
  try {
    await insertSpending(ctx.env.DB, { ref, userId, way: 'sandbox', cents: coins, at: ctx.now }).run();
  } catch (thrown) {
    throw limitProblem(thrown) ?? thrown;
  }
}
