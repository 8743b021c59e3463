/** From the wish to ring to two people who may connect: locks, ringing, the answer. */
import type { PlaceOrder } from '../../../worker/platform/stubs.ts';
import { end } from './ending.ts';
import type { EventOf } from './events.ts';
import { type CallRecord, isOver, placed } from './state.ts';
import { note, onward, refused, type Step, step } from './step.ts';

/** [PR1] Stored first; the locks come after. */
export function begin(order: PlaceOrder): Step {
  const record = placed(order);
  const detail = { media: order.media, tariffId: order.tariff.id, ...(order.resumes ? { resumes: order.resumes } : {}) };
  return step(record, note(order.now, 'placed', detail, 'caller'), { kind: 'lock' });
}

/** [PR2] Both hubs hold the lock: ring, or go on at once where the other one has answered by ringing back (glare). */
export function locksTaken(record: CallRecord, _event: EventOf<'locks.taken'>, now: number): Step {
  const ringing: CallRecord = { ...record, phase: 'ringing', until: now + record.limits.ringMs };
  if (record.answeredBy !== null) return connect(ringing, now);
  return step(ringing, note(now, 'ringing'), { kind: 'ring' });
}

const refusals = {
  callee_busy: { reason: 'busy', detail: 'They are in another call.' },
  caller_busy: { reason: 'refused', detail: 'You are in another call.' },
  blocked: { reason: 'blocked', detail: 'One of you has blocked the other.' },
} as const;

/** [PR3] A hub holds another call, or [PR5] a block was made before the locks could show this one. */
export function locksRefused(record: CallRecord, { code, joined }: EventOf<'locks.refused'>, now: number): Step {
  const { reason, detail } = refusals[code];
  return end({ ...record, refusal: { code, detail, joined } }, reason, now, { detail: { code, ...(joined ? { joined } : {}) } });
}

const onlyCallee = 'Only the person who is rung can do this.';

/** [GL1] The second of two who ring each other joins before the locks are all taken. */
export function acceptEarly(record: CallRecord, { party, sessionId }: EventOf<'accept'>, now: number): Step {
  if (party !== 'callee') return refused(record, 'forbidden', onlyCallee);
  if (record.answeredBy !== null) return acceptAgain(record, sessionId);
  return step({ ...record, answeredBy: sessionId }, note(now, 'accepted', { early: true }, 'callee'));
}

/** [AC1] The first device to answer wins. */
export function accept(record: CallRecord, { party, sessionId }: EventOf<'accept'>, now: number): Step {
  if (party !== 'callee') return refused(record, 'forbidden', onlyCallee);
  return onward(step({ ...record, answeredBy: sessionId }, note(now, 'accepted', {}, 'callee')), (state) => connect(state, now));
}

const connect = (record: CallRecord, now: number): Step =>
  step(
    { ...record, phase: 'connecting', until: now + record.limits.connectMs },
    note(now, 'connecting'),
    { kind: 'grant', to: 'caller' },
    { kind: 'grant', to: 'callee' },
  );

/** [AC2] The same device gets the same answer again, another one learns that it came too late. */
export function acceptLate(record: CallRecord, { party, sessionId }: EventOf<'accept'>): Step {
  if (party !== 'callee') return refused(record, 'forbidden', onlyCallee);
  return isOver(record) ? refused(record, 'call_ended', 'This call is over.') : acceptAgain(record, sessionId);
}

const acceptAgain = (record: CallRecord, sessionId: EventOf<'accept'>['sessionId']): Step =>
  record.answeredBy === sessionId ? step(record) : refused(record, 'answered_elsewhere', 'This call was answered on another device.');

/** [EN2] The caller who stops ringing cancels; the callee who does declines. */
export const stopRinging = (record: CallRecord, { party }: { readonly party: 'caller' | 'callee' }, now: number): Step =>
  end(record, party === 'caller' ? 'cancelled' : 'declined', now, { party });
