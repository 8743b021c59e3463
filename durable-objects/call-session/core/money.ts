/**
 * What to charge next, and what an answer of the ledger means. One order is under way at a time, in order of connected
 * seconds, the payer first in each (money.md).
 */
import { checkpointAt, coveredSeconds, type DueSecond, meter, past, sideOf, switchedTo } from '../../../worker/domains/billing/meter.ts';
import type { ChargeOrder, PostedCheckpoint } from '../../../worker/domains/pricing/port.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import { wallOf } from './clock.ts';
import type { Effect } from './effects.ts';
import { end } from './ending.ts';
import type { EventOf } from './events.ts';
import { billingPartyOf, type CallRecord, isRunning, type KnownMeans, maxSecondsOf, otherSide, sideOfBilling, withMoney } from './state.ts';
import { onward, type Step, step } from './step.ts';

/** An order without an answer for so long counts as unanswered, ms. */
const UNANSWERED_MS = 10_000;

/** What is due and not posted, up to where the money stopped. */
function dueOf(record: CallRecord): readonly DueSecond[] {
  const { clock, money, change } = record;
  if (clock === null) return [];
  const upTo = Math.min(clock.connectedMs, money.stopAt * 1000 - 1, change?.next?.fromMs ?? Number.POSITIVE_INFINITY);
  return meter(money.tariff, upTo, money.positions, null).due;
}

/** [MO1] Orders the first second that is due, or ends the call where nothing pays for it any more. */
export function plan(record: CallRecord, now: number): Step {
  if (record.clock === null || record.phase === 'settled') return step(record);
  if (record.money.pending !== null) return billingStuck(record, now) ? end(record, 'billing_unavailable', now) : step(record);
  const [first] = dueOf(record);
  if (graceIsOver(record, first)) {
    const stopAt = graceSecondsOf(record);
    return isRunning(record)
      ? end(record, 'balance_exhausted', now, { stopAt })
      : step(withMoney(record, { stopAt: Math.min(stopAt, record.money.stopAt), inGrace: false }));
  }
  if (first) {
    const order = orderFor(record, first);
    return step(withMoney(record, { pending: { order, since: now, unknowns: 0 } }), { kind: 'charge', order });
  }
  return takesOver(record) ? onward(step(switchTariff(record)), (state) => plan(state, now)) : step(record);
}

function orderFor(record: CallRecord, { atSeconds, payer, payee }: DueSecond): ChargeOrder {
  const { money, clock } = record;
  const payerSide = record[record.payer];
  const payeeSide = record[otherSide(record.payer)];
  const grace = money.tariff.grace;
  const carries = money.graceLeft && grace !== undefined && atSeconds < grace.seconds;
  const wall = clock === null ? record.lastNow : clock.countedUntil - (clock.connectedMs - atSeconds * 1000);
  return {
    callId: record.rootId,
    payer: { userId: payerSide.id, shard: payerSide.ledgerShard },
    payee: { userId: payeeSide.id, shard: payeeSide.ledgerShard },
    tariffId: money.tariff.id,
    atSeconds,
    payerCheckpoint: payer && { n: payer.n, unit: payer.unit, amount: payer.amount },
    coversSeconds: coveredNext(record),
    media: record.media,
    payeeCheckpoint: payee && { n: payee.n, unit: payee.unit, amount: payee.amount },
    grace: carries ? { perDay: grace.perDay } : null,
    outage: money.outage,
    eventAt: Math.max(wall, clock?.startedAt ?? 0),
  };
}

/** How long the payer's next checkpoint covers. */
function coveredNext({ money }: CallRecord): number {
  const side = sideOf(money.tariff, 'payer');
  return (side && coveredSeconds(side, money.positions.payer)) ?? 0;
}

/** [MO6] Two payer checkpoints are due and the first of them finds no answer. */
function billingStuck(record: CallRecord, now: number): boolean {
  const { pending } = record.money;
  if (pending === null || !isRunning(record)) return false;
  const unanswered = pending.unknowns > 0 || now - pending.since >= UNANSWERED_MS;
  return unanswered && owedCount(record) >= 2;
}

/** How many of the payer's checkpoints are due and not posted, those of a tariff that waits to take over among them. */
function owedCount(record: CallRecord): number {
  const due = dueOf(record);
  const count = due.filter(({ payer }) => payer !== null).length;
  if (!record.change?.next) return count;
  const { payer, payee } = record.money.positions;
  const posted = due.reduce(
    (at, second) => ({
      payer: second.payer ? past(at.payer, second.payer) : at.payer,
      payee: second.payee ? past(at.payee, second.payee) : at.payee,
    }),
    { payer, payee },
  );
  return count + owedCount(switchTariff(withMoney(record, { positions: posted })));
}

const graceSecondsOf = (record: CallRecord): number => (record.money.graceLeft ? (record.money.tariff.grace?.seconds ?? 0) : 0);

/**
 * [MO4] The house carried the payer up to here, and no payer's checkpoint of this very second asks whether they can pay
 * again.
 */
