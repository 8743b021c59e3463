import { type App, serve } from '../../platform/serve.ts';
import * as shop from '../../protocol/http/shop.ts';
import { automaticOf, setAutomatic } from './automatic.ts';
import { shopFor } from './catalogue.ts';
import { ownIntent, toWire } from './intents.ts';
import { endPlan, ownPlan, switchPlan } from './own-plan.ts';
import { paywallFor } from './paywalls.ts';
import { giveUp, settle } from './settling.ts';
import { pauseFor, setCap, spendingOf } from './spending.ts';
import { cardsOf, checkout, removeCard, topUp } from './top-up.ts';

export function mountShop(app: App): void {
  serve(app, shop.readShop, async ({ ctx, principal, query }) => ({ shop: await shopFor(ctx, principal, query.platform) }));
  serve(app, shop.readPaywall, async ({ ctx, principal, params, query }) => ({
    paywall: await paywallFor(ctx, principal, { ...params, ...query }),
  }));

  serve(app, shop.startCheckout, ({ ctx, principal, body, idempotencyKey }) =>
    checkout(ctx, principal, { priceId: body.priceId, placement: body.placement ?? null, idempotencyKey }),
  );
  serve(app, shop.topUpByCard, async ({ ctx, principal, body, idempotencyKey }) => ({
    intent: await topUp(ctx, principal, { priceId: body.priceId, card: body.card ?? null, idempotencyKey }),
  }));
  serve(app, shop.readIntent, async ({ ctx, principal, params }) => ({
    intent: await toWire(ctx, await settle(ctx, await ownIntent(ctx, principal.userId, params.id))),
  }));
  serve(app, shop.closeIntent, async ({ ctx, principal, params }) => ({
    intent: await toWire(ctx, await giveUp(ctx, await ownIntent(ctx, principal.userId, params.id))),
  }));

  serve(app, shop.listCards, async ({ ctx, principal }) => ({ items: await cardsOf(ctx, principal.userId) }));
  serve(app, shop.removeCard, async ({ ctx, principal, params }) => {
    await removeCard(ctx, principal.userId, params.id);
    return null;
  });
  serve(app, shop.readAutomatic, async ({ ctx, principal }) => ({ automatic: await automaticOf(ctx, principal.userId) }));
  serve(app, shop.setAutomatic, async ({ ctx, principal, body }) => ({ automatic: await setAutomatic(ctx, principal, body) }));

  serve(app, shop.readSpending, async ({ ctx, principal }) => ({ spending: await spendingOf(ctx, principal.userId) }));
  serve(app, shop.setSpendingCap, async ({ ctx, principal, body }) => ({
    spending: await setCap(ctx, principal.userId, body.weeklyCap),
  }));
  serve(app, shop.pauseSpending, async ({ ctx, principal, body }) => ({
    spending: await pauseFor(ctx, principal.userId, body.days),
  }));

  serve(app, shop.readPlan, async ({ ctx, principal }) => ({ plan: await ownPlan(ctx, principal.userId) }));
  serve(app, shop.switchPlan, async ({ ctx, principal, body, idempotencyKey }) => ({
    plan: await switchPlan(ctx, principal, { priceId: body.priceId, idempotencyKey }),
  }));
  serve(app, shop.cancelPlan, async ({ ctx, principal }) => ({ plan: await endPlan(ctx, principal.userId, true) }));
  serve(app, shop.resumePlan, async ({ ctx, principal }) => ({ plan: await endPlan(ctx, principal.userId, false) }));
}
