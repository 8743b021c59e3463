import { Problem } from '../../platform/errors.ts';
import { type App, serve } from '../../platform/serve.ts';
import { readMeans } from '../../protocol/http/me.ts';
import { moveVersion as moveVersionEndpoint, previewVersionMove } from '../../protocol/http/version-moves.ts';
import { moveVersion, previewMove } from './moves.ts';
import { pricingFor } from './service.ts';

export function mountPricing(app: App): void {
  serve(app, readMeans, async ({ ctx, principal }) => {
    const model = pricingFor(principal.monetizationVersion);
    if (!model) throw new Problem('pricing_model_unavailable', 'This plan is not open yet.');
    return { means: await model.describe(ctx, { payer: { userId: principal.userId, shard: principal.ledgerShard } }) };
  });
  serve(app, previewVersionMove, async ({ ctx, params, query }) => ({ preview: await previewMove(ctx, params.id, query.to) }));
  serve(app, moveVersionEndpoint, async ({ ctx, params, body, idempotencyKey, principal }) => ({
    move: await moveVersion(ctx, { userId: params.id, ...body, idempotencyKey, actor: principal.userId }),
  }));
}
