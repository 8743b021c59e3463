/**
 * What time alone does to a call, and when the object must wake to see it. Decided from `now` and written proofs, so it
 * comes out the same whether an alarm was on time, late or lost.
 */
import { isAlive, prove, wallOf } from './clock.ts';
import { end, frozenBy } from './ending.ts';
import type { Proofs } from './events.ts';
import { nextStopAt, warningsAt } from './money.ts';
import { type CallRecord, isRunning, sides, withParty } from './state.ts';
import { note, onward, type Step, step } from './step.ts';

/** [FR3] The clock may be frozen so often; the freeze that reaches it ends the call. */
export const MAX_FREEZES = 3;
/** While something is awaited that only a proof can show, the object looks this often, ms. */
const LOOK_MS = 2_500;
/** How long a ping that was sent at a checkpoint's second may be on its way, ms. */
const PING_TRAVEL_MS = 400;
/** The same for one that was asked for in between: nobody waits for that look, and one that finds a ping is a look less. */
const ASKED_TRAVEL_MS = 800;

/** [PL2] Takes in proofs that the platform collected; each may close a silence. */
export function takeProofs(record: CallRecord, proofs: Proofs, now: number): Step {
  return sides.reduce<Step>((before, party) => {
    const at = proofs[party];
    return at == null ? before : onward(before, (state) => takeProof(state, party, Math.min(at, now), now));
  }, step(record));
}

/** A proof of `party` from the moment `at`. */
export function takeProof(record: CallRecord, party: (typeof sides)[number], at: number, now: number): Step {
  const { lifeAt, proofAt, mediaUp } = record.parties[party];
  const { deadMs, reconnectMs } = record.limits;
  if (!isRunning(record)) return step(prove(record, party, at));
  // [RC4] Whoever was away this long finds the call over, even if no alarm saw it.
  if (lifeAt !== null && at - lifeAt >= deadMs + reconnectMs) return end(record, 'lost', now, { party });
  const closesGap = record.phase === 'active' && mediaUp && proofAt !== null && at - proofAt > deadMs;
  return onward(closesGap ? freeze(record, now) : step(record), (state) => step(prove(state, party, at)));
}

/** Applies every deadline that has passed at `now`. */
export function passTime(record: CallRecord, now: number): Step {
  let passed = step(record);
  for (;;) {
    const next = onePass(passed.state, now);
    if (next === null) return passed;
    passed = onward(passed, () => next);
  }
}

function onePass(record: CallRecord, now: number): Step | null {
  const over = record.until !== null && now >= record.until;
  switch (record.phase) {
    case 'placing':
      return over ? giveUpPlacing(record, now) : null;
    case 'ringing':
      return over ? end(record, 'no_answer', now) : null;
    case 'connecting':
      if (over) return end(record, 'connect_failed', now);
      return sides.every((party) => isAlive(record, party, now)) ? start(record, now) : null;
    case 'active':
      if (reachedStop(record)) return end(record, 'max_duration', now);
      return silenceAt(record) <= now ? freeze(record, now) : null;
    case 'reconnecting':
      if (reachedStop(record)) return end(record, 'max_duration', now);
      return endOfReconnecting(record, now) ?? (sides.every((party) => isAlive(record, party, now)) ? thaw(record, now) : null);
    case 'ended':
    case 'settled':
      return null;
  }
}

/** [PR4] Locks that could not be had in time; whoever placed the call is told to try again. */
function giveUpPlacing(record: CallRecord, now: number): Step {
  const refusal = { code: 'overloaded' as const, detail: 'The call could not be set up in time. Please try again.', joined: null };
  return end({ ...record, refusal }, 'refused', now);
}

/** [CN2] t0: both have media. */
function start(record: CallRecord, now: number): Step {
  const fresh = sides.reduce((state, party) => withParty(state, party, { noMediaSince: null, gaps: [] }), record);
  const clock = { startedAt: now, countedUntil: now, connectedMs: record.offsetMs };
  return step({ ...fresh, phase: 'active', until: null, clock }, note(now, 'connected', { offsetMs: record.offsetMs }));
}

/** [MD1] The longest a call may be, in proved time. */
const reachedStop = (record: CallRecord): boolean => record.clock !== null && record.clock.connectedMs >= record.money.stopAt * 1000;

/** When the first of both has been silent for `deadMs`. */
const silenceAt = (record: CallRecord): number =>
  Math.min(...sides.map((party) => (record.parties[party].proofAt ?? 0) + record.limits.deadMs));

