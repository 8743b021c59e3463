/** The only SQL for `notification_climb`, `notification_send` and `notification_deferral`. */
import type { Id, UserId } from '../../protocol/ids.ts';
import type { NotificationKind, Rung } from '../../protocol/notification.ts';

export type RowState = 'underway' | 'deferred' | 'told' | 'unreached' | 'called_off';

export interface ClimbRow {
  readonly id: Id<'ntf'>;
  readonly userId: UserId;
  readonly kind: NotificationKind;
  readonly beganAt: number;
  readonly rung: Rung;
  readonly state: RowState;
  readonly because: string | null;
  readonly dueAt: number | null;
}

/** One rung of one notification. */
export type Place = Pick<ClimbRow, 'id' | 'rung'>;

/** Writes where a notification stands. */
export const climbStatement = (binding: D1Database, row: ClimbRow, now: number): D1PreparedStatement =>
  binding
    .prepare(
      `INSERT INTO notification_climb (id, user_id, kind, began_at, rung, state, because, due_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
       ON CONFLICT (id) DO UPDATE SET rung = excluded.rung, state = excluded.state, because = excluded.because, due_at = excluded.due_at, changed_at = excluded.changed_at`,
    )
    .bind(row.id, row.userId, row.kind, row.beganAt, row.rung, row.state, row.because, row.dueAt, now);

/** Writes of many at once that no rung would have reached them; of whom it stands already, nothing changes. */
export const inVainStatement = (
  binding: D1Database,
  those: readonly { readonly id: Id<'ntf'>; readonly userId: UserId; readonly because: string | null }[],
  at: Pick<ClimbRow, 'kind' | 'rung' | 'beganAt'>,
): D1PreparedStatement =>
  binding
    .prepare(
      `INSERT INTO notification_climb (id, user_id, kind, began_at, rung, state, because, changed_at)
       SELECT json_extract(value, '$.id'), json_extract(value, '$.userId'), ?2, ?3, ?4, 'unreached', json_extract(value, '$.because'), ?3
       FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`,
    )
    .bind(JSON.stringify(those), at.kind, at.beganAt, at.rung);

export interface SendKey extends Place {
  /** Empty for a mail. */
  readonly deviceId: Id<'dev'> | '';
}

export type Claim = 'taken' | 'sent' | 'given_up' | 'busy';

/**
 * Takes an attempt; one statement decides. `busy`: somebody else holds it. A crash between the provider's yes and the mark
 * leaves it to be taken once more when the claim has run out.
 */
export async function claimSend(
  binding: D1Database,
  order: SendKey & { channel: string; now: number; until: number },
): Promise<{ claim: Claim; attempts: number; claimedUntil: number }> {
  const { id, rung, deviceId, channel, now, until } = order;
  const taken = await binding
    .prepare(
      `INSERT INTO notification_send (notification_id, rung, device_id, channel, attempts, claimed_until, created_at) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)
       ON CONFLICT DO UPDATE SET attempts = attempts + 1, claimed_until = excluded.claimed_until
       WHERE sent_at IS NULL AND given_up_at IS NULL AND claimed_until <= ?6 RETURNING attempts`,
    )
    .bind(id, rung, deviceId, channel, until, now)
    .first<{ attempts: number }>();
  if (taken) return { claim: 'taken', attempts: taken.attempts, claimedUntil: until };
  const row = await binding
    .prepare(
      'SELECT sent_at AS sentAt, given_up_at AS givenUpAt, attempts, claimed_until AS claimedUntil FROM notification_send WHERE notification_id = ? AND rung = ? AND device_id = ?',
    )
    .bind(id, rung, deviceId)
    .first<{ sentAt: number | null; givenUpAt: number | null; attempts: number; claimedUntil: number }>();
  const claim = row?.sentAt != null ? 'sent' : row?.givenUpAt != null ? 'given_up' : 'busy';
  return { claim, attempts: row?.attempts ?? 0, claimedUntil: row?.claimedUntil ?? now };
}

const ofSend = 'WHERE notification_id = ?1 AND rung = ?2 AND device_id = ?3';

/** The provider took it. */
export async function markSent(
  binding: D1Database,
  { id, rung, deviceId }: SendKey,
  now: number,
  providerId: string | null,
): Promise<void> {
  await binding
    .prepare(`UPDATE notification_send SET sent_at = ?4, provider_id = ?5, code = NULL, claimed_until = 0 ${ofSend}`)
    .bind(id, rung, deviceId, now, providerId)
    .run();
}

/** It went out together with another one, in the same mail. */
export const toldWithStatement = (binding: D1Database, { id, rung }: Place, now: number): D1PreparedStatement =>
  binding
    .prepare(
      `INSERT INTO notification_send (notification_id, rung, device_id, channel, attempts, claimed_until, sent_at, created_at)
       VALUES (?1, ?2, '', 'mail', 1, 0, ?3, ?3) ON CONFLICT DO UPDATE SET sent_at = excluded.sent_at, code = NULL`,
    )
    .bind(id, rung, now);

/** It did not go out: given up, or nobody tries before `again` (ms). */
export async function markFailed(
  binding: D1Database,
  { id, rung, deviceId }: SendKey,
  failure: { code: string; givenUpAt: number } | { code: string; again: number },
): Promise<void> {
  await binding
    .prepare(`UPDATE notification_send SET code = ?4, given_up_at = ?5, claimed_until = ?6 ${ofSend} AND sent_at IS NULL`)
    .bind(
      id,
      rung,
      deviceId,
      failure.code.slice(0, 200),
      'again' in failure ? null : failure.givenUpAt,
      'again' in failure ? failure.again : 0,
    )
    .run();
}

