/**
 * The lifecycle of a call: every state × every event, and what follows. A pair that is missing does not compile.
 * Deadlines, charges and announcements stand around it in `decide.ts`; here is only what an event itself does.
 */
import { accept, acceptEarly, acceptLate, locksRefused, locksTaken, stopRinging } from './beginning.ts';
import { end } from './ending.ts';
import type { EventOf, EventType } from './events.ts';
import { funds, posted, refusedCharge, unknownCharge } from './money.ts';
import { type CallRecord, isOver, type Phase } from './state.ts';
import { note, refused, type Step, step } from './step.ts';
import { greetLate, mediaChange, mediaConnected, mediaFailed, signal, socketClosed, socketOpened, tariffFound } from './talking.ts';

type Rule<T extends EventType> = (record: CallRecord, event: EventOf<T>, now: number) => Step;
type Row = { readonly [T in EventType]: Rule<T> };

/** Nothing follows. */
const nothing = (record: CallRecord): Step => step(record);
const tooEarly = (record: CallRecord): Step => refused(record, 'validation_failed', 'The call has not been answered yet.');
const tooLate = (record: CallRecord): Step => refused(record, 'call_ended', 'This call is over.');

const stop: Rule<'stop'> = (record, { reason }, now) => end(record, reason, now);
const hangUp: Rule<'hangup'> = (record, { party }, now) => end(record, 'hangup', now, { party });
const rung: Rule<'rung'> = (record, { devices }, now) => step(record, note(now, 'rung', { devices }));
const settle: Rule<'drained'> = (record, _event, now) => step({ ...record, phase: 'settled', settledAt: now }, note(now, 'settled'));

/** Before the answer. */
const unanswered = {
  decline: stopRinging,
  hangup: stopRinging,
  stop,
  'socket.opened': socketOpened,
  'socket.closed': socketClosed,
  'media.connected': tooEarly,
  'media.failed': tooEarly,
  'media.change': tooEarly,
  'tariff.found': nothing,
  signal: tooEarly,
  tick: nothing,
  'charge.posted': nothing,
  'charge.refused': nothing,
  'charge.unknown': nothing,
  funds,
  drained: nothing,
} as const satisfies Partial<Row>;

/** Between the answer and the end. A decline that comes after an answer, from another device, changes nothing. */
const answered = {
  'locks.taken': nothing,
  'locks.refused': nothing,
  rung,
  accept: acceptLate,
  decline: nothing,
  hangup: hangUp,
  stop,
  'socket.opened': socketOpened,
  'socket.closed': socketClosed,
  'media.connected': mediaConnected,
  'media.failed': mediaFailed,
  signal,
  tick: nothing,
  'charge.posted': posted,
  'charge.refused': refusedCharge,
  'charge.unknown': unknownCharge,
  funds,
  drained: nothing,
} as const satisfies Partial<Row>;

/** After the end: one final state. Only its money may still move. */
const over = {
  'locks.taken': nothing,
  'locks.refused': nothing,
  rung: nothing,
  accept: acceptLate,
  decline: nothing,
  hangup: nothing,
  stop: nothing,
  'socket.opened': (record, { party }, now) => greetLate(record, party, now),
  'socket.closed': nothing,
  'media.connected': tooLate,
  'media.failed': tooLate,
  'media.change': tooLate,
  'tariff.found': nothing,
  signal: tooLate,
  tick: nothing,
  funds: nothing,
} as const satisfies Partial<Row>;

export const lifecycle: { readonly [P in Phase]: Row } = {
  placing: { ...unanswered, 'locks.taken': locksTaken, 'locks.refused': locksRefused, rung: nothing, accept: acceptEarly },
  ringing: { ...unanswered, 'locks.taken': nothing, 'locks.refused': nothing, rung, accept },
  connecting: { ...answered, 'media.change': tooEarly, 'tariff.found': nothing },
  active: { ...answered, 'media.change': mediaChange, 'tariff.found': tariffFound },
  reconnecting: { ...answered, 'media.change': mediaChange, 'tariff.found': tariffFound },
  ended: {
    ...over,
    'charge.posted': posted,
    'charge.refused': refusedCharge,
    'charge.unknown': unknownCharge,
    drained: (record, event, now) => (isOver(record) && record.money.pending === null ? settle(record, event, now) : step(record)),
  },
  settled: { ...over, 'charge.posted': nothing, 'charge.refused': nothing, 'charge.unknown': nothing, drained: nothing },
};

/** What the lifecycle makes of one event. */
export function apply<T extends EventType>(record: CallRecord, event: EventOf<T>, now: number): Step {
  const rule = lifecycle[record.phase][event.type] as Rule<T>;
  return rule(record, event, now);
}