/** [FR1] The clock stands at the last proof. */
function freeze(record: CallRecord, now: number): Step {
  const freezes = record.freezes + 1;
  const frozenFrom = record.clock?.countedUntil ?? now;
  const silent = sides.filter((party) => !isAlive(record, party, now));
  const frozen: CallRecord = { ...record, phase: 'reconnecting', freezes, frozenFrom };
  const until = Math.min(...endsOfReconnecting(frozen).map(({ at }) => at));
  const noted = step({ ...frozen, until }, note(now, 'reconnecting', { silent, frozenFrom, freezes }));
  return freezes >= MAX_FREEZES ? onward(noted, (state) => end(state, 'lost', now, { detail: { freezes } })) : noted;
}

/** [RC2] Both are back: the clock goes on, t0 stays. */
function thaw(record: CallRecord, now: number): Step {
  const frozenMs = frozenBy(record, now);
  return step({ ...record, phase: 'active', until: null, frozenMs, frozenFrom: null }, note(now, 'reconnected', { frozenMs }));
}

/** Everything that may end a reconnecting call, and when. */
function endsOfReconnecting(record: CallRecord): readonly { reason: 'lost' | 'solo'; at: number }[] {
  const { deadMs, reconnectMs, soloMs, frozenMs } = record.limits;
  const frozen = { reason: 'lost' as const, at: (record.frozenFrom ?? record.lastNow) + frozenMs - record.frozenMs };
  return [
    frozen,
    ...sides.flatMap((party) => {
      const { lifeAt, noMediaSince } = record.parties[party];
      return [
        ...(lifeAt === null ? [] : [{ reason: 'lost' as const, at: lifeAt + deadMs + reconnectMs }]),
        ...(noMediaSince === null ? [] : [{ reason: 'solo' as const, at: noMediaSince + soloMs }]),
      ];
    }),
  ];
}

function endOfReconnecting(record: CallRecord, now: number): Step | null {
  const [first] = endsOfReconnecting(record)
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at - b.at);
  return first ? end(record, first.reason, now) : null;
}

/**
 * When the object must look next, ms since the epoch; null once the call is over. A proof only shows when somebody
 * looks, so an active call is looked at while a late look can still be told from a silence.
 */
export function nextWake(record: CallRecord, now: number): number | null {
  const look = now + Math.min(record.limits.heartbeatMs, LOOK_MS);
  const until = record.until ?? Number.POSITIVE_INFINITY;
  switch (record.phase) {
    case 'placing':
    case 'ringing':
      return until;
    case 'connecting':
      return Math.min(until, sides.every((party) => record.parties[party].mediaUp) ? look : until);
    case 'active':
      return Math.min(
        record.proveAt === null ? Math.max(silenceAt(record), now) : record.proveAt + travelOf(record),
        whenProvable(record, nextStopAt(record), now, look),
        // What is past is asked for as soon as no charge is under way: its answer wakes the call.
        ...[...warningsAt(record).map((connectedMs) => wallOf(record, connectedMs)), record.money.means.until]
          .map((at) => at ?? Number.POSITIVE_INFINITY)
          .filter((at) => at > now),
      );
    case 'reconnecting':
      return Math.min(Math.max(Math.min(...endsOfReconnecting(record).map(({ at }) => at)), now), look);
    case 'ended':
    case 'settled':
      return null;
  }
}

/** When the pings that both send at the second itself have had time to come; while it is not proved, again soon. */
function whenProvable(record: CallRecord, connectedMs: number | null, now: number, look: number): number {
  if (connectedMs === null) return Number.POSITIVE_INFINITY;
  const wall = (wallOf(record, connectedMs) ?? Number.POSITIVE_INFINITY) + PING_TRAVEL_MS;
  return wall > now ? wall : look;
}

/**
 * [PL3] Asks both for a proof at one moment, after which one look is enough for both. While it is to come it stays, unless
 * proofs that came since allow a much later one.
 */
export function askForProof(record: CallRecord, now: number): CallRecord {
  const { proveAt } = record;
  const travel = travelOf(record);
  const at = record.phase === 'active' ? looksAt(record) - travel / 2 : null;
  if (at !== null && proveAt !== null && proveAt + travel > now && at - proveAt <= record.limits.heartbeatMs) return record;
  // Too late to ask: whoever is silent by now is looked for when the silence is too long.
  const next = at !== null && at > now ? at : null;
  return next === proveAt ? record : { ...record, proveAt: next };
}

/** Less where silences are measured in less. */
const travelOf = ({ limits }: CallRecord): number => Math.min(ASKED_TRAVEL_MS, limits.deadMs / 16);

/** Late enough to find two heartbeats more, early enough that a late alarm still finds the last of them in time. */
function looksAt(record: CallRecord): number {
  const { deadMs, heartbeatMs } = record.limits;
  return (
    Math.min(...sides.map((party) => record.parties[party].proofAt ?? record.lastNow)) + Math.max(deadMs - heartbeatMs / 2, deadMs / 2)
  );
}
