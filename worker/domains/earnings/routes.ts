import { type App, serve } from '../../platform/serve.ts';
import * as endpoints from '../../protocol/http/earnings.ts';
import { explain, items, summary } from './service.ts';

export function mountEarnings(app: App): void {
  serve(app, endpoints.readEarnings, ({ ctx, principal }) => summary(ctx, principal));
  // Before the one with a parameter, which would take its name for an id.
  serve(app, endpoints.listEarnings, ({ ctx, principal, query }) => items(ctx, principal, query));
  serve(app, endpoints.explainEarning, ({ ctx, principal, params }) => explain(ctx, principal, params.id));
}
