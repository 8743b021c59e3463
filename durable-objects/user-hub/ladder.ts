/**
 * The climb of one notification: shown in the app, then rung by rung outside it until the person has seen it (realtime.md,
 * "Presence and notifications"). A total table: every event is answered in every state, so that late, early, repeated and
 * reordered ones are as harmless as the right ones. Rules with their ids: SPEC.md, "Ladder".
 */
import type { Kind } from '../../worker/domains/notification/kinds.ts';
import type { Rung } from '../../worker/protocol/notification.ts';

/**
 * `waiting`: for an answer to what was done last, until `dueAt`; `ordered`: the next rung is on the queue; `sending`:
 * whoever takes it from there has asked what to say, and is about to say it.
 */
export type ClimbState = 'waiting' | 'ordered' | 'sending' | 'over';

/** Why it is over. `told`: said on the last rung; `off`: there is nothing to tell any more; `newer`: another one tells it. */
export type Ending = 'acked' | 'read' | 'off' | 'newer' | 'expired' | 'told' | 'unreached';

export interface Climb {
  readonly state: ClimbState;
  /** Rungs ordered so far. */
  readonly steps: number;
  /** When the next rung's turn is, or, of one that was ordered, when it is taken for lost; ms since the epoch. Null: over. */
  readonly dueAt: number | null;
  /** Not worth telling from here on, ms. */
  readonly expiresAt: number;
  readonly ended: Ending | null;
  /** A device outside may have it on its screen. */
  readonly out: boolean;
}

export type ClimbEvent =
  /** The alarm; early, late or twice. */
  | { readonly type: 'due' }
  /** A device has shown it. */
  | { readonly type: 'acked' }
  /** The person has read it. */
  | { readonly type: 'read' }
  /** There is nothing to tell any more: it rings no more. */
  | { readonly type: 'off' }
  /** Another notification of the same topic came. */
  | { readonly type: 'newer' }
  /** Somebody is about to carry out this rung. */
  | { readonly type: 'asked'; readonly rung: Rung }
  /** It went out on this rung, or to nobody. */
  | { readonly type: 'told' | 'unreached'; readonly rung: Rung }
  /** It waits until then (ms), and will be asked about again. */
  | { readonly type: 'deferred'; readonly rung: Rung; readonly until: number };

export type ClimbEffect =
  | { readonly do: 'order'; readonly rung: Rung }
  /** Devices outside that have it are to take it back. */
  | { readonly do: 'recall' };

export interface Stepped {
  readonly climb: Climb;
  readonly effects: readonly ClimbEffect[];
}

type Ladder = Pick<Kind, 'steps' | 'endsBy' | 'ackMs' | 'worthMs' | 'pauseMs'>;
type Rule = (climb: Climb, kind: Ladder, event: ClimbEvent, now: number) => Stepped;

/**
 * [HN9] An order of which nothing was heard for so long is given again, ms: whoever carries it out twice tells nobody twice.
 * Queues lose nothing; what stands behind them may.
 */
const LOST_MS = 15 * 60_000;

/** Waits twice as long each time: a queue that is far behind is not made longer. */
const lostAt = ({ expiresAt }: Climb, { worthMs }: Ladder, now: number): number => now + Math.max(LOST_MS, now - (expiresAt - worthMs));

const stay: Rule = (climb) => ({ climb, effects: [] });

const over = (climb: Climb, ended: Ending, effects: readonly ClimbEffect[] = []): Stepped => ({
  climb: { ...climb, state: 'over', dueAt: null, ended },
  effects,
});

/** On to the next rung, if there is one and it is still worth it. */
function climbOn(climb: Climb, kind: Ladder, now: number, nothingLeft: Ending): Stepped {
  const next = kind.steps[climb.steps];
  if (!next) return over(climb, nothingLeft);
  if (now >= climb.expiresAt) return over(climb, 'expired');
  return {
    climb: { ...climb, state: 'ordered', steps: climb.steps + 1, dueAt: lostAt(climb, kind, now) },
    effects: [{ do: 'order', rung: next.rung }],
  };
}

/** The rung an event speaks of is the one that stands. */
const isPresent = (climb: Climb, kind: Ladder, event: ClimbEvent): boolean =>
  'rung' in event && kind.steps[climb.steps - 1]?.rung === event.rung;

const due: Rule = (climb, kind, _event, now) =>
  climb.dueAt !== null && now < climb.dueAt ? { climb, effects: [] } : climbOn(climb, kind, now, 'told');

const lost: Rule = (climb, kind, _event, now) => {
  const present = kind.steps[climb.steps - 1];
  if (!present || (climb.dueAt !== null && now < climb.dueAt)) return { climb, effects: [] };
  if (now >= climb.expiresAt) return over(climb, 'expired');
  return { climb: { ...climb, dueAt: lostAt(climb, kind, now) }, effects: [{ do: 'order', rung: present.rung }] };
};

