/**
 * What the room does beside the conversation: telling others, taking words into the index, going on with what has to be
 * paid. What is due follows from what is stored; the one alarm stands at the earliest, and is set only where none stands
 * earlier.
 */
import { retryPauseMs } from '../kit/alarms.ts';
import { StandingAlarm } from '../kit/standing-alarm.ts';
import type { Room } from './core/state.ts';
import type { RoomStore } from './store.ts';
import type { Till } from './till.ts';

/** How the conversation stands is told others so long after it moved, ms: a quick exchange is one word to them. */
export const TELL_MS = 500;
/** Words are taken into the index when nobody has written for so long, ms; whoever searches before then waits for it. */
export const INDEX_MS = 3_000;
/** Messages taken into the index in one piece: longer would hold up who is writing. */
const INDEX_AT_ONCE = 200;
/** What is under way is looked after by the alarm after this, ms. */
const LOOK_AFTER_MS = 5_000;
/** The alarm waits so long for what it began, ms. */
const ALARM_PATIENCE_MS = 1_000;

export interface DutiesHost {
  readonly storage: DurableObjectStorage;
  readonly store: RoomStore;
  readonly till: Till;
  room(): Room | null;
  /** Tells others how the room stands. @throws where somebody could not be told */
  tell(room: Room): Promise<void>;
  failed(what: string, thrown: unknown): void;
}

export class Duties {
  readonly #host: DutiesHost;
  readonly #alarm: StandingAlarm;
  /** When others are to be told, and words to be indexed, ms; null: there is nothing new. */
  #tellAt: number | null = null;
  #indexAt: number | null = null;
  #lastWroteAt = 0;
  #tries = 0;
  #telling: Promise<void> | null = null;

  constructor(host: DutiesHost) {
    this.#host = host;
    this.#alarm = new StandingAlarm(host.storage);
  }

  /** For the constructor, inside `blockConcurrencyWhile`: what was left undone when the process ended. */
  async recall(): Promise<void> {
    await this.#alarm.recall();
    const room = this.#host.room();
    if (!room) return;
    const { store } = this.#host;
    const now = Date.now();
    const { hubs, lists } = store.toldUpTo();
    this.#lastWroteAt = room.lastAt;
    if (Math.min(hubs, lists) < room.lastSeq || store.droppedMedia().length > 0) this.#tellAt = now;
    if (!store.isIndexed(room)) this.#indexAt = room.lastAt + INDEX_MS;
    // Whoever put a message there sees to it; after a process that died nobody does.
    this.arm(now, store.firstIntents().length > 0 ? now : Number.POSITIVE_INFINITY);
  }

  /** Others are to hear of something; `arm` follows. */
  toTell(now: number): void {
    this.#tellAt ??= now + TELL_MS;
  }

  /** A message came; `arm` follows. */
  toIndex(now: number): void {
    this.#lastWroteAt = now;
    this.#indexAt ??= now + INDEX_MS;
  }

  /** Takes all words into the index at once. */
  indexAll(): void {
    while (this.#indexSome()) {
      // On to the next piece.
    }
    this.#indexAt = null;
  }

  /** After a transaction that was undone, and the alarm with it. */
  mistrust(): void {
    this.#alarm.mistrust();
    this.arm(Date.now());
  }

  /** Sets the alarm to whatever comes next, unless it stands earlier. Safe inside a transaction. */
  arm(now: number, atLatest = Number.POSITIVE_INFINITY): void {
    const { store, till } = this.#host;
    if (!this.#host.room()) return;
    const intents = store
      .firstIntents()
      .map(({ sender, tries, dueAt }) => (tries === 0 || till.isSeeingTo(sender) ? now + LOOK_AFTER_MS : dueAt));
    const tellAt = this.#telling ? now + LOOK_AFTER_MS : this.#tellAt;
    const at = Math.min(atLatest, tellAt ?? Number.POSITIVE_INFINITY, this.#indexAt ?? Number.POSITIVE_INFINITY, ...intents);
    if (!Number.isFinite(at)) return;
    const stands = this.#alarm.comesAt(now);
    if (stands === null || stands > at) this.#alarm.set(Math.max(at, now));
  }

  /** The object's alarm. Never throws: a throwing alarm is given up by the platform after a few tries. */
  async rang(): Promise<void> {
    const { store, till, failed } = this.#host;
    this.#alarm.rang();
    const now = Date.now();
    try {
      const work: Promise<void>[] = [];
      if (this.#tellAt !== null && this.#tellAt <= now) work.push(this.#tell());
      for (const { sender, dueAt } of store.firstIntents()) if (dueAt <= now) work.push(till.see(sender));
      if (this.#indexAt !== null && this.#indexAt <= now) this.#index(now);
      // If the process dies over it, the platform rings again.
      this.arm(now);
      await atMost(Promise.all(work), ALARM_PATIENCE_MS);
      this.arm(Date.now());
    } catch (thrown) {
      failed('the alarm failed', thrown);
      this.#alarm.mistrust();
      this.#alarm.set(Date.now() + LOOK_AFTER_MS);
    }
  }

  #tell(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
      this.arm(Date.now());
    });
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    const room = this.#host.room();
    this.#tellAt = null;
    if (!room) return;
    try {
      await this.#host.tell(room);
      this.#tries = 0;
      if ((this.#host.room()?.lastSeq ?? 0) > room.lastSeq) this.#tellAt ??= Date.now() + TELL_MS;
    } catch (thrown) {
      this.#host.failed('others could not be told', thrown);
      this.#tries += 1;
      this.#tellAt = Date.now() + retryPauseMs(this.#tries);
    }
  }

  /** A piece of the index, when nobody is writing. */
  #index(now: number): void {
    if (now >= this.#lastWroteAt && now - this.#lastWroteAt < INDEX_MS) this.#indexAt = this.#lastWroteAt + INDEX_MS;
    else this.#indexAt = this.#indexSome() ? now : null;
  }

  /** @returns true where some are left */
  #indexSome(): boolean {
    return this.#host.storage.transactionSync(() => this.#host.store.indexNext(INDEX_AT_ONCE));
  }
}

/** Waits for work, but not for longer than this. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let enough: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise((resolve) => {
    enough = setTimeout(resolve, ms);
  });
  await Promise.race([work, pause]);
  if (enough !== undefined) clearTimeout(enough);
}
