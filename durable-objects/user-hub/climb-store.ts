/** The only SQL over the hub's climbs. Every method is one synchronous step. */
import type { Facts } from '../../worker/domains/notification/kinds.ts';
import type { Id, SessionId } from '../../worker/protocol/ids.ts';
import type { NotificationKind } from '../../worker/protocol/notification.ts';
import type { Climb, ClimbState, Ending } from './ladder.ts';

export interface StoredClimb extends Climb {
  readonly id: Id<'ntf'>;
  readonly kind: NotificationKind;
  /** What it is about; its own id where it stands for itself. */
  readonly topic: string;
  /** The newest item of the sequence that it tells of. */
  readonly seq: number;
  readonly facts: Facts;
  /** The session whose devices do not count as the person's answer. */
  readonly notBy: SessionId | null;
  /** ms since the epoch. */
  readonly beganAt: number;
}

const COLUMNS = 'id, kind, topic, seq, facts, not_by, began_at, state, steps, due_at, expires_at, ended, out, ordered_at';

export class ClimbStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(climb: StoredClimb): void {
    const { id, kind, topic, seq, facts, notBy, beganAt, state, steps, dueAt, expiresAt, ended, out } = climb;
    this.#sql.exec(
      `INSERT INTO climb (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
      ...[id, kind, topic, seq, JSON.stringify(facts), notBy, beganAt, state, steps, dueAt, expiresAt, ended, out ? 1 : 0],
    );
  }

  /** @param orderedAt when a rung was put on its way, where that has just happened, ms */
  set(id: Id<'ntf'>, { state, steps, dueAt, ended, out }: Climb, orderedAt: number | null): void {
    this.#sql.exec(
      'UPDATE climb SET state = ?, steps = ?, due_at = ?, ended = ?, out = ?, ordered_at = coalesce(?, ordered_at) WHERE id = ?',
      ...[state, steps, dueAt, ended, out ? 1 : 0, orderedAt, id],
    );
  }

  /** It tells of another item too. */
  widen(id: Id<'ntf'>, seq: number, facts: Facts): void {
    this.#sql.exec('UPDATE climb SET seq = ?, facts = ? WHERE id = ?', seq, JSON.stringify(facts), id);
  }

  one(id: string): StoredClimb | null {
    return this.#read('WHERE id = ?', id)[0] ?? null;
  }

  /** The newest climb of a kind about a topic, over or not. */
  newestOf(kind: NotificationKind, topic: string): StoredClimb | null {
    return this.#read('WHERE topic = ? AND kind = ? ORDER BY seq DESC LIMIT 1', topic, kind)[0] ?? null;
  }

  /** Climbs of a kind about a topic that tell of nothing newer than `seq`. */
  about(kind: NotificationKind, topic: string, seq = Number.MAX_SAFE_INTEGER): StoredClimb[] {
    return this.#read('WHERE topic = ? AND kind = ? AND seq <= ?', topic, kind, seq);
  }

  /** When a rung about this topic was last put on its way, ms; null: never. */
  orderedAt(kind: NotificationKind, topic: string): number | null {
    const row = this.#sql.exec('SELECT max(ordered_at) AS at FROM climb WHERE topic = ? AND kind = ?', topic, kind).one();
    return row.at === null ? null : Number(row.at);
  }

  /** Whether any rung of it was ever put on its way. */
  wasOrdered(id: Id<'ntf'>): boolean {
    return this.#sql.exec('SELECT 1 FROM climb WHERE id = ? AND ordered_at IS NOT NULL', id).toArray().length > 0;
  }

  due(now: number): StoredClimb[] {
    return this.#read('WHERE due_at <= ? ORDER BY due_at', now);
  }

  /** When the next one is due, ms; null where none is. */
  nextDueAt(): number | null {
    const row = this.#sql.exec('SELECT min(due_at) AS at FROM climb WHERE due_at IS NOT NULL').one();
    return row.at === null ? null : Number(row.at);
  }

  forget(before: number): void {
    this.#sql.exec('DELETE FROM climb WHERE began_at < ?', before);
  }

  #read(where: string, ...values: (string | number)[]): StoredClimb[] {
    return this.#sql
      .exec(`SELECT ${COLUMNS} FROM climb ${where}`, ...values)
      .toArray()
      .map((row) => ({
        id: row.id as Id<'ntf'>,
        kind: row.kind as NotificationKind,
        topic: row.topic as string,
        seq: row.seq as number,
        facts: JSON.parse(row.facts as string) as Facts,
        notBy: row.not_by as SessionId | null,
        beganAt: row.began_at as number,
        state: row.state as ClimbState,
        steps: row.steps as number,
        dueAt: row.due_at as number | null,
        expiresAt: row.expires_at as number,
        ended: row.ended as Ending | null,
        out: row.out === 1,
      }));
  }
}
