/**
 * What follows from payments that are in the books: their intents have succeeded or were given back, what was spent is counted,
 * and whoever paid us gets a receipt. Read from the event log, in order, each at least once; everything here can be repeated.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import { idFrom } from '../../platform/ids.ts';
import { userHub } from '../../platform/stubs.ts';
import type { UserId } from '../../protocol/ids.ts';
import { advanceStatement, type LoggedEvent, unreadEvents } from '../event_log/service.ts';
import { plansOf } from '../subscriptions/service.ts';
import { forgetFailures } from './automatic-store.ts';
import { productWithPrices } from './catalogue-store.ts';
import { intentOfTransaction } from './intent-store.ts';
import { heard } from './intents.ts';
import { stores } from './payment-event.ts';
import { paymentRow } from './payment-store.ts';
import { standingOf } from './refund-rules.ts';
import { settleOf } from './settling.ts';
import { noteSpending, releaseSpending } from './spending-store.ts';

const READER = 'payment.follow';
const AT_ONCE = 100;

const money = z.nullable(z.object({ amount: z.int(), currency: z.string() }));
const applied = z.object({
  userId: z.string(),
  store: z.enum(stores),
  transactionId: z.string(),
  product: z.string(),
  granted: z.int(),
  money,
});
const refunded = z.extend(applied, { how: z.string(), refunded: money, refundId: z.nullable(z.string()) });

/** The job. */
export async function followPayments(ctx: Context): Promise<void> {
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: ['payment.applied', 'payment.refunded'], limit: AT_ONCE });
    for (const event of events) {
      if (event.type === 'payment.applied') await wasPaid(ctx, event, z.parse(applied, event.payload));
      else await wasRefunded(ctx, event, z.parse(refunded, event.payload));
      await advanceStatement(ctx, { reader: READER, seq: event.seq }).run();
    }
    if (events.length < AT_ONCE) return;
  }
}

async function wasPaid(ctx: Context, event: LoggedEvent, payment: z.infer<typeof applied>): Promise<void> {
  const { store, transactionId } = payment;
  const userId = payment.userId as UserId;
  // Which of their Checkouts it was, Stripe says.
  if (store === 'stripe' && !(await intentOfTransaction(ctx.env.DB, transactionId))) await settleOf(ctx, userId);
  const intent = store === 'stripe' ? await intentOfTransaction(ctx.env.DB, transactionId) : undefined;
  if (intent) {
    await heard(ctx, intent, 'paid');
    if (intent.way === 'automatic') await forgetFailures(ctx.env.DB, userId, ctx.now);
  } else if (payment.money && payment.money.amount > 0)
    await noteSpending(ctx.env.DB, {
      ...{ ref: refOf(payment), userId, way: 'store' },
      ...{ cents: payment.money.amount, at: event.occurredAt },
    }).run();
  if (store === 'stripe' && payment.money) await tell(ctx, 'purchase.receipt', event, payment, payment.money);
}

/** What a store told of is counted under its own names. */
const refOf = ({ store, transactionId }: { store: string; transactionId: string }): string => `${store}:${transactionId}`;

async function wasRefunded(ctx: Context, event: LoggedEvent, refund: z.infer<typeof refunded>): Promise<void> {
  const { store, transactionId } = refund;
  const payment = await paymentRow(ctx.env.DB, store, transactionId);
  const whole = payment !== null && standingOf(payment, payment.refunds).whole;
  const intent = await intentOfTransaction(ctx.env.DB, transactionId);
  if (whole && intent) await heard(ctx, intent, 'given_back');
  if (whole) await releaseSpending(ctx.env.DB, refOf(refund), ctx.now).run();
  // Money that a bank took back was not sent by us.
  const back = refund.refunded ?? refund.money;
  if (store === 'stripe' && refund.how === 'refund' && back) await tell(ctx, 'purchase.refunded', event, refund, back);
}

/** By mail, and in the app. Whoever bought at Apple or Google has their receipt from there. */
async function tell(
  ctx: Context,
  kind: 'purchase.receipt' | 'purchase.refunded',
  { subject, occurredAt, seq }: LoggedEvent,
  { userId, product, granted }: z.infer<typeof applied>,
  paid: { amount: number; currency: string },
): Promise<void> {
  const [sold, plans] = await Promise.all([productWithPrices(ctx.env.DB, product), plansOf(ctx)]);
  if (!sold) throw new Error(`the product ${product} of a payment is not there`);
  const plan = plans.find(({ id }) => id === sold.product.plan)?.name ?? null;
  const what = { kind: sold.product.kind, granted, plan, period: sold.product.period };
  const body = { paymentId: subject, ...what, ...paid, at: occurredAt };
  const id = await idFrom('ntf', occurredAt, `${kind}:${subject}:${seq}`);
  unwrap(await userHub(ctx.env, userId as UserId).notify({ id, kind, body, now: ctx.now }));
}