const acked: Rule = (climb, kind) => (kind.endsBy === 'ack' ? over(climb, 'acked') : { climb, effects: [] });
const read: Rule = (climb) => over(climb, 'read');
const newer: Rule = (climb) => over(climb, 'newer');
const off: Rule = (climb) => over({ ...climb, out: false }, 'off', climb.out ? [{ do: 'recall' }] : []);
/** What was shown here may still ring elsewhere. */
const offAfterwards: Rule = (climb) => ({ climb: { ...climb, out: false }, effects: climb.out ? [{ do: 'recall' }] : [] });

const asked: Rule = (climb, kind, event, now) => {
  if (!isPresent(climb, kind, event)) return { climb, effects: [] };
  if (now >= climb.expiresAt) return over(climb, 'expired');
  return { climb: { ...climb, state: 'sending', out: true }, effects: [] };
};

const told: Rule = (climb, kind, event, now) => {
  if (!isPresent(climb, kind, event)) return { climb, effects: [] };
  const wait = kind.steps[climb.steps - 1]?.waitMs ?? 0;
  if (wait === 0 && climb.steps === kind.steps.length) return over(climb, 'told');
  return { climb: { ...climb, state: 'waiting', dueAt: now + wait }, effects: [] };
};

const unreached: Rule = (climb, kind, event, now) =>
  isPresent(climb, kind, event) ? climbOn({ ...climb, out: false }, kind, now, 'unreached') : { climb, effects: [] };

const deferred: Rule = (climb, kind, event) =>
  event.type === 'deferred' && isPresent(climb, kind, event)
    ? { climb: { ...climb, state: 'ordered', dueAt: event.until + LOST_MS, out: false }, effects: [] }
    : { climb, effects: [] };

const table: Readonly<Record<ClimbState, Readonly<Record<ClimbEvent['type'], Rule>>>> = {
  waiting: { due, acked, read, off, newer, asked: stay, told: stay, unreached: stay, deferred: stay },
  ordered: { due: lost, acked, read, off, newer: stay, asked, told, unreached, deferred },
  sending: { due: lost, acked, read, off, newer: stay, asked, told, unreached, deferred },
  over: {
    due: stay,
    acked: stay,
    read: stay,
    off: offAfterwards,
    newer: stay,
    asked: stay,
    told: stay,
    unreached: stay,
    deferred: stay,
  },
};

/** What an event makes of a climb at `now` (ms). Effects belong into the same transaction as the climb. */
export const stepClimb = (climb: Climb, kind: Ladder, event: ClimbEvent, now: number): Stepped =>
  table[climb.state][event.type](climb, kind, event, now);

/**
 * A notification that begins to climb at `now`. Where no device is here nobody is waited for.
 * @param before.devices devices that were sent it just now
 * @param before.pushedAt when the topic was last put on the way out, ms; null: never
 * @param before.vain [HN10] rungs that would reach nobody now: whose turn is now is passed over, whose turn comes later is not
 */
export function beginClimb(kind: Ladder, before: { devices: number; pushedAt: number | null; vain?: readonly Rung[] }, now: number): Climb {
  const { devices, pushedAt, vain = [] } = before;
  const dueAt = Math.max(devices > 0 ? now + kind.ackMs : now, pushedAt === null ? 0 : pushedAt + kind.pauseMs);
  const worth = kind.steps.findIndex(({ rung }) => !vain.includes(rung));
  const steps = dueAt > now ? 0 : worth < 0 ? kind.steps.length : worth;
  const climb: Climb = { state: 'waiting', steps, dueAt, expiresAt: now + kind.worthMs, ended: null, out: false };
  return steps > 0 && steps === kind.steps.length ? over(climb, 'unreached').climb : climb;
}

/** More of the same topic is told with this one: nothing has been said yet. */
export const takesMore = ({ state, steps }: Climb): boolean => state === 'ordered' || (state === 'waiting' && steps === 0);

/** Why a rung is not to be carried out; null: it is. `again`: staff have asked for another try. */
export function refusal(climb: Climb, kind: Ladder, asking: { rung: Rung; again: boolean }, now: number): Ending | 'done' | null {
  if (now >= climb.expiresAt) return 'expired';
  if (asking.again) return climb.ended === null || climb.ended === 'told' || climb.ended === 'unreached' ? null : climb.ended;
  if (climb.state === 'over') return climb.ended;
  const present = kind.steps[climb.steps - 1]?.rung === asking.rung && climb.state !== 'waiting';
  return present ? null : 'done';
}
