import { type App, serve } from '../../platform/serve.ts';
import { complainOfCall, readAfterCall } from '../../protocol/http/after-call.ts';
import { after, complain } from './service.ts';

export function mountModeration(app: App): void {
  serve(app, complainOfCall, async ({ ctx, principal, params, body }) => ({ complaint: await complain(ctx, principal, params.id, body) }));
  serve(app, readAfterCall, ({ ctx, principal, params }) => after(ctx, principal, params.id));
}
