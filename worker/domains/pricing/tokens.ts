/**
 * The model `tokens`: each checkpoint takes its amount in coins, by the tariff. What the payer can't pay the house may
 * carry (money.md, "Running out" and "D1 away").
 */
import { spendable } from '../balance/service.ts';
import { payBy } from './checkpoint.ts';
import { chargeMessage, voidMessage } from './messages.ts';
import type { PricingModel } from './port.ts';
import { tokenWays } from './ways.ts';

export const tokens: PricingModel = {
  version: 'tokens',

  async means(ctx, { payer }) {
    const left = await spendable(ctx, payer, 'COIN');
    return { seconds: 0, amount: left, told: [{ is: 'coins', left }] };
  },

  async describe(ctx, { payer }) {
    return { model: 'tokens', means: [{ is: 'coins', left: await spendable(ctx, payer, 'COIN') }] };
  },

  charge: (ctx, order) => payBy(ctx, order, order.payerCheckpoint ? tokenWays(order, order.payerCheckpoint) : []),

  chargeMessage,
  voidMessage,
};
