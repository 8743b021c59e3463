/** The busy lock as stored, and what taking it needs of others. The decision is in `lock.ts`. */
import { ok, type Result, refuse } from '../../worker/platform/result.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { decideLock } from './lock.ts';
import type { HubStore } from './store.ts';

/**
 * So often the call of a lock is asked even though nobody contests it, ms. Its own unlock is told until it is heard, so
 * this is the net below the net; each question wakes the call.
 */
const ASK_EVERY_MS = 600_000;

export type Locked = { locked: true } | { locked: false; heldBy: CallId; peerId: UserId };

export class Busy {
  readonly #store: HubStore;
  readonly #isOver: (callId: CallId) => Promise<boolean>;
  readonly #changed: (now: number) => void;

  /**
   * @param isOver asks a call; true only if the call itself says so
   * @param changed told whenever the lock was taken or given back
   */
  constructor(store: HubStore, isOver: (callId: CallId) => Promise<boolean>, changed: (now: number) => void) {
    this.#store = store;
    this.#isOver = isOver;
    this.#changed = changed;
  }

  async lock({ callId, peerId, now }: { callId: CallId; peerId: UserId; now: number }): Promise<Result<Locked>> {
    for (;;) {
      const decision = decideLock(this.#store.lock(), callId, this.#store.gaveUpLock(callId));
      if (decision.is === 'over') return refuse('call_ended', 'This call has given its place up.');
      if (decision.is === 'own') return ok({ locked: true });
      if (decision.is === 'free') {
        this.#store.takeLock({ callId, peerId, takenAt: now });
        this.#changed(now);
        return ok({ locked: true });
      }
      const { by } = decision;
      if (!(await this.#isOver(by.callId))) return ok({ locked: false, heldBy: by.callId, peerId: by.peerId });
      // While the other call was asked anything may have happened here: this frees that call's lock only, and the next
      // turn reads anew.
      this.unlock({ callId: by.callId, now });
    }
  }

  unlock({ callId, now }: { callId: CallId; now: number }): void {
    this.#store.freeLock(callId, now);
    this.#changed(now);
  }

  /** Asks the call of a lock that has been held for long, and frees it if that call is over. */
  async check(now: number): Promise<void> {
    const held = this.#store.lock();
    const askedAt = this.#store.lockAskedAt();
    if (!held || askedAt === null || now - askedAt < ASK_EVERY_MS) return;
    this.#store.noteLockAsked(now);
    if (await this.#isOver(held.callId)) this.unlock({ callId: held.callId, now });
  }
}
