import { type App, readAtMost, serve } from '../../platform/serve.ts';
import * as wire from '../../protocol/http/payment-events.ts';
import * as paid from '../../protocol/http/payments-desk.ts';
import { aliases, transferAlias } from './aliases.ts';
import { lookAt, paymentEvent, paymentEvents, replay } from './desk.ts';
import { payment, payments, previewRefund, walletOf } from './payments-desk.ts';
import { purchasesOf } from './purchases.ts';
import { receivePurchase, receiveWebhook } from './receiving.ts';
import { sources as everySource } from './sources.ts';

export function mountPaymentEvents(app: App, sources = everySource): void {
  serve(app, wire.receivePayment, async ({ ctx, params, http }) => {
    const bytes = await readAtMost(http.req.raw.body, wire.receivePayment.bytes?.max ?? 0);
    return { ...(await receiveWebhook(ctx, sources, params.source, { bytes, headers: http.req.raw.headers })) };
  });
  serve(app, wire.sendApplePurchase, ({ ctx, body, principal }) =>
    receivePurchase(ctx, sources, { name: 'apple', body, sentBy: principal.userId }),
  );
  serve(app, wire.sendGooglePurchase, ({ ctx, body, principal }) =>
    receivePurchase(ctx, sources, { name: 'google', body, sentBy: principal.userId }),
  );
  serve(app, wire.listPurchases, ({ ctx, query, principal }) => purchasesOf(ctx, principal.userId, query));

  serve(app, wire.listPaymentEvents, ({ ctx, query }) => paymentEvents(ctx, query));
  serve(app, wire.readPaymentEvent, async ({ ctx, params }) => ({ paymentEvent: await paymentEvent(ctx, params.id) }));
  serve(app, wire.lookAtPaymentEvent, ({ ctx, params, principal }) => lookAt(ctx, params.id, principal.userId));
  serve(app, wire.replayPaymentEvent, async ({ ctx, params, body, principal }) => ({
    paymentEvent: await replay(ctx, { id: params.id, ...body, actor: principal.userId }),
  }));
  serve(app, wire.listPaymentAliases, async ({ ctx, query }) => ({ items: await aliases(ctx, query), nextCursor: null }));
  serve(app, wire.transferPaymentAlias, async ({ ctx, body, principal }) => ({
    paymentAlias: await transferAlias(ctx, { ...body, actor: principal.userId }),
  }));

  serve(app, paid.listPayments, ({ ctx, query }) => payments(ctx, query));
  serve(app, paid.readPayment, ({ ctx, params }) => payment(ctx, params.id));
  serve(app, paid.previewRefund, async ({ ctx, params, query }) => ({
    preview: await previewRefund(ctx, params.id, query.amount ?? null),
  }));
  serve(app, paid.readWalletOf, async ({ ctx, params }) => ({ wallet: await walletOf(ctx, params.id) }));
}
