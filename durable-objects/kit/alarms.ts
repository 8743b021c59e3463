/**
 * Named alarms over the one alarm an object has. Each name has a due time in SQLite; the platform's alarm is always set
 * to the earliest. A name is struck off only after its handler has returned, so that a crash in the middle repeats it:
 * handlers must bear being run twice, early runs are answered by arming again, and a handler that throws is run again
 * with a growing pause for as long as it takes (the platform itself gives up after six).
 */
import type { Migration } from './migrations.ts';
import { StandingAlarm } from './standing-alarm.ts';

/** Put this into the object's list of migrations. */
export const alarmsTable: Migration = {
  name: 'named alarms',
  sql: `CREATE TABLE named_alarm (
    name TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0
  )`,
};

export interface AlarmRow {
  readonly name: string;
  /** ms since the epoch. */
  readonly due_at: number;
  /** How often it was run in vain since it was set. */
  readonly tries: number;
  /** Grows whenever it is set, so that a handler which sets its own name again is not struck off afterwards. */
  readonly revision: number;
}

/** Whose turn it is at `now`, the longest due first. */
export const dueAlarms = (rows: readonly AlarmRow[], now: number): readonly AlarmRow[] =>
  rows.filter((row) => row.due_at <= now).sort((a, b) => a.due_at - b.due_at || (a.name < b.name ? -1 : 1));

/** When to wake next, ms since the epoch; null when nothing waits. */
export const nextWake = (rows: readonly Pick<AlarmRow, 'due_at'>[]): number | null =>
  rows.length === 0 ? null : Math.min(...rows.map((row) => row.due_at));

/** The pause before the run after `tries` vain ones, in ms: 1 s, 2 s, 4 s … at most a minute. */
export const retryPauseMs = (tries: number): number => Math.min(1_000 * 2 ** Math.max(0, tries - 1), 60_000);

export type AlarmHandler = (now: number) => void | Promise<void>;

export class NamedAlarms<Name extends string> {
  readonly #storage: DurableObjectStorage;
  readonly #standing: StandingAlarm;
  readonly #handlers: Readonly<Record<Name, AlarmHandler>>;
  readonly #failed: (name: Name, thrown: unknown) => void;

  /** @param failed told of every handler that threw, to write it down */
  constructor(
    storage: DurableObjectStorage,
    handlers: Readonly<Record<Name, AlarmHandler>>,
    failed: (name: Name, thrown: unknown) => void,
  ) {
    this.#storage = storage;
    this.#standing = new StandingAlarm(storage);
    this.#handlers = handlers;
    this.#failed = failed;
  }

  /** Sets (or moves) a name's due time, in ms. Safe inside `transactionSync`. */
  set(name: Name, at: number): void {
    // Set as it is already: nothing to write.
    if (this.#row(name)?.tries === 0 && this.at(name) === Math.ceil(at)) return;
    this.#storage.sql.exec(
      `INSERT INTO named_alarm (name, due_at) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, tries = 0, revision = revision + 1`,
      name,
      Math.ceil(at),
    );
    this.#arm();
  }

  /** Sets a name unless it is already due earlier. */
  setAtLatest(name: Name, at: number): void {
    const present = this.at(name);
    if (present === null || present > at) this.set(name, at);
  }

  clear(name: Name): void {
    if (!this.#row(name)) return;
    this.#storage.sql.exec('DELETE FROM named_alarm WHERE name = ?', name);
    this.#arm();
  }

  /** When a name is due, or null. */
  at(name: Name): number | null {
    return this.#row(name)?.due_at ?? null;
  }

  /**
   * For the object's constructor, as the last thing: an alarm that was lost with the process is set again, and one that
   * is past due fires at once. What stands as it should is left alone.
   */
  wake(state: Pick<DurableObjectState, 'blockConcurrencyWhile'>): void {
    void state.blockConcurrencyWhile(async () => {
      await this.#standing.recall();
      this.#arm();
    });
  }

  /** Sets the platform's alarm to the earliest name. */
  #arm(): void {
    const next = nextWake(this.#rows());
    if (next === null) this.#standing.clear();
    else this.#standing.set(next);
  }

  /** The object's `alarm()`: runs everything due, each name on its own, and sets the platform's alarm again. Never throws. */
  async fire(now: number): Promise<void> {
    this.#standing.rang();
    for (const row of dueAlarms(this.#rows(), now)) {
      const name = row.name as Name;
      const handler = this.#handlers[name];
      if (!handler) {
        // A name that newer or older code has set: nobody here knows it.
        this.#storage.sql.exec('DELETE FROM named_alarm WHERE name = ?', name);
        continue;
      }
      // Due again in a while already before it runs: if the process dies inside the handler, the platform rings again,
      // and it is repeated.
      this.#storage.sql.exec(
        'UPDATE named_alarm SET tries = tries + 1, due_at = ? WHERE name = ?',
        now + retryPauseMs(row.tries + 1),
        name,
      );
      try {
        await handler(now);
        this.#storage.sql.exec('DELETE FROM named_alarm WHERE name = ? AND revision = ?', name, row.revision);
      } catch (thrown) {
        this.#failed(name, thrown);
      }
    }
    this.#arm();
  }

  #row(name: Name): AlarmRow | undefined {
    return this.#rows().find((row) => row.name === name);
  }

  #rows(): AlarmRow[] {
    return this.#storage.sql.exec('SELECT name, due_at, tries, revision FROM named_alarm').toArray() as unknown as AlarmRow[];
  }
}
