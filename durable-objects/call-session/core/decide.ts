/**
 * One decision: the record, what happened, and when → the next record and what is to be done. Pure; whoever calls it
 * stores both in one transaction and carries out the effects afterwards (SPEC.md).
 */
import { announce, announceState } from './announcing.ts';
import type { CallEvent } from './events.ts';
import { apply } from './lifecycle.ts';
import { ask, plan, warn } from './money.ts';
import { askForProof, passTime, takeProofs } from './passing.ts';
import type { CallRecord } from './state.ts';
import { onward, type Step, step } from './step.ts';

export type Decision = Step;

/**
 * @param clock the wall, ms since the epoch; [TI1] a step backwards holds the call's time still until it has caught up
 */
export function decide(before: CallRecord, event: CallEvent, clock: number): Decision {
  const now = Math.max(clock, before.lastNow);
  const proved = onward(takeProofs({ ...before, lastNow: now }, event.proofs ?? {}, now), (state) => passTime(state, now));
  // Before what the event brings is told: that names the moment too.
  const arrived = onward(proved, (state) => step(askForProof(state, now)));
  const acted = apply(arrived.state, event, now);
  const led = onward({ ...acted, effects: [...arrived.effects, ...acted.effects] }, (state) => passTime(state, now));
  // A tariff that takes over may have a limit that has passed already.
  const planned = onward(
    onward(led, (state) => plan(state, now)),
    (state) => passTime(state, now),
  );
  const priced = onward(
    onward(planned, (state) => ask(state, now)),
    (state) => warn(state, now),
  );
  const { answer } = priced;
  const state = askForProof(priced.state, now);
  return { state, answer, effects: [...announceState(before, state, now), ...priced.effects, ...announce(before, state)] };
}

export { begin } from './beginning.ts';
export { nextWake } from './passing.ts';
