/**
 * What a decision asks for, as data. Three kinds: written in the same transaction as the decision; put in the outbox,
 * carried out at least once and idempotent; sent to sockets that are open now, and lost with them (a client that comes
 * back is told everything anew).
 */
import type { ChargeOrder, PostedCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { CallMedia, CallParty } from '../../../worker/protocol/call/call.ts';
import type { CallDown } from '../../../worker/protocol/call/down.ts';
import type { Phase } from './state.ts';

/** Written with the decision. */
export type WrittenEffect =
  | {
      readonly kind: 'timeline';
      readonly at: number;
      readonly type: string;
      readonly party?: CallParty;
      readonly detail: Readonly<Record<string, unknown>>;
    }
  /** A line of the receipt. */
  | { readonly kind: 'line'; readonly line: PostedCheckpoint };

/** Carried out from the outbox. */
export type OutboxEffect =
  /** Take the busy locks, the lower user id first. Answers `locks.taken` or `locks.refused`. */
  | { readonly kind: 'lock' }
  /** Give both locks back; those not held are left alone. */
  | { readonly kind: 'unlock' }
  /** Ring every device of the callee. Answers `rung`. */
  | { readonly kind: 'ring' }
  /** Tell the devices of one party what the call is now. */
  | { readonly kind: 'tell'; readonly party: CallParty }
  /** Post one second's checkpoints. Answers `charge.posted`, `charge.refused` or `charge.unknown`; unknown is repeated. */
  | { readonly kind: 'charge'; readonly order: ChargeOrder }
  /** Find the tariff of the other medium, and what the payer has for it. Answers `tariff.found`. */
  | { readonly kind: 'tariff'; readonly media: CallMedia }
  /** Ask what the payer has now. Answers `funds`. */
  | { readonly kind: 'means' }
  /** Write the call's row as it is now. */
  | { readonly kind: 'record'; readonly phase: Phase }
  /** Leave the callee a note about a call they missed. */
  | { readonly kind: 'missed' }
  /** Say in the event log that the call ended. */
  | { readonly kind: 'happened' };

/** For the sockets that are open now. */
export type SocketEffect =
  | { readonly kind: 'send'; readonly to: CallParty; readonly frame: CallDown }
  /** Fresh media credentials. */
  | { readonly kind: 'grant'; readonly to: CallParty }
  /** `call.ended` with the receipt; `close` where that receipt is final. */
  | { readonly kind: 'farewell'; readonly to: CallParty; readonly close: boolean }
  /** `receipt.settled` with the final receipt, then close. */
  | { readonly kind: 'settled'; readonly to: CallParty };

export type Effect = WrittenEffect | OutboxEffect | SocketEffect;

const written = new Set<Effect['kind']>(['timeline', 'line']);
const fleeting = new Set<Effect['kind']>(['send', 'grant', 'farewell', 'settled']);
export const isWritten = (effect: Effect): effect is WrittenEffect => written.has(effect.kind);
export const isForSockets = (effect: Effect): effect is SocketEffect => fleeting.has(effect.kind);
export const isForOutbox = (effect: Effect): effect is OutboxEffect => !isWritten(effect) && !isForSockets(effect);
