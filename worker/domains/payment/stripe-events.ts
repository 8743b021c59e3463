/** What Stripe's own events tell, asked for where its webhooks are late. */
import type { Context } from '../../platform/context.ts';
import { asked, CLOCKS_APART_MS, stripeOf } from './stripe-calls.ts';

/** The event by which Stripe tells of something: its type, and the object in it. */
export interface Telling {
  readonly type: 'payment_intent.succeeded' | 'invoice.paid' | 'customer.subscription.updated';
  readonly id: string;
}

/** Events of so many payments are looked through for one. */
const MOST_EVENTS = 2_000;

/** Stripe's own events that tell of something that began at `since` (ms) or later, as its webhooks send them. */
export async function eventsTelling(ctx: Context, { type, id }: Telling, since: number): Promise<{ id: string; raw: string }[]> {
  const params = { type, created: { gte: Math.floor((since - CLOCKS_APART_MS) / 1_000) }, limit: 100 };
  const events = await asked(ctx, () => stripeOf(ctx).events.list(params).autoPagingToArray({ limit: MOST_EVENTS }));
  return events
    .filter(({ data }) => (data.object as { id?: string }).id === id)
    .map((event) => ({ id: event.id, raw: JSON.stringify(event) }));
}
