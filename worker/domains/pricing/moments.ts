/**
 * The model `moments`: a piece of company that runs pays what falls due; else one moment opens the next; coins from before
 * stay spendable behind them.
 */
import { spendable } from '../balance/service.ts';
import { partsOfMessage } from '../moments/rules.ts';
import { pieceTerms } from '../moments/service.ts';
import { payBy } from './checkpoint.ts';
import { momentMeans } from './having.ts';
import { chargeMessageBy, messageByCoins, voidMessage } from './messages.ts';
import { company, describeMoments, runningWith } from './pieces.ts';
import type { PricingModel } from './port.ts';
import { byMoments, momentWays } from './ways.ts';

export const moments: PricingModel = {
  version: 'moments',

  async means(ctx, order) {
    const [ahead, coins] = await Promise.all([company(ctx, order), spendable(ctx, order.payer, 'COIN')]);
    return momentMeans(ahead, coins);
  },

  async describe(ctx, { payer }) {
    const [means, coins] = await Promise.all([describeMoments(ctx, payer), spendable(ctx, payer, 'COIN')]);
    return { model: 'moments', means: [...means, { is: 'coins', left: coins }] };
  },

  async charge(ctx, order) {
    const due = order.payerCheckpoint;
    if (!due) return payBy(ctx, order, []);
    const terms = await pieceTerms(ctx);
    const running = await runningWith(ctx, order.payer, order.payee.userId, terms, order.eventAt);
    return payBy(ctx, order, momentWays(order, due, { terms, running }));
  },

  async chargeMessage(ctx, order) {
    if (!order.price) return chargeMessageBy(ctx, order, []);
    const terms = await pieceTerms(ctx);
    const peer = order.payee?.userId;
    const means = peer
      ? byMoments(order.payer, peer, await runningWith(ctx, order.payer, peer, terms, order.eventAt), partsOfMessage(terms))
      : [];
    return chargeMessageBy(ctx, order, [...means, messageByCoins(order, order.price)]);
  },
  voidMessage,
};
