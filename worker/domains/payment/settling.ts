/**
 * What became of payments that were begun. The pipeline is told by webhooks; where those are late, Stripe is asked what
 * happened, and its own events are handed to the same pipeline under their own ids, so that nothing can be granted twice.
 */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { UserId } from '../../protocol/ids.ts';
import { failed } from './automatic-failures.ts';
import { chargeFor, standingOfCharge } from './charging.ts';
import { type Standing, standingOfCheckout } from './checkout.ts';
import { d1Till } from './d1-till.ts';
import { keepDelivery } from './delivery-store.ts';
import { isOpen } from './intent-rules.ts';
import { customerRow, type IntentRow, openIntentsOf, overdueIntents } from './intent-store.ts';
import { closeAtStripe, heard } from './intents.ts';
import { paymentRow } from './payment-store.ts';
import { sources } from './sources.ts';
import { eventsTelling, type Telling } from './stripe-events.ts';
import { takeUp } from './taking-up.ts';

/**
 * Looks what became of an open intent, and moves it there.
 * @throws Problem `overloaded` where Stripe did not answer
 */
export async function settle(ctx: Context, intent: IntentRow): Promise<IntentRow> {
  if (!isOpen(intent.state)) return intent;
  const { storeRef } = intent;
  if (storeRef === null) return intent.expiresAt < ctx.now ? lapse(ctx, intent) : intent;
  const look = () => (intent.way === 'checkout' ? standingOfCheckout : standingOfCharge)(ctx, storeRef);
  let standing = await look();
  if (standing.state === 'open' && intent.expiresAt < ctx.now) {
    // Whoever pays at this very moment has either paid by now, or can't any more.
    await closeAtStripe(ctx, intent);
    standing = await look();
  }
  if (standing.state === 'paid') return paid(ctx, intent, standing);
  if (standing.state === 'open') return standing.url === null ? intent : heard(ctx, intent, null, { url: standing.url });
  const closed = await heard(ctx, intent, standing.failure === null ? 'lapsed' : 'declined', { failure: standing.failure });
  if (closed.way === 'automatic') await failed(ctx, closed);
  return closed;
}

/** Nothing was heard from Stripe of this one. A charge may have been made whose answer was lost: it is looked for. */
async function lapse(ctx: Context, intent: IntentRow): Promise<IntentRow> {
  const customer = intent.way === 'checkout' ? null : await customerRow(ctx.env.DB, intent.userId);
  const storeRef = customer === null ? null : await chargeFor(ctx, { customer, intentId: intent.id, since: intent.createdAt });
  if (storeRef === null) return heard(ctx, intent, 'lapsed');
  return settle(ctx, await heard(ctx, intent, null, { storeRef }));
}

async function paid(ctx: Context, intent: IntentRow, standing: Extract<Standing, { state: 'paid' }>): Promise<IntentRow> {
  const { transactionId } = standing;
  if (!(await isPosted(ctx, transactionId))) await handOver(ctx, standing.toldBy, intent.createdAt);
  return heard(ctx, intent, (await isPosted(ctx, transactionId)) ? 'paid' : null, { transactionId });
}

const isPosted = async (ctx: Context, transactionId: string): Promise<boolean> =>
  (await paymentRow(ctx.env.DB, 'stripe', transactionId))?.posted ?? false;

/** Stripe's events of something, handed to the pipeline as if their webhooks had come: they are the same deliveries. */
export async function handOver(ctx: Context, toldBy: Telling, since: number): Promise<void> {
  for (const { id: sourceEventId, raw } of await eventsTelling(ctx, toldBy, since)) {
    const wish = { id: newId('pev'), source: 'stripe' as const, sourceEventId, sentBy: null, raw, receivedAt: ctx.now };
    const { id } = await keepDelivery(ctx.env.DB, wish);
    await takeUp(d1Till(ctx, sources), id).catch((thrown: unknown) =>
      ctx.log.error('a payment that Stripe was asked about waits for the job', { id, cause: causeOf(thrown) }),
    );
  }
}

/** Gives an open intent up, unless it was paid already. */
export async function giveUp(ctx: Context, intent: IntentRow): Promise<IntentRow> {
  if (!isOpen(intent.state)) return intent;
  await closeAtStripe(ctx, intent);
  const seen = intent.storeRef === null ? intent : await settle(ctx, intent);
  return isOpen(seen.state) && seen.transactionId === null ? heard(ctx, seen, 'lapsed') : seen;
}

/** Everything open of somebody who has just been granted something. */
export async function settleOf(ctx: Context, userId: UserId): Promise<void> {
  for (const intent of await openIntentsOf(ctx.env.DB, userId)) await settleOrLater(ctx, intent);
}

const AT_ONCE = 100;

/** The job: what nobody paid in time is closed; one that Stripe does not answer for waits for the next run. */
export async function settleOverdue(ctx: Context): Promise<void> {
  for (const intent of await overdueIntents(ctx.env.DB, ctx.now, AT_ONCE)) await settleOrLater(ctx, intent);
}

async function settleOrLater(ctx: Context, intent: IntentRow): Promise<void> {
  try {
    await settle(ctx, intent);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    ctx.log.warn('an intent could not be settled', { id: intent.id, code: thrown.code });
  }
}