/** What was given up on a rung may be tried again; what went out stays sent. */
export async function takeUpAgain(binding: D1Database, { id, rung }: Place): Promise<void> {
  await binding
    .prepare(
      `UPDATE notification_send SET given_up_at = NULL, attempts = 0, claimed_until = 0
       WHERE notification_id = ? AND rung = ? AND given_up_at IS NOT NULL`,
    )
    .bind(id, rung)
    .run();
}

export interface SendRow {
  readonly notificationId: string;
  readonly rung: Rung;
  readonly deviceId: string;
  readonly channel: string;
  readonly attempts: number;
  readonly claimedUntil: number;
  readonly sentAt: number | null;
  readonly givenUpAt: number | null;
  readonly code: string | null;
  readonly createdAt: number;
}

/** Every attempt for these notifications, in the order they began. */
export async function sendsOf(binding: D1Database, ids: readonly string[]): Promise<SendRow[]> {
  if (ids.length === 0) return [];
  const { results } = await binding
    .prepare(
      `SELECT notification_id AS notificationId, rung, device_id AS deviceId, channel, attempts, claimed_until AS claimedUntil,
         sent_at AS sentAt, given_up_at AS givenUpAt, code, created_at AS createdAt
       FROM notification_send WHERE notification_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, device_id`,
    )
    .bind(JSON.stringify(ids))
    .all<SendRow>();
  return results;
}

// ── what waits ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Waits until `dueAt`; one that waits already keeps its hour. */
export const deferStatement = (
  binding: D1Database,
  { id, rung, userId, dueAt }: Place & { userId: UserId; dueAt: number },
): D1PreparedStatement =>
  binding
    .prepare('INSERT INTO notification_deferral (notification_id, rung, user_id, due_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
    .bind(id, rung, userId, dueAt);

export interface Deferral extends Place {
  readonly userId: UserId;
  readonly dueAt: number;
  readonly kind: NotificationKind;
  readonly beganAt: number;
}

const deferrals = `SELECT d.notification_id AS id, d.rung, d.user_id AS userId, d.due_at AS dueAt, c.kind, c.began_at AS beganAt
  FROM notification_deferral d JOIN notification_climb c ON c.id = d.notification_id`;

/** What is due, the longest waiting first. */
export async function dueDeferrals(binding: D1Database, asked: { now: number; limit: number }): Promise<Deferral[]> {
  const { results } = await binding
    .prepare(`${deferrals} WHERE d.due_at <= ? ORDER BY d.due_at, d.notification_id, d.rung LIMIT ?`)
    .bind(asked.now, asked.limit)
    .all<Deferral>();
  return results;
}

/** What of one person waits for a rung. */
export async function waitingFor(binding: D1Database, userId: UserId, rung: Rung): Promise<Deferral[]> {
  const { results } = await binding
    .prepare(`${deferrals} WHERE d.user_id = ? AND d.rung = ? ORDER BY c.began_at, d.notification_id`)
    .bind(userId, rung)
    .all<Deferral>();
  return results;
}

/** They wait for longer than they did. */
export async function putOff(binding: D1Database, places: readonly Place[], dueAt: number): Promise<void> {
  await binding
    .prepare(
      `UPDATE notification_deferral SET due_at = max(due_at, ?) WHERE (notification_id, rung) IN
       (SELECT json_extract(value, '$.id'), json_extract(value, '$.rung') FROM json_each(?))`,
    )
    .bind(dueAt, JSON.stringify(places.map(({ id, rung }) => ({ id, rung }))))
    .run();
}

export async function dropDeferrals(binding: D1Database, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await binding
    .prepare(
      `DELETE FROM notification_deferral WHERE (notification_id, rung) IN
       (SELECT json_extract(value, '$.id'), json_extract(value, '$.rung') FROM json_each(?))`,
    )
    .bind(JSON.stringify(places.map(({ id, rung }) => ({ id, rung }))))
    .run();
}

// ── what staff see ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Newest first, those behind `after`. */
export async function climbPage(
  binding: D1Database,
  asked: {
    userId: string | undefined;
    kind: string | undefined;
    state: string | undefined;
    after: readonly [number, string] | null;
    limit: number;
  },
): Promise<ClimbRow[]> {
  const conditions: string[] = ['1'];
  const values: (string | number)[] = [];
  for (const [column, value] of [
    ['user_id', asked.userId],
    ['kind', asked.kind],
    ['state', asked.state],
  ] as const)
    if (value !== undefined) {
      conditions.push(`${column} = ?`);
      values.push(value);
    }
  if (asked.after) {
    conditions.push('(began_at, id) < (?, ?)');
    values.push(...asked.after);
  }
  const { results } = await binding
    .prepare(
      `SELECT id, user_id AS userId, kind, began_at AS beganAt, rung, state, because, due_at AS dueAt FROM notification_climb
       WHERE ${conditions.join(' AND ')} ORDER BY began_at DESC, id DESC LIMIT ?`,
    )
    .bind(...values, asked.limit)
    .all<ClimbRow>();
  return results;
}

/** Deletes what began before; what still waits stays. */
export async function forgetClimbs(binding: D1Database, before: number): Promise<void> {
  await binding.batch([
    binding.prepare('DELETE FROM notification_climb WHERE began_at < ?').bind(before),
    binding.prepare('DELETE FROM notification_send WHERE created_at < ?').bind(before),
  ]);
}
