/** Plans that run at Stripe: another one instead, ending one, and letting it go on. */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';
import { asked, stripeOf } from './stripe-calls.ts';

export type Switched = { readonly outcome: 'switched' } | { readonly outcome: 'declined'; readonly code: string };

/** Puts another price in place of a subscription's; the difference is charged at once, by the card it is paid with. */
export async function switchAt(
  ctx: Context,
  { ref, storeRef, userId, key }: { ref: string; storeRef: string; userId: UserId; key: string },
): Promise<Switched> {
  const stripe = stripeOf(ctx);
  try {
    const { items } = await asked(ctx, () => stripe.subscriptions.retrieve(ref));
    const [item] = items.data;
    if (!item) throw new Error(`the subscription ${ref} has no price`);
    const params = {
      items: [{ id: item.id, price: storeRef }],
      proration_behavior: 'always_invoice' as const,
      metadata: { user: userId, price: storeRef },
      cancel_at_period_end: false,
    };
    await asked(ctx, () => stripe.subscriptions.update(ref, params, { idempotencyKey: `switch:${userId}:${key}` }));
    return { outcome: 'switched' };
  } catch (thrown) {
    if (thrown instanceof Stripe.errors.StripeCardError) return { outcome: 'declined', code: thrown.code ?? 'card_declined' };
    throw thrown;
  }
}

/** Whether it ends with what is paid. */
export async function endsAt(ctx: Context, ref: string, ends: boolean): Promise<void> {
  await asked(ctx, () => stripeOf(ctx).subscriptions.update(ref, { cancel_at_period_end: ends }));
}
