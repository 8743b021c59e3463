/** Phones that providers know. A desk has none: every token of the right form counts as one, until somebody says otherwise. */

export const phoneStates = ['active', 'gone', 'of_another_sender'] as const;
export type PhoneState = (typeof phoneStates)[number];

export class Phones {
  readonly #states = new Map<string, { state: PhoneState; at: number }>();

  set(token: string, state: PhoneState, at: number): void {
    this.#states.set(token.toLowerCase(), { state, at });
  }

  stateOf(token: string): PhoneState {
    return this.#states.get(token.toLowerCase())?.state ?? 'active';
  }

  /** Since when it is so, ms since the epoch. */
  since(token: string): number {
    return this.#states.get(token.toLowerCase())?.at ?? 0;
  }
}

/** An order as it is asked for, or what is wrong with it. */
export function readPhone(body: unknown): { token: string; state: PhoneState } | string {
  const { token, state } = (body ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || token === '') return 'token must be text';
  const known = phoneStates.find((each) => each === state);
  return known ? { token, state: known } : `state must be one of ${phoneStates.join(', ')}`;
}
