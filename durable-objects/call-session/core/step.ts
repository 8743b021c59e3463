/** What a rule of the lifecycle gives back, and how steps are joined. */
import type { CallParty } from '../../../worker/protocol/call/call.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { Effect } from './effects.ts';
import type { CallRecord } from './state.ts';

/** What whoever caused the event is told. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly code: ErrorCode; readonly detail: string };

export interface Step {
  readonly state: CallRecord;
  readonly effects: readonly Effect[];
  readonly answer: Answer;
}

export const fine: Answer = { ok: true };

export const step = (state: CallRecord, ...effects: readonly Effect[]): Step => ({ state, effects, answer: fine });

/** Nothing changes, and the one who asked is told why. */
export const refused = (state: CallRecord, code: ErrorCode, detail: string): Step => ({
  state,
  effects: [],
  answer: { ok: false, code, detail },
});

/** Goes on from where `first` led; the answer of `first` stays. */
export function onward(first: Step, next: (state: CallRecord) => Step): Step {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects], answer: first.answer };
}

/** A line of the timeline. */
export const note = (at: number, type: string, detail: Readonly<Record<string, unknown>> = {}, party?: CallParty): Effect => ({
  kind: 'timeline',
  at,
  type,
  detail,
  ...(party === undefined ? {} : { party }),
});
