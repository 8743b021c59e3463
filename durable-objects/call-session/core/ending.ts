/** The one way a call ends: a reason that is set once, locks given back, everybody told. */
import type { CallParty, EndReason } from '../../../worker/protocol/call/call.ts';
import type { Effect } from './effects.ts';
import { type CallRecord, isOver, withMoney } from './state.ts';
import { note, type Step, step } from './step.ts';

/**
 * [EN1] Ends a call that is not over yet; an ended one stays as it is.
 * @param more `stopAt`: connected second from which on nothing is due any more; `party`: who brought it about
 */
export function end(
  record: CallRecord,
  reason: EndReason,
  now: number,
  more: { stopAt?: number; party?: CallParty; detail?: Readonly<Record<string, unknown>> } = {},
): Step {
  if (isOver(record)) return step(record);
  const stopAt = Math.min(record.money.stopAt, more.stopAt ?? record.money.stopAt);
  const ended = withMoney(
    {
      ...record,
      phase: 'ended',
      endReason: reason,
      endedAt: now,
      until: null,
      frozenMs: frozenBy(record, now),
      frozenFrom: null,
      change: agreedOnly(record),
    },
    { stopAt },
  );
  const effects: Effect[] = [note(now, 'ended', { reason, ...more.detail }, more.party), { kind: 'unlock' }];
  if (record.phase === 'ringing' && (reason === 'no_answer' || reason === 'cancelled')) effects.push({ kind: 'missed' });
  if (record.phase !== 'placing') effects.push({ kind: 'happened' });
  const outage = reason === 'billing_unavailable' ? carryByHouse(ended) : step(ended);
  return { ...outage, effects: [...effects, ...outage.effects] };
}

/** [MO7] The books could not be reached: what the payer turns out unable to pay, the house pays. */
function carryByHouse(record: CallRecord): Step {
  const { pending } = record.money;
  if (pending === null) return step(withMoney(record, { outage: true }));
  const order = { ...pending.order, outage: true };
  return step(withMoney(record, { outage: true, pending: { ...pending, order } }), { kind: 'charge', order });
}

/** An agreed change of medium still decides what the seconds after it cost; a mere wish is gone. */
const agreedOnly = (record: CallRecord): CallRecord['change'] => (record.change?.next ? record.change : null);

/** Frozen time so far, ms. */
export const frozenBy = (record: CallRecord, now: number): number =>
  record.frozenMs + (record.frozenFrom === null ? 0 : Math.max(0, now - record.frozenFrom));
