/** How a payment that a member began goes on: every state and everything that can be heard of it. */

export type IntentState = 'created' | 'requires_action' | 'succeeded' | 'failed' | 'expired' | 'refunded';

export type IntentEvent =
  /** The cardholder has to confirm. */
  | 'asks'
  /** It is in the books. */
  | 'paid'
  | 'declined'
  /** Nobody paid in time. */
  | 'lapsed'
  /** All of it went back. */
  | 'given_back';

/**
 * Total. Money that comes after its intent was given up has come all the same, and what was given back was paid before,
 * whichever of the two is heard first.
 */
export const intentTable: Readonly<Record<IntentState, Readonly<Record<IntentEvent, IntentState>>>> = {
  created: { asks: 'requires_action', paid: 'succeeded', declined: 'failed', lapsed: 'expired', given_back: 'refunded' },
  requires_action: { asks: 'requires_action', paid: 'succeeded', declined: 'failed', lapsed: 'expired', given_back: 'refunded' },
  succeeded: { asks: 'succeeded', paid: 'succeeded', declined: 'succeeded', lapsed: 'succeeded', given_back: 'refunded' },
  failed: { asks: 'failed', paid: 'succeeded', declined: 'failed', lapsed: 'failed', given_back: 'refunded' },
  expired: { asks: 'expired', paid: 'succeeded', declined: 'expired', lapsed: 'expired', given_back: 'refunded' },
  refunded: { asks: 'refunded', paid: 'refunded', declined: 'refunded', lapsed: 'refunded', given_back: 'refunded' },
};

export const nextState = (state: IntentState, event: IntentEvent): IntentState => intentTable[state][event];

export const isOpen = (state: IntentState): boolean => state === 'created' || state === 'requires_action';

/** A Checkout is open for so long, ms; Stripe allows no less than half an hour. */
export const CHECKOUT_MS = 31 * 60_000;
/** A bank is waited for so long, ms. */
export const TOP_UP_MS = 15 * 60_000;
