/**
 * The model `tokens`: each checkpoint takes its amount in coins, by the tariff. What the payer can't pay the house may
 * carry (money.md, "Running out" and "D1 away").
 */
import { spendable } from '../balance/service.ts';
import { byCoins, byHouse, payBy } from './checkpoint.ts';
import { chargeMessage, voidMessage } from './messages.ts';
import type { PricingModel } from './port.ts';
import { quoteOf } from './quote.ts';

export const tokens: PricingModel = {
  version: 'tokens',

  means: async (ctx, { payer }) => ({ amount: await spendable(ctx, payer, 'COIN'), seconds: 0 }),

  async describe(ctx, { payer }) {
    return { model: 'tokens', means: [{ is: 'coins', left: await spendable(ctx, payer, 'COIN') }] };
  },

  async quote(ctx, order) {
    return quoteOf(order.tariff, await this.means(ctx, order));
  },

  charge: (ctx, order) =>
    payBy(ctx, order, order.payerCheckpoint ? [byCoins(order, order.payerCheckpoint), ...byHouse(order, order.payerCheckpoint)] : []),

  chargeMessage,
  voidMessage,
};
