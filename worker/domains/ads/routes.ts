import { ipOf } from '../../platform/network.ts';
import { type App, serve } from '../../platform/serve.ts';
import * as links from '../../protocol/http/links.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { resolve } from './resolve.ts';
import { claimLink, deferLink, forgetTouches, keepTouches, touchesOf } from './service.ts';

export function mountAds(app: App): void {
  serve(app, links.resolveLink, async ({ ctx, principal, query }) => ({ link: await resolve(ctx, principal, query.link) }));
  serve(app, links.deferLink, async ({ ctx, body, http }) => {
    const { code, expiresAt } = await deferLink(ctx, body.link, ipOf(http));
    return { deferred: { code, expiresAt: toTimestamp(expiresAt) } };
  });
  serve(app, links.claimLink, ({ ctx, principal, body }) => claimLink(ctx, principal.userId, body.code));

  serve(app, links.keepCampaign, async ({ ctx, principal, body }) => {
    await keepTouches(ctx, principal.userId, body.touches);
    return { campaign: await touchesOf(ctx, principal.userId) };
  });
  serve(app, links.readCampaign, async ({ ctx, principal }) => ({ campaign: await touchesOf(ctx, principal.userId) }));
  serve(app, links.forgetCampaign, async ({ ctx, principal }) => {
    await forgetTouches(ctx, principal.userId);
    return null;
  });
}
