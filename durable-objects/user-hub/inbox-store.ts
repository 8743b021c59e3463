/** The only SQL over the hub's inbox: what the person was told and can still read. Every method is one synchronous step. */
import type { Facts } from '../../worker/domains/notification/kinds.ts';
import type { InboxPage } from '../../worker/platform/stubs.ts';
import type { Id } from '../../worker/protocol/ids.ts';
import type { NotificationKind } from '../../worker/protocol/notification.ts';
import { KEEP_ITEMS, KEEP_MS } from './sequence.ts';

export interface InboxRow {
  readonly seq: number;
  readonly id: Id<'ntf'>;
  readonly kind: NotificationKind;
  readonly facts: Facts;
  /** ms since the epoch. */
  readonly at: number;
}

export class InboxStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** [HI1] As much is kept as of the sequence, but of its own: a long conversation pushes no missed call out. */
  add({ seq, id, kind, facts, at }: InboxRow): void {
    this.#sql.exec('INSERT INTO inbox (seq, id, kind, facts, at) VALUES (?, ?, ?, ?, ?)', seq, id, kind, JSON.stringify(facts), at);
    this.#sql.exec('DELETE FROM inbox WHERE seq <= (SELECT seq FROM inbox ORDER BY seq DESC LIMIT 1 OFFSET ?)', KEEP_ITEMS);
    this.forget(at);
  }

  /** Newest first, those before `before` where it is given. */
  page({ before, limit, now }: { before: number | null; limit: number; now: number }): InboxPage['items'] {
    return this.#sql
      .exec(
        'SELECT seq, id, kind, facts, at, read_at FROM inbox WHERE seq < ? AND at >= ? ORDER BY seq DESC LIMIT ?',
        before ?? Number.MAX_SAFE_INTEGER,
        now - KEEP_MS,
        limit,
      )
      .toArray()
      .map((row) => ({
        seq: row.seq as number,
        id: row.id as Id<'ntf'>,
        kind: row.kind as NotificationKind,
        facts: JSON.parse(row.facts as string) as Facts,
        at: row.at as number,
        readAt: row.read_at as number | null,
      }));
  }

  unread(): number {
    return Number(this.#sql.exec('SELECT count(*) AS n FROM inbox WHERE read_at IS NULL').one().n);
  }

  /** The newest item's number; 0 while there is none. */
  newest(): number {
    return Number(this.#sql.exec('SELECT coalesce(max(seq), 0) AS seq FROM inbox').one().seq);
  }

  /** @returns the ids of those that were unread until now */
  read(which: { readonly ids: readonly string[] } | { readonly upTo: number }, now: number): string[] {
    const [where, value] =
      'upTo' in which ? ['seq <= ?', which.upTo] : ['id IN (SELECT value FROM json_each(?))', JSON.stringify(which.ids)];
    return this.#sql
      .exec(`UPDATE inbox SET read_at = ? WHERE read_at IS NULL AND ${where} RETURNING id`, now, value)
      .toArray()
      .map((row) => row.id as string);
  }

  forget(now: number): void {
    this.#sql.exec('DELETE FROM inbox WHERE at < ?', now - KEEP_MS);
  }
}
