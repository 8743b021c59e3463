/**
 * A member's own plan. It is changed and ended where it was bought; how it stands then is told by the store, through the
 * pipeline, and asked for at once so that the answer shows it.
 */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { OwnPlan } from '../../protocol/http/shop.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { plansOf, runningOf, type SubscriptionRow } from '../subscriptions/service.ts';
import { type Buyer, offeredAt, planTermsOf } from './catalogue.ts';
import { handOver } from './settling.ts';
import { limitProblem } from './spending.ts';
import { insertSpending, releaseSpending } from './spending-store.ts';
import { endsAt, switchAt } from './stripe-plans.ts';

/** The one that counts; null: what is free. */
export async function ownPlan(ctx: Context, userId: UserId): Promise<OwnPlan | null> {
  const [[row], plans] = await Promise.all([runningOf(ctx, userId), plansOf(ctx)]);
  const plan = plans.find(({ id }) => id === row?.plan);
  if (!row || !plan) return null;
  const { state, until, store } = row;
  return { plan: planTermsOf(plan), state, until: toTimestamp(until), store, renews: store !== 'house' && goesOn(row) };
}

const goesOn = ({ state }: SubscriptionRow): boolean => state === 'active' || state === 'grace';

/**
 * Nobody begins to pay for a second plan while one of theirs runs on the web, or goes on elsewhere.
 * @throws Problem `plan_running`
 */
export async function mustHaveNoPlan(ctx: Context, userId: UserId): Promise<void> {
  const running = (await runningOf(ctx, userId)).find((row) => row.store === 'stripe' || (row.store !== 'house' && goesOn(row)));
  if (!running) return;
  if (running.store === 'stripe')
    throw new Problem('plan_running', 'You have a plan. Change it, or let it go on, instead of buying a second one.');
  throw new Problem('plan_running', 'You have a plan that you bought in an app. End it in its store first, so that you do not pay twice.');
}

async function planAtStripe(ctx: Context, userId: UserId): Promise<SubscriptionRow> {
  const row = (await runningOf(ctx, userId)).find(({ store }) => store === 'stripe');
  if (!row) throw new Problem('no_plan', 'You have no plan that was bought here. One from an app is changed in its store.');
  return row;
}

/**
 * Another plan instead. Limits are those of a purchase of the new one; what it really comes to is counted when it is told.
 * @throws Problem `price_gone`, `spending_limit`, `spending_paused`, `no_plan`, `payment_declined`, `overloaded`
 */
export async function switchPlan(
  ctx: Context,
  buyer: Buyer,
  wish: { priceId: Id<'pri'>; idempotencyKey: string },
): Promise<OwnPlan | null> {
  const { userId } = buyer;
  const { product, price, offer } = await offeredAt(ctx, buyer, wish.priceId);
  if (product.kind !== 'plan' || price.store !== 'stripe') throw new Problem('price_gone', 'This is no plan that can be bought here.');
  const { ref } = await planAtStripe(ctx, userId);
  const held = `plan:${userId}:${wish.idempotencyKey}:${ctx.requestId}`;
  try {
    await insertSpending(ctx.env.DB, { ref: held, userId, way: 'checkout', cents: offer.price.amount, at: ctx.now }).run();
  } catch (thrown) {
    throw limitProblem(thrown) ?? thrown;
  }
  try {
    const switched = await switchAt(ctx, { ref, storeRef: price.storeRef, userId, key: wish.idempotencyKey });
    if (switched.outcome === 'declined') throw new Problem('payment_declined', 'The card was declined. You keep the plan that you have.');
    await handOver(ctx, { type: 'customer.subscription.updated', id: ref }, ctx.now);
  } finally {
    await releaseSpending(ctx.env.DB, held, ctx.now).run();
  }
  return ownPlan(ctx, userId);
}

/** Ends it when what is paid is over, or lets it go on. @throws Problem `no_plan`, `overloaded` */
export async function endPlan(ctx: Context, userId: UserId, ends: boolean): Promise<OwnPlan | null> {
  const { ref } = await planAtStripe(ctx, userId);
  await endsAt(ctx, ref, ends);
  await handOver(ctx, { type: 'customer.subscription.updated', id: ref }, ctx.now);
  return ownPlan(ctx, userId);
}
