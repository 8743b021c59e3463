/** What the shop's page shows of a store, and what can be done to it by hand. */

/** Whatever a person at the page may do; a store says which of them an item takes now. */
export const verbs = [
  'refund',
  'refund_part',
  'unrefund',
  'dispute',
  'win',
  'lose',
  'renew',
  'fail',
  'cancel',
  'uncancel',
  'pause',
  'resume',
  'end',
] as const;
export type Verb = (typeof verbs)[number];

export interface Item {
  readonly id: string;
  readonly store: 'stripe' | 'apple' | 'google';
  readonly kind: 'purchase' | 'subscription';
  /** By what the store knows the buyer. */
  readonly who: string;
  readonly what: string;
  /** In cents. */
  readonly amount: number;
  readonly currency: string;
  /** In the store's own word. */
  readonly state: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Until when it is paid; null of what is bought once. */
  readonly until: number | null;
  readonly verbs: readonly Verb[];
}

export interface Store {
  items(): readonly Item[];
  /** @throws Error with a sentence where it can't be done; `undefined` where the item is none of its own */
  act(order: { readonly id: string; readonly verb: Verb; readonly at: number }): true | undefined;
}
