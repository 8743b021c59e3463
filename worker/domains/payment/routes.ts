import { type App, serve } from '../../platform/serve.ts';
import { topUp } from '../../protocol/http/me.ts';
import { buyFromSandbox } from './service.ts';

export function mountPayment(app: App): void {
  serve(app, topUp, ({ ctx, body, principal }) =>
    buyFromSandbox(ctx, { buyer: { userId: principal.userId, shard: principal.ledgerShard }, amount: body.amount }),
  );
}
