/** The only SQL over the hub's tables. Every method is one synchronous step. */
import type { Call } from '../../worker/protocol/call/call.ts';
import type { Sequenced } from '../../worker/protocol/hub/sequenced.ts';
import type { CallId, ChatId, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { PresenceState, Role } from '../../worker/protocol/people.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import type { BusyLock } from './lock.ts';
import { dropUpTo, KEEP_MS, type Kept } from './sequence.ts';

export interface Person {
  readonly role: Role | null;
  readonly working: boolean | null;
  readonly onBreak: boolean;
  readonly goneAt: number | null;
  readonly wasAway: boolean;
  readonly presence: PresenceState;
  readonly since: number;
}

/**
 * Keys, releases, rooms and revocations are remembered this long, ms; a call lasts eight hours at most, and may have been
 * kept from registering a socket for as long.
 */
const REMEMBER_MS = 2 * 86_400_000;

/** Conversations are open for longer than calls. */
const REMEMBER_CHATS_MS = 30 * 86_400_000;

/** Somewhere else that holds a socket of this person. */
export type OpenRoom = { readonly kind: 'call'; readonly id: CallId } | { readonly kind: 'chat'; readonly id: ChatId };

/** An item without its place in the sequence. */
export type Unplaced = Sequenced extends infer Each ? (Each extends Sequenced ? Omit<Each, 'seq' | 'at'> : never) : never;

export class HubStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  person(): Person {
    const row = this.#sql.exec('SELECT role, working, on_break, gone_at, was_away, presence, since FROM person').one();
    return {
      role: row.role as Role | null,
      working: row.working === null ? null : row.working === 1,
      onBreak: row.on_break === 1,
      goneAt: row.gone_at as number | null,
      wasAway: row.was_away === 1,
      presence: row.presence as PresenceState,
      since: row.since as number,
    };
  }

  setRole(role: Role): void {
    this.#sql.exec('UPDATE person SET role = ? WHERE role IS NOT ?', role, role);
  }

  setWorking({ working, onBreak }: { working: boolean; onBreak: boolean }): void {
    this.#sql.exec('UPDATE person SET working = ?, on_break = ?', working ? 1 : 0, onBreak ? 1 : 0);
  }

  setPresence(presence: PresenceState, since: number): void {
    this.#sql.exec('UPDATE person SET presence = ?, since = ?', presence, since);
  }

  /** The last device left, or (null) one is here. */
  setGone(at: number | null, wasAway: boolean): void {
    this.#sql.exec('UPDATE person SET gone_at = ?, was_away = ?', at, wasAway ? 1 : 0);
  }

  topUpBelow(coins: number | null): void {
    this.#sql.exec('UPDATE person SET top_up_below = ?', coins);
  }

  /** Fewer coins than this, and some are ordered; 0: none ever are. */
  ordersBelow(): number {
    return Number(this.#sql.exec('SELECT coalesce(top_up_below, 0) AS below FROM person').one().below);
  }

  kept(): Kept {
    const newest = Number(this.#sql.exec('SELECT last_seq FROM person').one().last_seq);
    const oldest = this.#sql.exec('SELECT min(seq) AS seq FROM item').one().seq;
    return { newest, oldest: oldest === null ? newest + 1 : Number(oldest) };
  }

  itemsAfter(seq: number): Sequenced[] {
    return this.#sql
      .exec('SELECT body FROM item WHERE seq > ? ORDER BY seq', seq)
      .toArray()
      .map((row) => JSON.parse(row.body as string) as Sequenced);
  }

  /** Gives an item the next number and keeps it; null if one with this key was kept before. */
  append(key: string, item: Unplaced, now: number): Sequenced | null {
    if (this.#sql.exec('SELECT 1 FROM item WHERE key = ?', key).toArray().length > 0) return null;
    const seq = this.kept().newest + 1;
    const placed = { ...item, seq, at: toTimestamp(now) } as Sequenced;
    this.#sql.exec('INSERT INTO item (seq, id, key, at, body) VALUES (?, ?, ?, ?, ?)', seq, placed.id, key, now, JSON.stringify(placed));
    this.#sql.exec('UPDATE person SET last_seq = ?', seq);
    this.#sql.exec('DELETE FROM item WHERE seq <= ? OR at < ?', dropUpTo(seq), now - KEEP_MS);
    return placed;
  }

  /** Notes that a device has shown an item. @returns its place, and the climb that tells of it; null for one of another life */
  ack(id: string, now: number): { seq: number; climb: string } | null {
    const row = this.#sql.exec('SELECT seq, coalesce(climb, id) AS climb, acked_at FROM item WHERE id = ?', id).toArray()[0];
    if (!row) return null;
    if (row.acked_at === null) this.#sql.exec('UPDATE item SET acked_at = ? WHERE id = ?', now, id);
    return { seq: row.seq as number, climb: row.climb as string };
  }

  /** An item that is told of together with another one. */
  climbsWith(id: string, climb: string): void {
    this.#sql.exec('UPDATE item SET climb = ? WHERE id = ?', climb, id);
  }

  heardCall(id: CallId): Call | null {
    const row = this.#sql.exec('SELECT call FROM heard_call WHERE call_id = ?', id).toArray()[0];
    return row ? (JSON.parse(row.call as string) as Call) : null;
  }

  hearCall(call: Call, now: number): void {
    this.#sql.exec(
      'INSERT INTO heard_call (call_id, call, at) VALUES (?, ?, ?) ON CONFLICT (call_id) DO UPDATE SET call = excluded.call, at = excluded.at',
      call.id,
      JSON.stringify(call),
      now,
    );
  }

  /** Calls heard of at `since` (ms) or later, oldest first. */
  heardSince(since: number): Call[] {
    return this.#sql
      .exec('SELECT call FROM heard_call WHERE at >= ? ORDER BY at', since)
      .toArray()
      .map((row) => JSON.parse(row.call as string) as Call);
  }

  lock(): BusyLock | null {
    const row = this.#sql.exec('SELECT call_id, peer_id, taken_at FROM busy_lock').toArray()[0];
    return row ? { callId: row.call_id as CallId, peerId: row.peer_id as UserId, takenAt: row.taken_at as number } : null;
  }

  /** When the call of the lock was last asked whether it still runs, else when it was taken, ms; null without a lock. */
  lockAskedAt(): number | null {
    const row = this.#sql.exec('SELECT coalesce(asked_at, taken_at) AS at FROM busy_lock').toArray()[0];
    return row ? Number(row.at) : null;
  }

  noteLockAsked(now: number): void {
    this.#sql.exec('UPDATE busy_lock SET asked_at = ?', now);
  }

  takeLock(lock: BusyLock): void {
    this.#sql.exec('INSERT INTO busy_lock (one, call_id, peer_id, taken_at) VALUES (1, ?, ?, ?)', lock.callId, lock.peerId, lock.takenAt);
  }

  /** Frees the lock if this call holds it, and remembers that it needs none any more. */
  freeLock(callId: CallId, now: number): void {
    this.#sql.exec('DELETE FROM busy_lock WHERE call_id = ?', callId);
    this.#sql.exec('INSERT INTO unlocked_call (call_id, at) VALUES (?, ?) ON CONFLICT (call_id) DO NOTHING', callId, now);
  }

  gaveUpLock(callId: CallId): boolean {
    return this.#sql.exec('SELECT 1 FROM unlocked_call WHERE call_id = ?', callId).toArray().length > 0;
  }

  /** The call placed under a key: the one given here if the key is new. */
  placed(order: { key: string; bodyHash: string; callId: CallId; now: number }): { callId: CallId; bodyHash: string } {
    this.#sql.exec(
      'INSERT INTO placed_call (key, body_hash, call_id, at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
      order.key,
      order.bodyHash,
      order.callId,
      order.now,
    );
    const row = this.#sql.exec('SELECT call_id, body_hash FROM placed_call WHERE key = ?', order.key).one();
    return { callId: row.call_id as CallId, bodyHash: row.body_hash as string };
  }

  setRoom(id: string, kind: string, open: boolean, now: number): void {
    if (open)
      this.#sql.exec('INSERT INTO room (id, kind, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at', id, kind, now);
    else this.#sql.exec('DELETE FROM room WHERE id = ?', id);
  }

  rooms(): OpenRoom[] {
    return this.#sql
      .exec('SELECT kind, id FROM room')
      .toArray()
      .map((row) => row as unknown as OpenRoom);
  }

  setRevoked(session: SessionId | '*', now: number): void {
    this.#sql.exec(
      'INSERT INTO revoked (session_id, at) VALUES (?, ?) ON CONFLICT (session_id) DO UPDATE SET at = excluded.at',
      session,
      now,
    );
  }

  /** Sessions (or `*`) revoked at `since` or later. */
  revokedSince(since: number): (SessionId | '*')[] {
    return this.#sql
      .exec('SELECT session_id FROM revoked WHERE at >= ?', since)
      .toArray()
      .map((row) => row.session_id as SessionId | '*');
  }

  /** Forgets what nobody can ask for any more. */
  forget(now: number): void {
    this.#sql.exec('DELETE FROM item WHERE at < ?', now - KEEP_MS);
    this.#sql.exec('DELETE FROM heard_call WHERE at < ?', now - KEEP_MS);
    for (const table of ['unlocked_call', 'placed_call', 'revoked']) this.#sql.exec(`DELETE FROM ${table} WHERE at < ?`, now - REMEMBER_MS);
    this.#sql.exec("DELETE FROM room WHERE at < iif(kind = 'chat', ?, ?)", now - REMEMBER_CHATS_MS, now - REMEMBER_MS);
  }
}
