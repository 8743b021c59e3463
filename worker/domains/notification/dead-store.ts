/** The only SQL for `notification_dead_letter`. */

export interface DeadRow {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly notificationId: string | null;
  readonly userId: string | null;
  readonly reason: string;
  /** JSON of the message; null where it must not be kept. */
  readonly body: string | null;
  readonly replays: number;
  readonly replayedAt: number | null;
}

const COLUMNS = 'id, at, kind, notification_id AS notificationId, user_id AS userId, reason, body, replays, replayed_at AS replayedAt';

/** Keeps a message that was given up; the same one again is one row. */
export async function addDead(binding: D1Database, row: Omit<DeadRow, 'replays' | 'replayedAt'>): Promise<void> {
  await binding
    .prepare(
      `INSERT INTO notification_dead_letter (id, at, kind, notification_id, user_id, reason, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
    )
    .bind(row.id, row.at, row.kind, row.notificationId, row.userId, row.reason, row.body)
    .run();
}

export const deadRow = (binding: D1Database, id: string): Promise<DeadRow | null> =>
  binding.prepare(`SELECT ${COLUMNS} FROM notification_dead_letter WHERE id = ?`).bind(id).first<DeadRow>();

/** Newest first, those behind `after`. */
export async function deadPage(
  binding: D1Database,
  { after, limit }: { after: readonly [number, string] | null; limit: number },
): Promise<DeadRow[]> {
  const [at, id] = after ?? [Number.MAX_SAFE_INTEGER, ''];
  const { results } = await binding
    .prepare(`SELECT ${COLUMNS} FROM notification_dead_letter WHERE (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`)
    .bind(at, id, limit)
    .all<DeadRow>();
  return results;
}

export const replayedStatement = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  binding.prepare('UPDATE notification_dead_letter SET replays = replays + 1, replayed_at = ? WHERE id = ?').bind(now, id);

export async function forgetDead(binding: D1Database, before: number): Promise<void> {
  await binding.prepare('DELETE FROM notification_dead_letter WHERE at < ?').bind(before).run();
}
