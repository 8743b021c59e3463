import { type App, serve } from '../../platform/serve.ts';
import { rateCall, wrapUpCall } from '../../protocol/http/after-call.ts';
import { rate, wrapUp } from './service.ts';

export function mountInteraction(app: App): void {
  serve(app, rateCall, async ({ ctx, principal, params, body }) => ({ rating: await rate(ctx, principal, params.id, body) }));
  serve(app, wrapUpCall, async ({ ctx, principal, params, body }) => ({ wrapUp: await wrapUp(ctx, principal, params.id, body) }));
}
