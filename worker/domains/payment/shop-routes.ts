import { type App, serve } from '../../platform/serve.ts';
import * as shop from '../../protocol/http/shop.ts';
import { shopFor } from './catalogue.ts';
import { paywallFor } from './paywalls.ts';

export function mountShop(app: App): void {
  serve(app, shop.readShop, async ({ ctx, principal, query }) => ({ shop: await shopFor(ctx, principal, query.platform) }));
  serve(app, shop.readPaywall, async ({ ctx, principal, params, query }) => ({
    paywall: await paywallFor(ctx, principal, { ...params, ...query }),
  }));
}
