/** Who is told what, derived from where a decision began and where it led: no rule can forget to tell. */
import type { Effect } from './effects.ts';
import { isQuiet, stateFrame } from './frames.ts';
import { nextAtOf } from './money.ts';
import { type CallRecord, isOver, type Phase, sides } from './state.ts';

/** Phases whose coming is written to the call's row. Reconnecting comes and goes too often for that. */
const recorded: readonly Phase[] = ['ringing', 'connecting', 'active', 'ended', 'settled'];

/** The new state, or the new moment to prove, for both sockets; goes out before anything else the decision sends. */
export function announceState(before: CallRecord, after: CallRecord, now: number): Effect[] {
  const moved = before.phase !== after.phase && after.phase !== 'settled';
  const proveAt = after.phase === 'active' && nextAtOf(before) !== nextAtOf(after);
  return moved || proveAt || before.media !== after.media ? sides.map((party) => stateFrame(after, party, now)) : [];
}

/** Everyone else who must know, and the end; goes out last. */
export function announce(before: CallRecord, after: CallRecord): Effect[] {
  const moved = before.phase !== after.phase;
  const effects: Effect[] = [];
  const back = before.phase === 'reconnecting' && after.phase === 'active';
  if (moved && !back && recorded.includes(after.phase)) effects.push({ kind: 'record', phase: after.phase });
  const rang = before.phase !== 'placing' || after.phase === 'connecting';
  if (moved && rang && (after.phase === 'connecting' || after.phase === 'ended')) {
    effects.push({ kind: 'tell', party: 'caller' }, { kind: 'tell', party: 'callee' });
  }
  const quiet = isQuiet(after);
  if (!isOver(before) && isOver(after)) effects.push(...sides.map((to): Effect => ({ kind: 'farewell', to, close: quiet })));
  else if (isOver(before) && !isQuiet(before) && quiet) effects.push(...sides.map((to): Effect => ({ kind: 'settled', to })));
  return effects;
}
