/**
 * The model `tokens`: each checkpoint takes its amount in coins, by the tariff. What the payer can't pay the house may
 * carry (money.md, "Running out" and "D1 away"). Every way to pay inserts the same posting key, so that exactly one wins,
 * whatever crashes in between.
 */
import type { Context } from '../../platform/context.ts';
import type { PaidBy } from '../../protocol/call/call.ts';
import {
  carry,
  credit,
  debit,
  type Fact,
  incomeOf,
  type Move,
  type PairAnswer,
  type Posted,
  type PostingKind,
  postPair,
  sourceOf,
  spendable,
} from '../balance/service.ts';
import { beginning, carriesUntil, checkpointAt, sideOf } from '../billing/meter.ts';
import { chargeMessage, voidMessage } from './messages.ts';
import type { ChargeAnswer, ChargeOrder, DueCheckpoint, PostedCheckpoint, PricingModel } from './port.ts';

/** A way to pay a checkpoint. */
type Means = 'coins' | 'grace' | 'outage';

export const tokens: PricingModel = {
  version: 'tokens',

  async quote(ctx, { payer, tariff }) {
    const side = sideOf(tariff, 'payer');
    const unit = side?.unit ?? 'COIN';
    const balance = await spendable(ctx, payer, unit);
    return {
      tariffId: tariff.id,
      unit,
      firstAmount: (side && checkpointAt(side, beginning.payer)?.amount) ?? 0,
      then: side?.then ?? null,
      checkpoints: side ? side.checkpoints.map(({ atSeconds, amount }) => ({ atSeconds, amount })) : [],
      secondsAffordable: carriesUntil(tariff, beginning.payer, balance, false),
    };
  },

  async canStart(ctx, { payer, tariff }) {
    const side = sideOf(tariff, 'payer');
    const balance = await spendable(ctx, payer, side?.unit ?? 'COIN');
    const first = side ? checkpointAt(side, beginning.payer) : null;
    return first && first.amount > balance ? { ok: false } : { ok: true, spendable: balance };
  },

  spendable: (ctx, payer) => spendable(ctx, payer, 'COIN'),

  async charge(ctx, order) {
    const payee = order.payeeCheckpoint ? earningOf(order, order.payeeCheckpoint) : null;
    if (!order.payerCheckpoint) {
      if (!payee) return { outcome: 'posted', items: [] };
      return answerOf(ctx, order, await postPair(ctx, payee, null), 'coins');
    }
    const means: Means[] = ['coins'];
    if (order.grace) means.push('grace');
    if (order.outage) means.push('outage');
    let answer: ChargeAnswer = { outcome: 'refused', reason: 'insufficient_funds' };
    for (const by of means) {
      answer = await pay(ctx, order, order.payerCheckpoint, payee, by);
      if (answer.outcome !== 'refused' || answer.reason === 'idempotency_conflict') break;
    }
    return answer;
  },

  chargeMessage,
  voidMessage,
};

async function pay(ctx: Context, order: ChargeOrder, due: DueCheckpoint, payee: Fact | null, by: Means): Promise<ChargeAnswer> {
  const grace = by === 'grace' && order.grace ? { payer: order.payer, payee: order.payee, perDay: order.grace.perDay } : undefined;
  return answerOf(ctx, order, await postPair(ctx, paymentOf(order, due, by), payee, grace), by);
}

const kindOf: Record<Means, PostingKind> = { coins: 'checkpoint', grace: 'grace', outage: 'outage' };

/** The payer's posting. Its intent says what is due, never who pays it. */
function paymentOf(order: ChargeOrder, due: DueCheckpoint, by: Means): Fact {
  const income = incomeOf(due.unit);
  const move: Move = by === 'coins' ? debit(order.payer, due.unit, income, due.amount) : carry(due.unit, 'grace', income, due.amount);
  return {
    owner: order.payer,
    key: `call:${order.callId}:payer:${due.n}`,
    kind: kindOf[by],
    ref: order.callId,
    actor: 'system',
    eventAt: order.eventAt,
    intent: { party: 'payer', n: due.n, tariffId: order.tariffId, unit: due.unit, amount: due.amount },
    metadata: { tariffId: order.tariffId, n: due.n, atSeconds: order.atSeconds },
    moves: [move],
  };
}

/** The payee's posting, with what its amount was computed from; the multiplier is 1 until earnings have rules. */
function earningOf(order: ChargeOrder, due: DueCheckpoint): Fact {
  return {
    owner: order.payee,
    key: `call:${order.callId}:payee:${due.n}`,
    kind: 'earning',
    ref: order.callId,
    actor: 'system',
    eventAt: order.eventAt,
    intent: { party: 'payee', n: due.n, tariffId: order.tariffId, unit: due.unit, amount: due.amount },
    metadata: {
      tariffId: order.tariffId,
      n: due.n,
      atSeconds: order.atSeconds,
      tariffAmount: due.amount,
      multiplier: '1.00',
      multiplierParts: [],
    },
    moves: [credit(order.payee, due.unit, sourceOf(due.unit), due.amount)],
  };
}

function answerOf(ctx: Context, order: ChargeOrder, answer: PairAnswer, by: Means): ChargeAnswer {
  switch (answer.outcome) {
    case 'posted':
      return { outcome: 'posted', items: itemsOf(ctx, order, answer.first, answer.second) };
    case 'refused':
      return { outcome: 'refused', reason: by === 'grace' ? 'grace_used_up' : 'insufficient_funds' };
    case 'unknown':
      return { outcome: 'unknown' };
    case 'conflict':
      ctx.log.error('the books hold another amount for a checkpoint', { callId: order.callId, atSeconds: order.atSeconds });
      return { outcome: 'refused', reason: 'idempotency_conflict' };
  }
}

function itemsOf(ctx: Context, order: ChargeOrder, first: Posted, second: Posted | null): PostedCheckpoint[] {
  const { payerCheckpoint, payeeCheckpoint } = order;
  const items: PostedCheckpoint[] = [];
  if (payerCheckpoint) items.push(itemOf(ctx, order, 'payer', payerCheckpoint, first, paidBy(first.kind)));
  if (payeeCheckpoint) items.push(itemOf(ctx, order, 'payee', payeeCheckpoint, payerCheckpoint ? second : first, 'house'));
  return items;
}

const itemOf = (
  ctx: Context,
  order: ChargeOrder,
  party: 'payer' | 'payee',
  due: DueCheckpoint,
  posted: Posted | null,
  by: PaidBy,
): PostedCheckpoint => ({
  party,
  n: due.n,
  atSeconds: order.atSeconds,
  unit: due.unit,
  amount: due.amount,
  paidBy: by,
  postingId: posted?.id ?? null,
  balance: posted?.balances.get(due.unit) ?? null,
  at: posted?.createdAt ?? ctx.now,
});

/** Who paid is what the books say, not what was tried now. */
const paidBy = (kind: PostingKind): PaidBy => (kind === 'grace' || kind === 'outage' ? kind : 'coins');
