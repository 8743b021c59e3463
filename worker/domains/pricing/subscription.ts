/**
 * The model `subscription`: what a plan includes in a day comes first, then moments from before, then coins where the plan
 * allows them.
 */
import { toTimestamp } from '../../protocol/time.ts';
import { spendable } from '../balance/service.ts';
import { partsOfMessage } from '../moments/rules.ts';
import { pieceTerms } from '../moments/service.ts';
import { allowanceOf, turnOf } from '../subscriptions/service.ts';
import { payBy } from './checkpoint.ts';
import { subscriptionMeans } from './having.ts';
import { chargeMessageBy, messageByCoins, voidMessage } from './messages.ts';
import { company, describeMoments, runningWith } from './pieces.ts';
import type { PricingModel } from './port.ts';
import { byAllowance, byMoments, subscriptionWays } from './ways.ts';

export const subscription: PricingModel = {
  version: 'subscription',

  async means(ctx, order) {
    const [allowance, coins] = await Promise.all([allowanceOf(ctx, order.payer, ctx.now), spendable(ctx, order.payer, 'COIN')]);
    const ahead = await company(ctx, order, allowance.secondsLeft);
    return subscriptionMeans({ ...allowance, turnsAt: toTimestamp(turnOf(allowance)) }, ahead, coins);
  },

  async describe(ctx, { payer }) {
    const [allowance, moments, coins] = await Promise.all([
      allowanceOf(ctx, payer, ctx.now),
      describeMoments(ctx, payer),
      spendable(ctx, payer, 'COIN'),
    ]);
    const { day, secondsLeft, messagesLeft } = allowance;
    const { plan, seconds, messages } = day;
    const turnsAt = toTimestamp(turnOf(allowance));
    const included = { is: 'allowance', plan, seconds, secondsLeft, messages, messagesLeft, turnsAt } as const;
    return { model: 'subscription', means: [included, ...moments, { is: 'coins', left: coins }] };
  },

  async charge(ctx, order) {
    const due = order.payerCheckpoint;
    if (!due) return payBy(ctx, order, []);
    const [allowance, terms] = await Promise.all([allowanceOf(ctx, order.payer, order.eventAt), pieceTerms(ctx)]);
    const running = await runningWith(ctx, order.payer, order.payee.userId, terms, order.eventAt);
    return payBy(ctx, order, subscriptionWays(order, due, { ...allowance, terms, running }));
  },

  async chargeMessage(ctx, order) {
    if (!order.price) return chargeMessageBy(ctx, order, []);
    const [allowance, terms] = await Promise.all([allowanceOf(ctx, order.payer, order.eventAt), pieceTerms(ctx)]);
    const peer = order.payee?.userId;
    const moments = peer
      ? byMoments(order.payer, peer, await runningWith(ctx, order.payer, peer, terms, order.eventAt), partsOfMessage(terms))
      : [];
    return chargeMessageBy(ctx, order, [
      byAllowance(allowance, { seconds: 0, messages: 1 }),
      ...moments,
      ...(allowance.plan.overage === 'coins' ? [messageByCoins(order, order.price)] : []),
    ]);
  },
  voidMessage,
};
