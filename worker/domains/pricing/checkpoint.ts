/**
 * A checkpoint and the ways to pay it. Every way inserts the same posting key, so that exactly one of them wins, whatever
 * crashes in between (money.md, "Three pricing models at once"). What differs between models is which ways there are.
 */
import type { Context } from '../../platform/context.ts';
import type { PaidBy } from '../../protocol/call/call.ts';
import { credit, type Fact, type PairAnswer, type Posted, type PostingKind, postPair, sourceOf } from '../balance/service.ts';
import type { ChargeAnswer, ChargeOrder, DueCheckpoint, PostedCheckpoint } from './port.ts';
import type { Way } from './ways.ts';

/**
 * Pays what fell due at one second: the payer's checkpoint by the first way that is not refused, the payee's with it.
 * Repeating the same order gives the first answer again, whichever ways are offered then.
 */
export async function payBy(ctx: Context, order: ChargeOrder, ways: readonly Way[]): Promise<ChargeAnswer> {
  const payee = order.payeeCheckpoint ? earningOf(order, order.payeeCheckpoint) : null;
  const due = order.payerCheckpoint;
  if (!due) return payee ? answerOf(ctx, order, await postPair(ctx, payee, null)) : { outcome: 'posted', items: [] };
  let answer: ChargeAnswer = { outcome: 'refused', reason: 'insufficient_funds' };
  for (const way of ways) {
    const grace = way.kind === 'grace' && order.grace ? { payer: order.payer, payee: order.payee, perDay: order.grace.perDay } : undefined;
    answer = answerOf(ctx, order, await postPair(ctx, paymentOf(order, due, way), payee, { grace, use: way.use }), way.kind);
    if (answer.outcome !== 'refused' || answer.reason === 'idempotency_conflict') break;
  }
  return answer;
}

/** The payer's posting. Its intent says what is due, never who pays it. */
function paymentOf(order: ChargeOrder, due: DueCheckpoint, way: Way): Fact {
  return {
    owner: order.payer,
    key: keyOf(order, due),
    kind: way.kind,
    ref: order.callId,
    actor: 'system',
    eventAt: order.eventAt,
    intent: { party: 'payer', n: due.n, tariffId: order.tariffId, unit: due.unit, amount: due.amount },
    metadata: { tariffId: order.tariffId, n: due.n, atSeconds: order.atSeconds },
    moves: way.moves,
  };
}

/** The key of the payer's checkpoint: also the name of a piece that it opens. */
export const keyOf = (order: ChargeOrder, due: DueCheckpoint): string => `call:${order.callId}:payer:${due.n}`;

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

function answerOf(ctx: Context, order: ChargeOrder, answer: PairAnswer, kind?: PostingKind): ChargeAnswer {
  switch (answer.outcome) {
    case 'posted':
      return { outcome: 'posted', items: itemsOf(ctx, order, answer.first, answer.second) };
    case 'refused':
      return { outcome: 'refused', reason: kind === 'grace' ? 'grace_used_up' : 'insufficient_funds' };
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
  // What an earning settles of a debt is its own matter.
  ...(party === 'payer' ? takenBy(posted) : nothingTaken),
  postingId: posted?.id ?? null,
  balance: posted?.balances.get(due.unit) ?? null,
  at: posted?.createdAt ?? ctx.now,
});

/** Who paid is what the books say, not what was tried now. */
const paidBy = (kind: PostingKind): PaidBy =>
  kind === 'grace' || kind === 'outage' || kind === 'allowance' || kind === 'piece' ? kind : 'coins';

const nothingTaken = { took: null, had: null };

/** What a posting took from its owner's own balance, and of how much. */
function takenBy(posted: Posted | null): Pick<PostedCheckpoint, 'took' | 'had'> {
  const taken = posted?.changes.find(({ amount }) => amount < 0);
  return taken ? { took: { unit: taken.unit, amount: -taken.amount }, had: taken.balanceAfter - taken.amount } : nothingTaken;
}
