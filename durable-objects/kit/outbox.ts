/**
 * What an object still has to tell others. An entry is written in the same transaction as the decision it follows from
 * and struck off in the same transaction as what its answer changes: told at least once, in order per entity, entities
 * beside one another. A delivery that fails is repeated with a growing pause; after `maxTries` the entry is parked: it
 * steps aside for those behind it, is counted, and waits for `unpark`.
 */
import { retryPauseMs } from './alarms.ts';
import type { Migration } from './migrations.ts';

/** Put this into the object's list of migrations. */
export const outboxTable: Migration = {
  name: 'outbox',
  sql: `CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entity TEXT NOT NULL,
    key TEXT UNIQUE,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    parked INTEGER NOT NULL DEFAULT 0
  )`,
};

export interface OutboxEntry<Body> {
  readonly id: number;
  /** Entries of one entity are told in the order they were put. */
  readonly entity: string;
  readonly body: Body;
  /** Vain deliveries so far. */
  readonly tries: number;
}

/**
 * How a delivery went. A function means done, and is run in the transaction that strikes the entry off: the place to
 * turn an answer into the next event.
 */
export type Delivery = 'done' | 'later' | 'park' | (() => void);

interface OutboxRow {
  id: number;
  entity: string;
  body: string;
  tries: number;
  due_at: number;
}

export class Outbox<Body> {
  readonly #storage: DurableObjectStorage;
  readonly #maxTries: number;
  readonly #pauseMs: (tries: number) => number;
  readonly #failed: (entry: OutboxEntry<Body>, thrown: unknown) => void;
  readonly #underWay = new Set<string>();

  /**
   * @param failed told of every delivery that threw, to write it down
   * @param bounds `maxTries` deliveries before an entry is parked, `pauseMs` between them
   */
  constructor(
    storage: DurableObjectStorage,
    failed: (entry: OutboxEntry<Body>, thrown: unknown) => void,
    bounds: { maxTries: number; pauseMs?: (tries: number) => number },
  ) {
    this.#storage = storage;
    this.#failed = failed;
    this.#maxTries = bounds.maxTries;
    this.#pauseMs = bounds.pauseMs ?? retryPauseMs;
  }

  /** Adds an entry, due now. One with a `key` that is still inside changes nothing. Meant for inside `transactionSync`. */
  put(entity: string, body: Body, now: number, key: string | null = null): void {
    this.#storage.sql.exec(
      'INSERT INTO outbox (entity, key, body, due_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
      entity,
      key,
      JSON.stringify(body),
      now,
    );
  }

  /** Entries not yet told, parked ones among them. */
  size(): number {
    return this.#count('SELECT count(*) AS n FROM outbox');
  }

  parked(): number {
    return this.#count('SELECT count(*) AS n FROM outbox WHERE parked = 1');
  }

  /** Gives parked entries another round of tries. */
  unpark(now: number): void {
    this.#storage.sql.exec('UPDATE outbox SET parked = 0, tries = 0, due_at = ? WHERE parked = 1', now);
  }

  /** When the next entry is due, ms since the epoch; null when none waits. Set an alarm to it. */
  nextAt(): number | null {
    const heads = this.#heads();
    return heads.length === 0 ? null : Math.min(...heads.map((head) => head.due_at));
  }

  /**
   * Tells everything that is due, one entry at a time per entity, and returns when nothing due is left. Called while
   * it runs, it only begins with entities that are not under way. Never throws.
   * @param clock the present, ms since the epoch, read anew after each delivery
   */
  async drain(clock: () => number, deliver: (entry: OutboxEntry<Body>) => Promise<Delivery>): Promise<void> {
    const ready = this.#heads().filter((head) => head.due_at <= clock() && !this.#underWay.has(head.entity));
    await Promise.all(ready.map((head) => this.#tell(head.entity, clock, deliver)));
  }

  async #tell(entity: string, clock: () => number, deliver: (entry: OutboxEntry<Body>) => Promise<Delivery>): Promise<void> {
    this.#underWay.add(entity);
    try {
      for (let head = this.#head(entity); head && head.due_at <= clock(); head = this.#head(entity)) {
        const entry: OutboxEntry<Body> = { id: head.id, entity, body: JSON.parse(head.body) as Body, tries: head.tries };
        let delivery: Delivery;
        try {
          delivery = await deliver(entry);
        } catch (thrown) {
          this.#failed(entry, thrown);
          delivery = 'later';
        }
        this.#settle(entry, delivery, clock());
      }
    } finally {
      this.#underWay.delete(entity);
    }
  }

  #settle(entry: OutboxEntry<Body>, delivery: Delivery, now: number): void {
    const { sql } = this.#storage;
    if (delivery === 'park' || (delivery === 'later' && entry.tries + 1 >= this.#maxTries)) {
      sql.exec('UPDATE outbox SET parked = 1, tries = tries + 1 WHERE id = ?', entry.id);
    } else if (delivery === 'later') {
      sql.exec('UPDATE outbox SET tries = tries + 1, due_at = ? WHERE id = ?', now + this.#pauseMs(entry.tries + 1), entry.id);
    } else {
      this.#storage.transactionSync(() => {
        sql.exec('DELETE FROM outbox WHERE id = ?', entry.id);
        if (typeof delivery === 'function') delivery();
      });
    }
  }

  #heads(): OutboxRow[] {
    return this.#storage.sql
      .exec(
        `SELECT id, entity, body, tries, due_at FROM outbox
         WHERE id IN (SELECT min(id) FROM outbox WHERE parked = 0 GROUP BY entity) ORDER BY id`,
      )
      .toArray() as unknown as OutboxRow[];
  }

  #head(entity: string): OutboxRow | undefined {
    return this.#heads().find((head) => head.entity === entity);
  }

  #count(query: string): number {
    return Number(this.#storage.sql.exec(query).one().n);
  }
}
