/**
 * The model `subscription`: what a plan includes in a day comes first, then moments from before, then coins where the plan
 * allows them.
 */

import { toTimestamp } from '../../protocol/time.ts';
import { spendable } from '../balance/service.ts';
import { partsOfCall, partsOfMessage } from '../moments/rules.ts';
import { pieceTerms } from '../moments/service.ts';
import { type Allowance, allowanceOf } from '../subscriptions/service.ts';
import { byCoins, byHouse, payBy, type Way } from './checkpoint.ts';
import { chargeMessageBy, messageByCoins, voidMessage } from './messages.ts';
import { byMoments, describeMoments, secondsByMoments } from './pieces.ts';
import type { PricingModel } from './port.ts';
import { quoteOf } from './quote.ts';

export const subscription: PricingModel = {
  version: 'subscription',

  async means(ctx, order) {
    const [allowance, more, coins] = await Promise.all([
      allowanceOf(ctx, order.payer, ctx.now),
      secondsByMoments(ctx, order),
      spendable(ctx, order.payer, 'COIN'),
    ]);
    return { seconds: allowance.secondsLeft + more, amount: allowance.plan.overage === 'coins' ? coins : 0 };
  },

  async describe(ctx, { payer }) {
    const [allowance, moments, coins] = await Promise.all([
      allowanceOf(ctx, payer, ctx.now),
      describeMoments(ctx, payer),
      spendable(ctx, payer, 'COIN'),
    ]);
    const { day, secondsLeft, messagesLeft, turnsAt } = allowance;
    const { plan, seconds, messages } = day;
    const included = { is: 'allowance', plan, seconds, secondsLeft, messages, messagesLeft, turnsAt: toTimestamp(turnsAt) } as const;
    return { model: 'subscription', means: [included, ...moments, { is: 'coins', left: coins }] };
  },

  async quote(ctx, order) {
    return quoteOf(order.tariff, await this.means(ctx, order));
  },

  async charge(ctx, order) {
    const due = order.payerCheckpoint;
    if (!due) return payBy(ctx, order, []);
    const [allowance, terms] = await Promise.all([allowanceOf(ctx, order.payer, order.eventAt), pieceTerms(ctx)]);
    const parts = partsOfCall(terms, order.media, order.coversSeconds);
    const moments = await byMoments(ctx, { payer: order.payer, payeeId: order.payee.userId, parts, at: order.eventAt });
    return payBy(ctx, order, [
      byAllowance(allowance, { seconds: order.coversSeconds, messages: 0 }),
      ...moments,
      ...(allowance.plan.overage === 'coins' ? [byCoins(order, due)] : []),
      ...byHouse(order, due),
    ]);
  },

  async chargeMessage(ctx, order) {
    if (!order.price) return chargeMessageBy(ctx, order, []);
    const [allowance, terms] = await Promise.all([allowanceOf(ctx, order.payer, order.eventAt), pieceTerms(ctx)]);
    const peer = order.payee?.userId;
    const parts = partsOfMessage(terms);
    const moments = peer ? await byMoments(ctx, { payer: order.payer, payeeId: peer, parts, at: order.eventAt }) : [];
    return chargeMessageBy(ctx, order, [
      byAllowance(allowance, { seconds: 0, messages: 1 }),
      ...moments,
      ...(allowance.plan.overage === 'coins' ? [messageByCoins(order, order.price)] : []),
    ]);
  },
  voidMessage,
};

/** Nothing moves: the day's allowance is used in the posting's own batch, whole or not at all. */
const byAllowance = ({ day }: Allowance, takes: { readonly seconds: number; readonly messages: number }): Way => ({
  kind: 'allowance',
  moves: [],
  use: { means: 'allowance', day, ...takes },
});