function graceIsOver(record: CallRecord, first: DueSecond | undefined): boolean {
  const seconds = graceSecondsOf(record);
  if (!record.money.inGrace || record.clock === null || record.clock.connectedMs < seconds * 1000) return false;
  if (first && first.atSeconds < seconds) return false;
  return !(first?.atSeconds === seconds && first.payer !== null);
}

/**
 * [MC4] The tariff of the new medium is next. Not where the money stopped before: what was refused there is still to be
 * paid by the old one, should the call be resumed.
 */
function takesOver({ change, clock, money }: CallRecord): boolean {
  const fromMs = change?.next?.fromMs;
  return fromMs !== undefined && clock !== null && clock.connectedMs >= fromMs && fromMs < money.stopAt * 1000;
}

/** [MC3] From here on the tariff of the new medium counts; `n` goes on. The grace is the call's, not the medium's: it stays. */
function switchTariff(record: CallRecord): CallRecord {
  const next = record.change?.next;
  if (!next) return record;
  const { positions, stopAt, tariff } = record.money;
  const { grace: _itsOwn, ...terms } = next.tariff;
  const moved = {
    payer: switchedTo(sideOf(next.tariff, 'payer'), positions.payer, next.fromMs),
    payee: switchedTo(sideOf(next.tariff, 'payee'), positions.payee, next.fromMs),
  };
  // A shorter limit that has passed already ends the call here, never behind what was posted.
  const limit = isRunning(record) ? Math.max(maxSecondsOf(next.tariff, record.limits), Math.ceil(next.fromMs / 1000)) : stopAt;
  return withMoney(
    { ...record, change: null },
    {
      tariff: { ...terms, ...(tariff.grace ? { grace: tariff.grace } : {}) },
      positions: moved,
      stopAt: limit,
    },
  );
}

/** [MO2] Posted: the receipt grows, each party hears of its own. */
export function posted(record: CallRecord, event: EventOf<'charge.posted'>, now: number): Step {
  const { money } = record;
  const order = money.pending?.order;
  if (!order || order.atSeconds !== event.atSeconds) return step(record);
  const paid = event.items.find(({ party }) => party === 'payer');
  const after = withMoney(record, {
    pending: null,
    positions: {
      payer: order.payerCheckpoint ? past(money.positions.payer, order.payerCheckpoint) : money.positions.payer,
      payee: order.payeeCheckpoint ? past(money.positions.payee, order.payeeCheckpoint) : money.positions.payee,
    },
    inGrace: paid ? paid.paidBy === 'grace' : money.inGrace,
    means: paid ? meansAfter(money.means, paid, order.coversSeconds) : money.means,
  });
  return step(after, ...event.items.flatMap((line): Effect[] => [{ kind: 'line', line }, checkpointFrame(after, line, now)]));
}

/** What the payer has left after a checkpoint: warnings go by it until the books are asked again. */
function meansAfter(means: KnownMeans, { paidBy, balance }: PostedCheckpoint, covered: number): KnownMeans {
  if (paidBy === 'allowance' || paidBy === 'piece') return { ...means, seconds: Math.max(0, means.seconds - covered) };
  return paidBy === 'coins' ? { ...means, amount: balance ?? means.amount } : means;
}

function checkpointFrame(record: CallRecord, line: PostedCheckpoint, now: number): Effect {
  const to = sideOfBilling(record, line.party);
  return {
    kind: 'send',
    to,
    frame: {
      type: 'billing.checkpoint',
      party: line.party,
      n: line.n,
      atSeconds: line.atSeconds,
      unit: line.unit,
      amount: line.amount,
      paidBy: line.paidBy,
      balance: line.balance,
      secondsLeft: billingPartyOf(record, to) === 'payer' ? secondsLeft(record, now) : null,
      nextAt: nextAtOf(record),
    },
  };
}

/** [MO3] Refused: the call ends at that second, and no party's checkpoint at or after it is due. */
export function refusedCharge(record: CallRecord, event: EventOf<'charge.refused'>, now: number): Step {
  const order = record.money.pending?.order;
  if (!order || order.atSeconds !== event.atSeconds) return step(record);
  // The answer to an order that did not yet say "the house pays": the one that does is on its way.
  if (order.outage && !event.outage) return step(record);
  const freed = withMoney(record, { pending: null, stopAt: Math.min(record.money.stopAt, event.atSeconds) });
  return isRunning(record)
    ? end(freed, 'balance_exhausted', now, { stopAt: event.atSeconds, detail: { atSeconds: event.atSeconds } })
    : step(freed);
}

/** [MO5] Nobody knows whether it was posted: the same order is repeated until somebody does. */
export function unknownCharge(record: CallRecord, event: EventOf<'charge.unknown'>): Step {
  const { pending } = record.money;
  if (!pending || pending.order.atSeconds !== event.atSeconds) return step(record);
  return step(withMoney(record, { pending: { ...pending, unknowns: pending.unknowns + 1 } }));
}

/**
 * [WA3] The payer has more (or less) to spend. Enough for the next checkpoint ends the house's grace.
 */
