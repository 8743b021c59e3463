/**
 * The model `moments`: a piece of company that runs pays what falls due; else one moment opens the next; coins from before
 * stay spendable behind them.
 */
import { spendable } from '../balance/service.ts';
import { partsOfCall, partsOfMessage } from '../moments/rules.ts';
import { pieceTerms } from '../moments/service.ts';
import { byCoins, byHouse, payBy } from './checkpoint.ts';
import { chargeMessageBy, messageByCoins, voidMessage } from './messages.ts';
import { byMoments, describeMoments, secondsByMoments } from './pieces.ts';
import type { PricingModel } from './port.ts';
import { quoteOf } from './quote.ts';

export const moments: PricingModel = {
  version: 'moments',

  async means(ctx, order) {
    const [seconds, amount] = await Promise.all([secondsByMoments(ctx, order), spendable(ctx, order.payer, 'COIN')]);
    return { seconds, amount };
  },

  async describe(ctx, { payer }) {
    const [means, coins] = await Promise.all([describeMoments(ctx, payer), spendable(ctx, payer, 'COIN')]);
    return { model: 'moments', means: [...means, { is: 'coins', left: coins }] };
  },

  async quote(ctx, order) {
    return quoteOf(order.tariff, await this.means(ctx, order));
  },

  async charge(ctx, order) {
    const due = order.payerCheckpoint;
    if (!due) return payBy(ctx, order, []);
    const parts = partsOfCall(await pieceTerms(ctx), order.media, order.coversSeconds);
    const means = await byMoments(ctx, { payer: order.payer, payeeId: order.payee.userId, parts, at: order.eventAt });
    return payBy(ctx, order, [...means, byCoins(order, due), ...byHouse(order, due)]);
  },

  async chargeMessage(ctx, order) {
    if (!order.price) return chargeMessageBy(ctx, order, []);
    const parts = partsOfMessage(await pieceTerms(ctx));
    const peer = order.payee?.userId;
    const means = peer ? await byMoments(ctx, { payer: order.payer, payeeId: peer, parts, at: order.eventAt }) : [];
    return chargeMessageBy(ctx, order, [...means, messageByCoins(order, order.price)]);
  },
  voidMessage,
};
