/**
 * The model `tokens`: each checkpoint takes its amount in coins, by the tariff. What the payer can't pay the house may
 * carry (money.md, "Running out" and "D1 away").
 */
import { spendable } from '../balance/service.ts';
import { payBy } from './checkpoint.ts';
import { tokenMeans } from './having.ts';
import { chargeMessage, voidMessage } from './messages.ts';
import type { PricingModel } from './port.ts';
import { tokenWays } from './ways.ts';

export const tokens: PricingModel = {
  version: 'tokens',

  means: async (ctx, { payer }) => tokenMeans(await spendable(ctx, payer, 'COIN')),

  async describe(ctx, { payer }) {
    return { model: 'tokens', means: [{ is: 'coins', left: await spendable(ctx, payer, 'COIN') }] };
  },

  charge: (ctx, order) => payBy(ctx, order, order.payerCheckpoint ? tokenWays(order, order.payerCheckpoint) : []),

  chargeMessage,
  voidMessage,
};
