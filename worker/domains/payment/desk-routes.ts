import { type App, serve } from '../../platform/serve.ts';
import * as desk from '../../protocol/http/shop-desk.ts';
import { addPlan, changePlan, plansOf } from '../subscriptions/service.ts';
import { addPrice, changeProduct, endPrice, listProducts, makeProduct, planToWire } from './catalogue-desk.ts';
import { changePaywall, listPaywalls, makePaywall } from './paywalls.ts';
import { reconciledDays } from './reconciliation.ts';
import { decideRefund, listRefunds, orderRefund } from './refunding.ts';

export function mountShopDesk(app: App): void {
  serve(app, desk.listProducts, async ({ ctx }) => ({ items: await listProducts(ctx), nextCursor: null }));
  serve(app, desk.draftProduct, async ({ ctx, body, principal }) => ({ product: await makeProduct(ctx, body, principal.userId) }));
  serve(app, desk.changeProduct, async ({ ctx, params, body, principal }) => ({
    product: await changeProduct(ctx, params.id, body, principal.userId),
  }));
  serve(app, desk.addPrice, async ({ ctx, params, body, principal }) => ({
    product: await addPrice(ctx, params.id, body, principal.userId),
  }));
  serve(app, desk.endPrice, async ({ ctx, params, body, principal }) => ({
    product: await endPrice(ctx, params.id, body.at, principal.userId),
  }));

  serve(app, desk.listPlans, async ({ ctx }) => ({ items: (await plansOf(ctx)).map(planToWire), nextCursor: null }));
  serve(app, desk.addPlan, async ({ ctx, body, principal }) => ({ plan: planToWire(await addPlan(ctx, body, principal.userId)) }));
  serve(app, desk.changePlan, async ({ ctx, params, body: { seenChangedAt, ...terms }, principal }) => {
    const seen = seenChangedAt === undefined ? undefined : Date.parse(seenChangedAt);
    return { plan: planToWire(await changePlan(ctx, { id: params.id, ...terms }, principal.userId, seen)) };
  });

  serve(app, desk.listPaywalls, async ({ ctx }) => ({ items: await listPaywalls(ctx), nextCursor: null }));
  serve(app, desk.draftPaywall, async ({ ctx, body, principal }) => ({ paywall: await makePaywall(ctx, body, principal.userId) }));
  serve(app, desk.changePaywall, async ({ ctx, params, body, principal }) => ({
    paywall: await changePaywall(ctx, params.id, body, principal.userId),
  }));

  serve(app, desk.refundPayment, async ({ ctx, params, body, idempotencyKey, principal }) => ({
    refund: await orderRefund(ctx, {
      paymentId: params.id,
      amount: body.amount ?? null,
      reason: body.reason,
      idempotencyKey,
      actor: principal.userId,
    }),
  }));
  serve(app, desk.decideRefund, async ({ ctx, params, body, principal }) => ({
    refund: await decideRefund(ctx, { id: params.id, approve: body.approve, actor: principal.userId }),
  }));
  serve(app, desk.listReconciliation, ({ ctx, query }) => reconciledDays(ctx, query));
  serve(app, desk.listRefunds, ({ ctx, query }) => listRefunds(ctx, query));
}
