/**
 * What somebody may take back for a while, one way for all of it.
 *
 * What has an opposite (block and unblock) is carried out at once, and taking it back carries out the opposite: a reload
 * loses nothing. What has none (signing a device out, marking all notifications as read) waits ten seconds first. A page that goes away carries out what
 * waits; what it still could not, the same tab does when it is back (`ActMemory`).
 */
import { revokeSession } from '../../worker/protocol/http/auth.ts';
import { type BlockReason, blockPerson, unblockPerson } from '../../worker/protocol/http/me.ts';
import type { SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { Api } from './api.ts';
import type { Clock } from './clock.ts';
import { isProblem } from './problem.ts';
import { Store } from './store.ts';

export type Act =
  | {
      readonly kind: 'block' | 'unblock';
      readonly userId: UserId;
      readonly name: string;
      readonly reason: BlockReason;
    }
  | { readonly kind: 'sign_out'; readonly sessionId: SessionId; readonly device: string | null }
  /** Everything in the inbox up to this `seq`. */
  | { readonly kind: 'read_all'; readonly upTo: number };

export interface UndoNote {
  readonly id: number;
  readonly act: Act;
  /** `waiting`: not carried out yet. `failed`: neither done nor undone, as `error` says. */
  readonly state: 'waiting' | 'done' | 'undoing' | 'undone' | 'failed';
  readonly error: unknown;
}

/** Where acts that wait are remembered through a reload of this tab. */
export interface ActMemory {
  read(): readonly Act[];
  write(acts: readonly Act[]): void;
}

export interface UndosOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly memory: ActMemory;
  /** Something was carried out, or taken back: what the screens know of it is old. */
  readonly onChanged: (act: Act) => void;
}

/** So long an act can be taken back before it is carried out, ms; not counted while somebody is at its note. */
export const UNDO_MS = 10_000;
/** More notes than this would hide the screen; the oldest goes. */
const MOST_NOTES = 2;

type Waiting = Extract<Act, { kind: 'sign_out' | 'read_all' }>;
/** Has no opposite: it waits, and once done it is done. */
export const waits = (act: Act): act is Waiting => act.kind === 'sign_out' || act.kind === 'read_all';

export class Undos {
  readonly notes = new Store<readonly UndoNote[]>([]);
  readonly #options: UndosOptions;
  readonly #timers = new Map<number, () => void>();
  #last = 0;

  constructor(options: UndosOptions) {
    this.#options = options;
  }

  /** Carries out what waited when this tab's page went away. */
  begin(): void {
    const { memory } = this.#options;
    for (const act of memory.read()) void this.#perform(act, false).catch(() => undefined);
    memory.write([]);
  }

  /** Carries it out, or begins to wait. Throws what carrying it out throws; then there is nothing to undo. */
  async do(act: Act): Promise<void> {
    if (!waits(act)) await this.#perform(act, false);
    const id = ++this.#last;
    const present = this.notes.get();
    for (const { id: old } of present.slice(0, Math.max(0, present.length + 1 - MOST_NOTES))) this.close(old);
    this.#set([...this.notes.get(), { id, act, state: waits(act) ? 'waiting' : 'done', error: null }]);
    if (waits(act)) this.#wait(id);
  }

  async undo(id: number): Promise<void> {
    const note = this.#find(id);
    if (!note || note.state === 'undoing' || note.state === 'undone') return;
    const { act, state } = note;
    if (waits(act)) {
      if (state !== 'waiting') return;
      this.#stop(id);
      this.#turn(id, 'undone');
      return;
    }
    this.#turn(id, 'undoing');
    try {
      await this.#reverse(act);
      this.#turn(id, 'undone');
    } catch (error) {
      this.#turn(id, 'failed', error);
    }
  }

  /** Takes the note away. What waits is carried out now. */
  close(id: number): void {
    const note = this.#find(id);
    this.#stop(id);
    this.#set(this.notes.get().filter((each) => each.id !== id));
    if (note?.state === 'waiting') void this.#perform(note.act, false).catch((error) => this.#tell(note, error));
  }

  /** Somebody is at the note: the wait stands still, and begins anew with `release`. */
  hold(id: number): void {
    this.#stop(id);
  }

  release(id: number): void {
    if (this.#find(id)?.state === 'waiting') this.#wait(id);
  }

  /** The page goes away: nothing waits any longer. What can't be carried out now stays remembered. */
  async leave(): Promise<void> {
    const waiting = this.notes.get().filter(({ state }) => state === 'waiting');
    for (const { id } of this.notes.get()) this.#stop(id);
    if (waiting.length === 0) return;
    this.notes.set(this.notes.get().filter(({ state }) => state !== 'waiting'));
    try {
      await Promise.all(waiting.map(({ act }) => this.#perform(act, true)));
      this.#options.memory.write([]);
    } catch {
      // The memory still has it: the tab carries it out when it is back.
    }
  }

  #wait(id: number): void {
    this.#stop(id);
    this.#timers.set(
      id,
      this.#options.clock.after(UNDO_MS, () => void this.#carryOut(id)),
    );
  }

  async #carryOut(id: number): Promise<void> {
    const note = this.#find(id);
    if (note?.state !== 'waiting') return;
    this.#turn(id, 'done');
    try {
      await this.#perform(note.act, false);
    } catch (error) {
      this.#turn(id, 'failed', error);
    }
  }

  #tell({ id, act }: UndoNote, error: unknown): void {
    this.#set([...this.notes.get(), { id, act, state: 'failed', error }]);
  }

  async #perform(act: Act, leaving: boolean): Promise<void> {
    const { api, onChanged } = this.#options;
    if (act.kind === 'sign_out') {
      try {
        await api.call(revokeSession, { params: { id: act.sessionId }, keepalive: leaving });
      } catch (thrown) {
        // It ended by itself, or by an earlier try whose answer was lost.
        if (!isProblem(thrown, 'not_found')) throw thrown;
      }
    } else if (act.kind === 'read_all') {
      // It came with the screen on which this was asked for, and is no part of every page.
      const { readNotifications } = await import('../../worker/protocol/http/notifications.ts');
      await api.call(readNotifications, { body: { upTo: act.upTo }, keepalive: leaving });
    } else if (act.kind === 'block') await api.call(blockPerson, { params: { userId: act.userId }, body: { reason: act.reason } });
    else await api.call(unblockPerson, { params: { userId: act.userId } });
    onChanged(act);
  }

  async #reverse(act: Exclude<Act, Waiting>): Promise<void> {
    await this.#perform({ ...act, kind: act.kind === 'block' ? 'unblock' : 'block' }, false);
  }

  #find(id: number): UndoNote | undefined {
    return this.notes.get().find((note) => note.id === id);
  }

  #turn(id: number, state: UndoNote['state'], error: unknown = null): void {
    this.#set(this.notes.get().map((note) => (note.id === id ? { ...note, state, error } : note)));
  }

  #set(notes: readonly UndoNote[]): void {
    this.notes.set(notes);
    this.#options.memory.write(notes.filter(({ state }) => state === 'waiting').map(({ act }) => act));
  }

  #stop(id: number): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }
}