export function funds(record: CallRecord, { means, ...asked }: EventOf<'funds'>, now: number): Step {
  const { money } = record;
  const side = sideOf(money.tariff, 'payer');
  const next = side ? checkpointAt(side, money.positions.payer) : null;
  const covers = side ? coveredSeconds(side, money.positions.payer) : null;
  const paid = next === null || next.amount <= means.amount || (covers !== null && covers <= means.seconds);
  return step(withMoney(record, { means: heard(record, means, asked, now), asking: false, inGrace: money.inGrace && !paid }));
}

/**
 * [WA3] What counts of means that were told. Asked for another medium, or before the payer's checkpoint `n` and told during its
 * charge or after it, they count for nothing and are asked again.
 */
export function heard(
  { money, media }: CallRecord,
  means: KnownMeans,
  asked: Pick<EventOf<'funds'>, 'n' | 'media'>,
  now: number,
): KnownMeans {
  const charging = money.pending?.order.payerCheckpoint != null;
  const crossed = charging || (asked.n ?? money.positions.payer.n) !== money.positions.payer.n || (asked.media ?? media) !== media;
  return crossed ? { ...money.means, until: now } : means;
}

/** [WA4] Asks anew what the payer has, once that may be other than what was told: the day has turned, a plan has ended. */
export function ask(record: CallRecord, now: number): Step {
  const { means, asking, pending } = record.money;
  const stale = means.until != null && now >= means.until;
  if (!stale || asking || !isRunning(record) || pending?.order.payerCheckpoint) return step(record);
  return step(withMoney(record, { asking: true }), { kind: 'means' });
}

/** Connected ms of the next second at which something falls due or the money stops; null before t0, or if nothing follows. */
export function nextStopAt(record: CallRecord): number | null {
  const { clock, money } = record;
  if (clock === null) return null;
  const { nextAt } = meter(money.tariff, clock.connectedMs, money.positions, null);
  const stops = [nextAt ?? Number.POSITIVE_INFINITY, money.stopAt * 1000, ...(money.inGrace ? [graceSecondsOf(record) * 1000] : [])];
  const next = Math.min(...stops.filter((at) => at > clock.connectedMs));
  return Number.isFinite(next) ? next : null;
}

/** The wall's time at which clients are to send their extra `ping`: of the next checkpoint, or sooner to be looked after (PL3). */
export function nextAtOf(record: CallRecord): string | null {
  if (record.phase !== 'active') return null;
  const next = nextStopAt(record);
  const moments = [next === null ? null : wallOf(record, next), record.proveAt].filter((at) => at !== null);
  return moments.length === 0 ? null : toTimestamp(Math.min(...moments));
}

/** Connected ms at which the payer's means run out; null without end. */
function runsOutAt(record: CallRecord): number | null {
  const { tariff, positions, means, inGrace, graceLeft, stopAt } = record.money;
  const side = sideOf(tariff, 'payer');
  if (!side) return null;
  const next = checkpointAt(side, positions.payer);
  const graceSeconds = graceSecondsOf(record);
  if (inGrace && (next === null || next.atSeconds > graceSeconds)) return graceSeconds * 1000;
  const { runsOutAt } = meter(tariff, 0, positions, means, graceLeft).warning;
  return runsOutAt === null || runsOutAt >= stopAt * 1000 ? null : runsOutAt;
}

/** Whole seconds until the balance runs out if nothing freezes; null without end. */
export function secondsLeft(record: CallRecord, now: number): number | null {
  const outAt = runsOutAt(record);
  const wall = outAt === null ? null : wallOf(record, outAt);
  return wall === null ? null : Math.max(0, Math.ceil((wall - now) / 1000));
}

/**
 * [WA4] Connected ms at which the means run out for all that is known; null without end, or where they may be others by then.
 */
function endInSight(record: CallRecord): number | null {
  const outAt = runsOutAt(record);
  const wall = outAt === null ? null : wallOf(record, outAt);
  const { until } = record.money.means;
  return wall === null || (until != null && wall >= until) ? null : outAt;
}

/** Connected ms at which a warning that was not given yet is to be given. */
export function warningsAt(record: CallRecord): readonly number[] {
  const outAt = endInSight(record);
  const { warned } = record.money;
  if (outAt === null || warned === 15) return [];
  return [outAt - 15_000, ...(warned === 60 ? [] : [outAt - 60_000])];
}

/** [WA1] Warns the payer 60 s and 15 s before the end; [WA2] a top-up takes it back with a larger number. */
export function warn(record: CallRecord, now: number): Step {
  // While a charge is under way the balance may be the one after it, heard of before its answer: no cause for alarm yet.
  if (record.phase !== 'active' || record.money.pending?.order.payerCheckpoint) return step(record);
  const left = endInSight(record) === null ? null : secondsLeft(record, now);
  const level = left === null || left > 60 ? null : left > 15 ? 60 : 15;
  const { warned } = record.money;
  if (level === warned) return step(record);
  const told = withMoney(record, { warned: level });
  return left === null ? step(told) : step(told, { kind: 'send', to: record.payer, frame: { type: 'billing.low', secondsLeft: left } });
}
