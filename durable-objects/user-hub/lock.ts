/**
 * The busy lock: a person is in one call at a time. A lock that stands in the way is neither believed nor timed out:
 * its call is asked, and only one that has ended, or was never stored, gives it up (calls.md, "Busy locks").
 */
import type { CallId, UserId } from '../../worker/protocol/ids.ts';

export interface BusyLock {
  readonly callId: CallId;
  /** The other person in that call. */
  readonly peerId: UserId;
  /** ms since the epoch. */
  readonly takenAt: number;
}

export type LockDecision =
  | { readonly is: 'free' }
  /** The same call asks again: the same answer. */
  | { readonly is: 'own' }
  /** Another call holds it; ask that one. */
  | { readonly is: 'contested'; readonly by: BusyLock }
  /** The call gave its lock up before: this order is a late echo, and taking it would leave a lock nobody frees. */
  | { readonly is: 'over' };

/** What to say to a call that wants the lock. */
export function decideLock(held: BusyLock | null, wanted: CallId, gaveUp: boolean): LockDecision {
  if (gaveUp) return { is: 'over' };
  if (held === null) return { is: 'free' };
  return held.callId === wanted ? { is: 'own' } : { is: 'contested', by: held };
}

/** True if a call with this liveness holds no lock any longer. */
export const freesLock = (liveness: 'running' | 'ended' | 'unknown'): boolean => liveness !== 'running';
