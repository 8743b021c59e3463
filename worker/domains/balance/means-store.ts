/**
 * The SQL of what pays beside coins: days of allowance, lots of moments and the pieces of company they open
 * (`migrations/ledger/0003_means.sql` keeps the laws of it). What they mean is decided in `subscriptions` and `moments`.
 */
import type { UserId } from '../../protocol/ids.ts';
import type { Fact } from './rules.ts';

/** What a posting uses up in its own batch, under its own key: refused, and with it the posting, where nothing is left. */
export type MeansUse =
  /** Of the day that began at `day.beganAt`; its limits are those of the plan from now on, and never below what is used. */
  | { readonly means: 'allowance'; readonly day: AllowanceTerms; readonly seconds: number; readonly messages: number }
  /** Of a piece that runs; it pays whole while anything of it is left. */
  | { readonly means: 'piece'; readonly piece: string; readonly parts: number }
  /** Of a piece that the posting opens. */
  | { readonly means: 'new_piece'; readonly peer: UserId; readonly size: number; readonly parts: number };

/** A member's day under a plan: when it began (ms), and what is included in it. */
export interface AllowanceTerms {
  readonly beganAt: number;
  readonly plan: string;
  readonly seconds: number;
  readonly messages: number;
}

export interface AllowanceDay extends AllowanceTerms {
  readonly secondsUsed: number;
  readonly messagesUsed: number;
}

export interface AllowanceDaysAround {
  readonly before: AllowanceDay | null;
  readonly after: AllowanceDay | null;
}

export interface Piece {
  /** Key of the posting that opened it. */
  readonly key: string;
  readonly peer: UserId;
  readonly parts: number;
  readonly used: number;
  /** ms since the epoch. */
  readonly openedAt: number;
  readonly usedAt: number;
}

export interface Lot {
  readonly id: string;
  readonly amount: number;
  readonly used: number;
  /** ms since the epoch. */
  readonly cameAt: number;
  readonly expiresAt: number;
}

const DAY = `
INSERT INTO allowance_day (owner, began_at, plan, seconds, messages)
SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?6)
ON CONFLICT (owner, began_at) DO UPDATE SET plan = excluded.plan,
  seconds = max(excluded.seconds, seconds_used), messages = max(excluded.messages, messages_used)
WHERE plan <> excluded.plan OR seconds <> excluded.seconds OR messages <> excluded.messages`;

const ALLOWANCE = `
INSERT INTO allowance_use (key, owner, began_at, seconds, messages, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?7)`;

const PIECE = `
INSERT INTO moment_piece (key, owner, peer, parts, opened_at, used_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?5 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?6)`;

const OF_PIECE = `
INSERT INTO piece_use (key, piece, parts, at, created_at)
SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?6)`;

/** The statements of a use, for the batch of the posting it pays. They do nothing where that was posted by an earlier batch. */
export function statementsOfUse(
  db: D1Database,
  use: MeansUse,
  { fact, postingId, now }: { fact: Fact; postingId: string; now: number },
): D1PreparedStatement[] {
  const { key, owner, eventAt } = fact;
  if (use.means === 'allowance') {
    const { beganAt, plan, seconds, messages } = use.day;
    return [
      db.prepare(DAY).bind(owner.userId, beganAt, plan, seconds, messages, postingId),
      db.prepare(ALLOWANCE).bind(key, owner.userId, beganAt, use.seconds, use.messages, now, postingId),
    ];
  }
  const opened = use.means === 'new_piece' ? [db.prepare(PIECE).bind(key, owner.userId, use.peer, use.size, eventAt, postingId)] : [];
  const piece = use.means === 'new_piece' ? key : use.piece;
  return [...opened, db.prepare(OF_PIECE).bind(key, piece, use.parts, eventAt, now, postingId)];
}

const AROUND = ['<= ?2 ORDER BY began_at DESC', '> ?2 ORDER BY began_at']
  .map(
    (where) => `SELECT * FROM (
      SELECT began_at AS beganAt, plan, seconds, messages, seconds_used AS secondsUsed, messages_used AS messagesUsed
      FROM allowance_day WHERE owner = ?1 AND began_at ${where} LIMIT 1)`,
  )
  .join(' UNION ALL ');

/** A member's newest day that began by `at` (ms), and their oldest that began later; null where there is none. */
export async function readDaysAround(db: D1Database, userId: UserId, at: number): Promise<AllowanceDaysAround> {
  const { results } = await db.prepare(AROUND).bind(userId, at).all<AllowanceDay>();
  return {
    before: results.find(({ beganAt }) => beganAt <= at) ?? null,
    after: results.find(({ beganAt }) => beganAt > at) ?? null,
  };
}

/** Pieces that were last used after `since` (ms) and have something left, the oldest first; with one companion or all. */
export async function openPieces(db: D1Database, userId: UserId, asked: { peer?: UserId; since: number }): Promise<Piece[]> {
  const { results } = await db
    .prepare(
      `SELECT key, peer, parts, used, opened_at AS openedAt, used_at AS usedAt FROM moment_piece
       WHERE owner = ?1 AND (?2 IS NULL OR peer = ?2) AND used_at > ?3 AND used < parts ORDER BY opened_at, key`,
    )
    .bind(userId, asked.peer ?? null, asked.since)
    .all<Piece>();
  return results;
}

/** Lots with something left, the first to expire first. */
export async function openLots(db: D1Database, userId: UserId): Promise<Lot[]> {
  const { results } = await db
    .prepare(
      `SELECT id, amount, used, came_at AS cameAt, expires_at AS expiresAt FROM moment_lot
       WHERE owner = ?1 AND used < amount ORDER BY expires_at, id`,
    )
    .bind(userId)
    .all<Lot>();
  return results;
}

/** Lots of a shard whose time is over and that have something left, oldest first. */
export async function overdueLots(db: D1Database, now: number, limit: number): Promise<(Lot & { readonly owner: UserId })[]> {
  const { results } = await db
    .prepare(
      `SELECT id, owner, amount, used, came_at AS cameAt, expires_at AS expiresAt FROM moment_lot
       WHERE used < amount AND expires_at <= ?1 ORDER BY expires_at, id LIMIT ?2`,
    )
    .bind(now, limit)
    .all<Lot & { owner: UserId }>();
  return results;
}
