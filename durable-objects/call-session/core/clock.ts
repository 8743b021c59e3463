/**
 * Proofs of life and connected time (money.md, "The meter"): the smaller of both parties' last proofs, counted from t0,
 * minus the silences that were too long. Nothing here knows money or ends a call.
 */
import type { CallParty } from '../../../worker/protocol/call/call.ts';
import { type CallRecord, type Gap, isOver, sides, withParty } from './state.ts';

/** [PL1] Writes a proof of life down. Older ones than the last change nothing; media makes it count for the clock. */
export function prove(record: CallRecord, party: CallParty, at: number): CallRecord {
  // What comes after the end proves nothing any more.
  if (isOver(record)) return record;
  const who = record.parties[party];
  const lived = who.lifeAt !== null && who.lifeAt >= at ? record : withParty(record, party, { lifeAt: at });
  if (!who.mediaUp || (who.proofAt !== null && who.proofAt >= at)) return lived;
  const gap = record.clock === null ? null : tooLong(record, who.proofAt, at);
  return count(withParty(lived, party, { proofAt: at, gaps: gap === null ? who.gaps : [...who.gaps, gap] }));
}

/** [CT2] The silence between two proofs, where it is longer than `deadMs`. */
function tooLong(record: CallRecord, from: number | null, to: number): Gap | null {
  return from !== null && to - from > record.limits.deadMs ? { from, to } : null;
}

/** [CT1] Moves the clock to the smaller of both last proofs. */
function count(record: CallRecord): CallRecord {
  const { clock, parties } = record;
  if (clock === null || parties.caller.proofAt === null || parties.callee.proofAt === null) return record;
  const until = Math.min(parties.caller.proofAt, parties.callee.proofAt);
  if (until <= clock.countedUntil) return record;
  const silent = measure(allGaps(record), clock.countedUntil, until);
  const counted: CallRecord = {
    ...record,
    clock: { ...clock, countedUntil: until, connectedMs: clock.connectedMs + (until - clock.countedUntil) - silent },
  };
  return sides.reduce((now, party) => withParty(now, party, { gaps: now.parties[party].gaps.filter(({ to }) => to > until) }), counted);
}

const allGaps = (record: CallRecord): Gap[] =>
  [...record.parties.caller.gaps, ...record.parties.callee.gaps].sort((a, b) => a.from - b.from);

/** How much of [from, to) lies in any of `gaps`, which are sorted by their beginning and may overlap. */
function measure(gaps: readonly Gap[], from: number, to: number): number {
  let covered = 0;
  let upTo = from;
  for (const gap of gaps) {
    const begin = Math.max(gap.from, upTo);
    const end = Math.min(gap.to, to);
    if (end > begin) {
      covered += end - begin;
      upTo = end;
    }
  }
  return covered;
}

/** A proof not older than `deadMs`, with media: this party is in the talk. */
export function isAlive(record: CallRecord, party: CallParty, now: number): boolean {
  const { mediaUp, proofAt } = record.parties[party];
  return mediaUp && proofAt !== null && now - proofAt < record.limits.deadMs;
}

/** The moment of the wall at which connected time reaches `connectedMs` if nobody falls silent; null before t0. */
export function wallOf(record: CallRecord, connectedMs: number): number | null {
  const { clock } = record;
  if (clock === null) return null;
  let wall = clock.countedUntil + (connectedMs - clock.connectedMs);
  let upTo = clock.countedUntil;
  for (const gap of allGaps(record)) {
    const begin = Math.max(gap.from, upTo);
    if (gap.to <= begin || begin >= wall) continue;
    wall += gap.to - begin;
    upTo = gap.to;
  }
  return wall;
}
