/** Everything that can happen to a call. What an effect brought back is an event like any other. */

import type { PostedCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { CallMedia, CallParty, EndReason } from '../../../worker/protocol/call/call.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { CallId, SessionId } from '../../../worker/protocol/ids.ts';
import type { KnownMeans, Money } from './state.ts';

/** The last proofs of life the platform saw on the present sockets, ms since the epoch; null where there is none. */
export type Proofs = Readonly<Partial<Record<CallParty, number | null>>>;

/** Events by type; `proofs` may come with any of them and are taken in first. */
export interface EventBodies {
  /** Both hubs hold the busy lock for this call. */
  'locks.taken': object;
  /** A hub holds another call; `joined` names it where it is the same two people's (glare). Or they are `blocked` by now. */
  'locks.refused': { code: Extract<ErrorCode, 'callee_busy' | 'caller_busy' | 'blocked'>; joined: CallId | null };
  /** The callee's hub rang so many devices. */
  rung: { devices: number };
  accept: { party: CallParty; sessionId: SessionId };
  decline: { party: CallParty };
  hangup: { party: CallParty };
  stop: { reason: Extract<EndReason, 'blocked' | 'moderated'> };
  /** A socket of the party opened; an older one of the same party is replaced. */
  'socket.opened': { party: CallParty };
  'socket.closed': { party: CallParty };
  'media.connected': { party: CallParty };
  'media.failed': { party: CallParty; provider: string; reason: string };
  'media.change': { party: CallParty; media: CallMedia };
  /**
   * Answer to the effect `tariff`; null where the other medium has no price here. `means` is what the payer has for that
   * medium: a moment lasts half as long by video; `n` as with `funds`.
   */
  'tariff.found': { media: CallMedia; tariff: Money['tariff'] | null; means: KnownMeans | null; n?: number };
  signal: { party: CallParty; data: Readonly<Record<string, unknown>> };
  /** Nothing but time: an alarm, or somebody asking. */
  tick: object;
  /** Answers to the effect `charge` of this connected second. */
  'charge.posted': { atSeconds: number; items: readonly PostedCheckpoint[] };
  /** `outage` repeats the order's: a refusal of an order without it says nothing about one with it. */
  'charge.refused': { atSeconds: number; outage: boolean };
  'charge.unknown': { atSeconds: number };
  /** What the payer has to spend; their next checkpoint (`n`) and the medium when it was asked, left out: those of this moment. */
  funds: { means: KnownMeans; n?: number; media?: CallMedia };
  /** Every effect of the outbox was carried out. */
  drained: object;
}

export type EventType = keyof EventBodies;
export type EventOf<T extends EventType> = { readonly type: T; readonly proofs?: Proofs } & Readonly<EventBodies[T]>;
export type CallEvent = { [T in EventType]: EventOf<T> }[EventType];
