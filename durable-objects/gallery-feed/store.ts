/** The feed's tables and the only SQL over them. */
import type { UserId } from '../../worker/protocol/ids.ts';
import type { PresenceState } from '../../worker/protocol/people.ts';
import { alarmsTable } from '../kit/alarms.ts';
import type { Migration } from '../kit/migrations.ts';
import type { PersonNow } from './feed.ts';

/** Append only: a deployed migration is never edited. */
export const feedTables: readonly Migration[] = [
  alarmsTable,
  {
    name: 'feed',
    sql: `
      -- untold: viewers have not heard of the latest change yet.
      CREATE TABLE person (
        user_id TEXT PRIMARY KEY,
        presence TEXT NOT NULL,
        on_shift INTEGER NOT NULL,
        since INTEGER NOT NULL,
        at INTEGER NOT NULL,
        untold INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX person_untold ON person (user_id) WHERE untold > 0;
      CREATE TABLE watcher (viewer_id TEXT PRIMARY KEY, until INTEGER NOT NULL);
    `,
  },
  { name: 'watcher_since', sql: 'ALTER TABLE watcher ADD COLUMN since INTEGER NOT NULL DEFAULT 0' },
];

interface PersonRow extends Record<string, SqlStorageValue> {
  user_id: string;
  presence: string;
  on_shift: number;
  since: number;
  at: number;
  untold: number;
}

const personOf = (row: PersonRow): PersonNow => ({
  userId: row.user_id as UserId,
  presence: row.presence as PresenceState,
  onShift: row.on_shift === 1,
  since: row.since,
  at: row.at,
});

export class FeedStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  person(userId: UserId): PersonNow | null {
    const row = this.#sql.exec<PersonRow>('SELECT * FROM person WHERE user_id = ?', userId).toArray()[0];
    return row ? personOf(row) : null;
  }

  people(): PersonNow[] {
    return this.#sql.exec<PersonRow>('SELECT * FROM person ORDER BY user_id').toArray().map(personOf);
  }

  /** @param news whether viewers have to hear of it */
  put(person: PersonNow, news: boolean): void {
    this.#sql.exec(
      `INSERT INTO person (user_id, presence, on_shift, since, at, untold) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (user_id) DO UPDATE SET presence = excluded.presence, on_shift = excluded.on_shift,
         since = excluded.since, at = excluded.at, untold = untold + excluded.untold`,
      person.userId,
      person.presence,
      person.onShift ? 1 : 0,
      person.since,
      person.at,
      news ? 1 : 0,
    );
  }

  /** Changes nobody has been told of, with a mark to strike them off by. */
  untold(): { person: PersonNow; mark: number }[] {
    return this.#sql
      .exec<PersonRow>('SELECT * FROM person WHERE untold > 0')
      .toArray()
      .map((row) => ({ person: personOf(row), mark: row.untold }));
  }

  /** Strikes a change off, unless another came after the mark. */
  told(userId: UserId, mark: number): void {
    this.#sql.exec('UPDATE person SET untold = 0 WHERE user_id = ? AND untold = ?', userId, mark);
  }

  /** They have been watching since `since` (ms) if they did not watch before. */
  watch(viewerId: UserId, until: number, since: number): void {
    this.#sql.exec(
      `INSERT INTO watcher (viewer_id, until, since) VALUES (?, ?, ?) ON CONFLICT (viewer_id) DO UPDATE SET
         since = iif(until <= excluded.since, excluded.since, since), until = excluded.until`,
      viewerId,
      until,
      since,
    );
  }

  unwatch(viewerId: UserId): void {
    this.#sql.exec('DELETE FROM watcher WHERE viewer_id = ?', viewerId);
  }

  /** Those who watch at `now`, and since when (ms); the others are forgotten. */
  watchers(now: number): { userId: UserId; since: number }[] {
    this.#sql.exec('DELETE FROM watcher WHERE until <= ?', now);
    return this.#sql
      .exec('SELECT viewer_id, since FROM watcher ORDER BY viewer_id')
      .toArray()
      .map((row) => ({ userId: row.viewer_id as UserId, since: row.since as number }));
  }
}
