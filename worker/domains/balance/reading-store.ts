/**
 * The SQL of reads of an owner's own books. Each says `kind <> 'house'`, also where another word already means it: only
 * by that does SQLite see that the index of owners' accounts will do, instead of reading every account there is.
 */
import type { BalanceEvent } from '../../protocol/http/me.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Unit, UnitAmount } from '../../protocol/money.ts';
import { eventOf } from './event-store.ts';

/** What an owner has and owes in one unit. */
export interface OwnerAccount {
  readonly unit: Unit;
  /** 0 or more. */
  readonly balance: number;
  /** 0 or less. */
  readonly debt: number;
}

export async function ownerAccounts(db: D1Database, userId: UserId): Promise<OwnerAccount[]> {
  const { results } = await db
    .prepare(
      `SELECT unit, sum(iif(kind = 'owner', balance, 0)) AS balance, sum(iif(kind = 'debt', balance, 0)) AS debt
       FROM account WHERE owner = ?1 AND kind <> 'house' GROUP BY unit ORDER BY unit`,
    )
    .bind(userId)
    .all<OwnerAccount>();
  return results;
}

/** What postings moved, by their keys; 0 for one that moves nothing. */
export async function movedByKeys(db: D1Database, keys: readonly string[]): Promise<{ key: string; moved: number }[]> {
  const { results } = await db
    .prepare(
      `SELECT p.key, coalesce(sum(t.amount), 0) AS moved
       FROM json_each(?1) k JOIN posting p ON p.key = k.value LEFT JOIN transfer t ON t.posting_seq = p.seq GROUP BY p.seq`,
    )
    .bind(JSON.stringify(keys))
    .all<{ key: string; moved: number }>();
  return results;
}

/** Balances and the last event's id, read by one statement so that they are of the same moment. */
export async function ownerBalances(db: D1Database, userId: UserId): Promise<(UnitAmount & { cursor: string | null })[]> {
  const { results } = await db
    .prepare(
      `SELECT unit, balance AS amount, (SELECT id FROM balance_event WHERE owner = ?1 ORDER BY seq DESC LIMIT 1) AS cursor
       FROM account WHERE owner = ?1 AND kind = 'owner' AND kind <> 'house'`,
    )
    .bind(userId)
    .all<UnitAmount & { cursor: string | null }>();
  return results;
}

export async function ownerBalance(db: D1Database, userId: UserId, unit: Unit): Promise<number> {
  const row = await db
    .prepare(`SELECT balance FROM account WHERE owner = ?1 AND kind = 'owner' AND kind <> 'house' AND unit = ?2`)
    .bind(userId, unit)
    .first<{ balance: number }>();
  return row?.balance ?? 0;
}

export type EventRow = Omit<BalanceEvent, 'at'> & { readonly createdAt: number };

/** The owner's events after the one of this id, oldest first; null where the id is none of theirs. */
export async function ownerEvents(db: D1Database, userId: UserId, after: string | null, limit: number): Promise<EventRow[] | null> {
  const [known, events] = await db.batch<Record<string, unknown>>([
    db.prepare(`SELECT seq FROM ${eventOf('?1')} WHERE owner = ?2`).bind(after, userId),
    db
      .prepare(
        `SELECT e.id, e.unit, e.amount, e.balance_after AS balanceAfter, p.kind, p.ref, p.created_at AS createdAt
         FROM balance_event e JOIN posting p ON p.seq = e.posting_seq
         WHERE e.owner = ?2 AND e.seq > coalesce((SELECT seq FROM ${eventOf('?1')}), 0) ORDER BY e.seq LIMIT ?3`,
      )
      .bind(after, userId, limit),
  ]);
  if (after !== null && known?.results.length === 0) return null;
  return (events?.results ?? []) as unknown as EventRow[];
}

/** The owner's events before the one of this id (from the newest without one), newest first; null where the id is none of theirs. */
export async function ownerEventsBack(
  db: D1Database,
  userId: UserId,
  asked: { before: string | null; unit: Unit | null; limit: number },
): Promise<EventRow[] | null> {
  const { before, unit, limit } = asked;
  const [known, events] = await db.batch<Record<string, unknown>>([
    db.prepare(`SELECT seq FROM ${eventOf('?1')} WHERE owner = ?2`).bind(before, userId),
    db
      .prepare(
        `SELECT e.id, e.unit, e.amount, e.balance_after AS balanceAfter, p.kind, p.ref, p.created_at AS createdAt
         FROM balance_event e JOIN posting p ON p.seq = e.posting_seq
         WHERE e.owner = ?2 AND (?1 IS NULL OR e.seq < (SELECT seq FROM ${eventOf('?1')})) AND (?3 IS NULL OR e.unit = ?3)
         ORDER BY e.seq DESC LIMIT ?4`,
      )
      .bind(before, userId, unit, limit),
  ]);
  if (before !== null && known?.results.length === 0) return null;
  return (events?.results ?? []) as unknown as EventRow[];
}
