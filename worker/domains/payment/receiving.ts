/** Deliveries come in: proved, kept as they came, and put on the queue by id alone (money.md, "Payments", 1–3). */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { sentPurchase } from '../../protocol/http/payment-events.ts';
import type { UserId } from '../../protocol/ids.ts';
import { d1Till, enqueue } from './d1-till.ts';
import { keepDelivery, takeLeft } from './delivery-store.ts';
import type { Delivery, PaymentSource } from './payment-event.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import { takeUp } from './taking-up.ts';
import type { PaymentEventId } from './till.ts';

/** What was kept and is not taken up after this is put on the queue again, ms: the queue was down, or lost it. */
const LEFT_MS = 5 * 60_000;
const LEFT_AT_ONCE = 500;

export type Received =
  | { readonly outcome: 'off' }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'answered'; readonly body: object }
  /** `sentBy`: who sent it first; a repetition is the same delivery. */
  | { readonly outcome: 'kept'; readonly id: PaymentEventId; readonly sentBy: UserId | null };

/**
 * Takes a delivery in. Told again it is the one that was kept, and nothing comes of it. Once it is kept the queue may be away:
 * the job takes it up.
 * @param sentBy the signed-in person whose app sent it; that says whose it is
 */
export async function receiveDelivery(ctx: Context, source: Source, delivery: Delivery, sentBy: UserId | null = null): Promise<Received> {
  const verdict = await source.verify(ctx, delivery);
  if (verdict.outcome === 'off' || verdict.outcome === 'answered') return verdict;
  if (verdict.outcome === 'refused') {
    ctx.log.warn('a payment delivery was refused', { source: source.name, from: delivery.from, cause: verdict.cause });
    return { outcome: 'refused' };
  }
  const { sourceEventId, raw } = verdict;
  const id = newId('pev');
  const kept = await keepDelivery(ctx.env.DB, { id, source: source.name, sourceEventId, sentBy, raw, receivedAt: ctx.now });
  if (kept.id === id)
    await enqueue(ctx, [id]).catch((thrown: unknown) =>
      ctx.log.error('a payment delivery waits for the job', { id, cause: causeOf(thrown) }),
    );
  return { outcome: 'kept', id: kept.id, sentBy: kept.sentBy };
}

/**
 * What a webhook is answered: nothing, or what the source asked for.
 * @throws Problem `not_found` for a source that is off, `forbidden` for what is not from it
 */
export async function receiveWebhook(
  ctx: Context,
  sources: Sources,
  name: PaymentSource,
  delivery: Omit<Delivery, 'from'>,
): Promise<object> {
  const source = sources[name];
  const received: Received = source ? await receiveDelivery(ctx, source, { ...delivery, from: 'source' }) : { outcome: 'off' };
  if (received.outcome === 'off') throw new Problem('not_found', 'There is nothing at this address.');
  if (received.outcome === 'refused') throw new Problem('forbidden', 'This does not come from whom it says, or not now.');
  return received.outcome === 'answered' ? received.body : {};
}

/**
 * What an app sends of a purchase is taken up at once, so that the person has it when the answer comes; what can't be now is by
 * the queue.
 * @throws Problem `not_found`, `forbidden` as for a webhook; `taken` where it came from somebody else before
 */
export async function receivePurchase(
  ctx: Context,
  sources: Sources,
  { name, body, sentBy }: { name: PaymentSource; body: object; sentBy: UserId },
): Promise<{ purchase: SentPurchase }> {
  const source = sources[name];
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const delivery: Delivery = { from: 'member', bytes, headers: new Headers() };
  const received: Received = source ? await receiveDelivery(ctx, source, delivery, sentBy) : { outcome: 'off' };
  if (received.outcome === 'off') throw new Problem('not_found', 'Purchases from this store are not taken here.');
  if (received.outcome !== 'kept') throw new Problem('forbidden', 'The store does not stand for this purchase.');
  if (received.sentBy !== sentBy) throw new Problem('taken', 'This purchase was sent from another account.');
  const { id } = received;
  const came = await takeUp(d1Till(ctx, sources), id).catch((thrown: unknown) => {
    ctx.log.error('a purchase could not be taken up at once', { id, cause: causeOf(thrown) });
    return 'later' as const;
  });
  const state = came === 'applied' ? 'applied' : came === 'dead' || came === 'nothing' ? 'refused' : 'under_way';
  return { purchase: { id, state } };
}
type SentPurchase = z.infer<typeof sentPurchase>;

/** The job: what was kept and never taken up goes on the queue again. */
export async function takeUpLeft(ctx: Context): Promise<void> {
  const ids = await takeLeft(ctx.env.DB, { before: ctx.now - LEFT_MS, now: ctx.now, limit: LEFT_AT_ONCE });
  await enqueue(ctx, ids);
}
