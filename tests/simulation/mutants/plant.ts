/** How a bug is planted: a copy of the real rules with one of them changed. */
import type { Effect } from '../../../durable-objects/call-session/core/effects.ts';
import type { CallEvent } from '../../../durable-objects/call-session/core/events.ts';
import type { CallRecord } from '../../../durable-objects/call-session/core/state.ts';
import type { Step } from '../../../durable-objects/call-session/core/step.ts';
import type { LedgerModel } from '../ledger-model.ts';
import { type Rules, realRules } from '../rules.ts';

export interface Mutant {
  readonly name: string;
  readonly rules: Rules;
}

type Decide = Rules['decide'];

/** The whole decision is replaced; `real` is the right one. */
export const deciding = (name: string, decide: (real: Decide, before: CallRecord, event: CallEvent, now: number) => Step): Mutant => ({
  name,
  rules: { ...realRules, decide: (before, event, now) => decide(realRules.decide, before, event, now) },
});

/** What was decided is changed afterwards. */
export const afterwards = (name: string, change: (step: Step, before: CallRecord, event: CallEvent) => Step): Mutant =>
  deciding(name, (real, before, event, now) => change(real(before, event, now), before, event));

/** Each effect becomes none, itself, or several. */
export const effecting = (name: string, change: (effect: Effect, record: CallRecord) => readonly Effect[]): Mutant =>
  afterwards(name, (step) => ({ ...step, effects: step.effects.flatMap((effect) => change(effect, step.state)) }));

/** The record a call begins with is changed. */
export const beginning = (name: string, change: (record: CallRecord) => CallRecord): Mutant => ({
  name,
  rules: {
    ...realRules,
    begin: (order) => {
      const step = realRules.begin(order);
      return { ...step, state: change(step.state) };
    },
  },
});

/** The call does not notice its own end for this reason and stays as it was. */
export const deaf = (name: string, reason: NonNullable<CallRecord['endReason']>): Mutant =>
  afterwards(name, (step, before) =>
    step.state.endReason === reason && before.endReason === null
      ? { ...step, state: { ...before, lastNow: step.state.lastNow }, effects: [] }
      : step,
  );

export const ledger = (name: string, of: typeof LedgerModel): Mutant => ({
  name,
  rules: { ...realRules, ledger: (shards) => new of(shards) },
});

export const ruling = (name: string, change: Partial<Rules>): Mutant => ({ name, rules: { ...realRules, ...change } });

export const withMoney = (step: Step, money: Partial<CallRecord['money']>): Step => ({
  ...step,
  state: { ...step.state, money: { ...step.state.money, ...money } },
});
