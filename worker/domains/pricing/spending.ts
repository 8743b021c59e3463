/** One pricing model, made of which means it spends: reads what a member has of them, and tries them in order. */
import type { Context } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { OwnMeans } from '../../protocol/means.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type Owner, spendable } from '../balance/service.ts';
import { partsOfMessage } from '../moments/rules.ts';
import { pieceTerms, runningPieces } from '../moments/service.ts';
import { type Allowance, allowanceOf, standsUntil, turnOf } from '../subscriptions/service.ts';
import { payBy } from './checkpoint.ts';
import { meansOf } from './having.ts';
import { chargeMessageBy, messageByCoins, voidMessage } from './messages.ts';
import { hasMoved } from './move-store.ts';
import { companyFor, describeMoments } from './pieces.ts';
import type { PricingModel } from './port.ts';
import { byAllowance, byMoments, type Holdings, type Spending, spendingOf, spendsCoins, waysOf } from './ways.ts';

/** The model of a version: an allowance, moments and coins, each where the version spends it or the member brought it along. */
export const spendingModel = (version: MonetizationVersion): PricingModel => {
  const spendingFor = async (ctx: Context, payer: Owner): Promise<Spending> =>
    spendingOf(version, await hasMoved(ctx.env.DB, payer.userId));

  /** What may pay what fell due at `at` (ms); with nobody in particular no piece runs. */
  async function holdings(ctx: Context, payer: Owner, payeeId: UserId | null, at: number): Promise<Holdings> {
    const spending = await spendingFor(ctx, payer);
    const terms = spending.moments && payeeId ? await pieceTerms(ctx) : null;
    const [planDay, running] = await Promise.all([
      planDayOf(ctx, spending, payer, at),
      terms && payeeId ? runningPieces(ctx, payer, terms, at, payeeId) : [],
    ]);
    return { spending, planDay, company: terms && { terms, running } };
  }

  return {
    version,

    async means(ctx, order) {
      const spending = await spendingFor(ctx, order.payer);
      const [allowance, coins] = await Promise.all([planDayOf(ctx, spending, order.payer, ctx.now), spendable(ctx, order.payer, 'COIN')]);
      const company = spending.moments ? await companyFor(ctx, order, allowance?.secondsLeft ?? 0) : null;
      const day = allowance && { ...allowance, turnsAt: toTimestamp(turnOf(allowance)), until: standsUntil(allowance) };
      return meansOf(spending, { day, company, coins });
    },

    describe: async (ctx, { payer }) => describeMeans(ctx, payer, version, await spendingFor(ctx, payer)),

    async charge(ctx, order) {
      const due = order.payerCheckpoint;
      return payBy(ctx, order, due ? waysOf(order, due, await holdings(ctx, order.payer, order.payee.userId, order.eventAt)) : []);
    },

    async chargeMessage(ctx, order) {
      const { payer, payee, price } = order;
      if (!price) return chargeMessageBy(ctx, order, []);
      const { spending, planDay, company } = await holdings(ctx, payer, payee?.userId ?? null, order.eventAt);
      return chargeMessageBy(ctx, order, [
        ...(planDay ? [byAllowance(planDay, { seconds: 0, messages: 1 })] : []),
        ...(company && payee ? byMoments(payer, payee.userId, company.running, partsOfMessage(company.terms)) : []),
        ...(spendsCoins(spending, planDay?.plan ?? null) ? [messageByCoins(order, price)] : []),
      ]);
    },

    voidMessage,
  };
};

/** What a member has of what they spend under a version, for the eyes of people. */
export async function describeMeans(ctx: Context, payer: Owner, version: MonetizationVersion, spending: Spending): Promise<OwnMeans> {
  const [allowance, moments, left] = await Promise.all([
    planDayOf(ctx, spending, payer, ctx.now),
    spending.moments ? describeMoments(ctx, payer) : [],
    spendable(ctx, payer, 'COIN'),
  ]);
  return { model: version, means: [...(allowance ? [describeDay(allowance)] : []), ...moments, { is: 'coins', left }] };
}

/** The day that counts at `at` (ms): of any plan, of one that was paid for, or none. */
async function planDayOf(ctx: Context, { plan }: Spending, payer: Owner, at: number): Promise<Allowance | null> {
  const allowance = plan === 'none' ? null : await allowanceOf(ctx, payer, at);
  return allowance && (plan === 'any' || allowance.paid) ? allowance : null;
}

function describeDay(allowance: Allowance) {
  const { day, secondsLeft, messagesLeft } = allowance;
  const { plan, seconds, messages } = day;
  return { is: 'allowance', plan, seconds, secondsLeft, messages, messagesLeft, turnsAt: toTimestamp(turnOf(allowance)) } as const;
}
