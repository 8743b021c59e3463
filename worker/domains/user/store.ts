/** The only SQL for users, identities, sessions, refresh tokens, code challenges, login attempts and signing keys. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { identity, loginAttempt, otpChallenge, refreshToken, session, signingKey, user } from '../../../db/schema/user.ts';
import { database, refusedWith, statementOf } from '../../platform/database.ts';
import type { Id, SessionId, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import { type Attempts, MAX_TRIES } from './rules.ts';

export type UserRow = typeof user.$inferSelect;
export type SessionRow = typeof session.$inferSelect;
export type ChallengeRow = typeof otpChallenge.$inferSelect;
export type KeyRow = typeof signingKey.$inferSelect;
export type AttemptRow = Omit<typeof loginAttempt.$inferInsert, 'id'>;

// ── users ───────────────────────────────────────────────────────────────────────────────────────────────

const oneUser = async (binding: D1Database, where: SQL | undefined): Promise<UserRow | null> =>
  (await database(binding).select().from(user).where(where).limit(1))[0] ?? null;

export const findUser = (binding: D1Database, id: UserId): Promise<UserRow | null> => oneUser(binding, eq(user.id, id));
export const findUserByEmail = (binding: D1Database, email: string): Promise<UserRow | null> => oneUser(binding, eq(user.email, email));
export const findUserByPhone = (binding: D1Database, phone: string): Promise<UserRow | null> => oneUser(binding, eq(user.phone, phone));

/** Any number of users in one query: the ids travel as one parameter. */
export const findUsers = (binding: D1Database, ids: readonly UserId[]): Promise<UserRow[]> =>
  database(binding)
    .select()
    .from(user)
    .where(sql`${user.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);

/**
 * Users, newest first, older than `before`. `address` (lower case) is compared with the whole e-mail or phone, or with
 * part of it where `partly`; an id is compared whole.
 */
export const usersLike = (
  binding: D1Database,
  asked: { address?: string | undefined; partly: boolean; role?: string | undefined; before?: string | undefined; limit: number },
): Promise<UserRow[]> => {
  const { address, partly } = asked;
  const fits = (column: typeof user.email | typeof user.phone): SQL =>
    partly ? sql`instr(${column}, ${address}) > 0` : sql`${column} = ${address}`;
  return database(binding)
    .select()
    .from(user)
    .where(
      and(
        address === undefined ? undefined : or(eq(user.id, address), fits(user.email), fits(user.phone)),
        asked.role === undefined ? undefined : eq(user.role, asked.role),
        asked.before === undefined ? undefined : lt(user.id, asked.before),
      ),
    )
    .orderBy(desc(user.id))
    .limit(asked.limit);
};

/** Ids of users in their order: behind `after`, up to and with `upTo`, made no later than `until` (ms). */
export const idsBetween = (
  binding: D1Database,
  asked: { roles: readonly Role[]; after: string | null; upTo?: string | undefined; until: number; limit: number },
): Promise<{ id: string }[]> =>
  database(binding)
    .select({ id: user.id })
    .from(user)
    .where(
      and(
        inArray(user.role, [...asked.roles]),
        asked.after === null ? undefined : gt(user.id, asked.after),
        asked.upTo === undefined ? undefined : lte(user.id, asked.upTo),
        lte(user.createdAt, asked.until),
      ),
    )
    .orderBy(asc(user.id))
    .limit(asked.limit);

/** Stores a user and what tells of it, or neither where one of their addresses is somebody's already; true where stored. */
export async function insertUser(binding: D1Database, row: UserRow, told: D1PreparedStatement): Promise<boolean> {
  try {
    await binding.batch([statementOf(binding, database(binding).insert(user).values(row)), told]);
    return true;
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE constraint failed: user.')) return false;
    throw thrown;
  }
}

export async function findUserByIdentity(binding: D1Database, provider: string, subject: string): Promise<UserRow | null> {
  const rows = await database(binding)
    .select({ user })
    .from(identity)
    .innerJoin(user, eq(user.id, identity.userId))
    .where(and(eq(identity.provider, provider), eq(identity.subject, subject)))
    .limit(1);
  return rows[0]?.user ?? null;
}

/** Ties an outside account to a user; the first tie stays. */
export async function insertIdentity(binding: D1Database, row: typeof identity.$inferSelect): Promise<void> {
  await database(binding).insert(identity).values(row).onConflictDoNothing();
}

// ── sessions and refresh tokens ─────────────────────────────────────────────────────────────────────────

export interface NewRefresh {
  readonly hash: string;
  readonly sessionId: SessionId;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export async function insertSession(
  binding: D1Database,
  row: Pick<SessionRow, 'id' | 'userId' | 'device' | 'app' | 'createdAt' | 'lastSeenAt'>,
  refresh: NewRefresh,
  also: readonly D1PreparedStatement[],
): Promise<void> {
  const db = database(binding);
  await binding.batch([
    statementOf(binding, db.insert(session).values(row)),
    statementOf(binding, db.insert(refreshToken).values(refresh)),
    ...also,
  ]);
}

/** A session that is not revoked, with its user: the one query behind every signed-in request. */
export async function findLiveSession(binding: D1Database, id: SessionId, userId: UserId): Promise<UserRow | null> {
  const rows = await database(binding)
    .select({ user })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(and(eq(session.id, id), eq(session.userId, userId), isNull(session.revokedAt)))
    .limit(1);
  return rows[0]?.user ?? null;
}

/**
 * Of these sessions those that somebody opened who was signed in before, on another device as far as its name says. Without
 * a name every device is another one.
 */
export const newDevices = (
  binding: D1Database,
  ids: readonly string[],
): Promise<Pick<SessionRow, 'id' | 'userId' | 'device' | 'createdAt'>[]> =>
  database(binding)
    .select({ id: session.id, userId: session.userId, device: session.device, createdAt: session.createdAt })
    .from(session)
    .where(
      and(
        sql`${session.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
        sql`EXISTS (SELECT 1 FROM session e WHERE e.user_id = ${session.userId} AND e.id < ${session.id})`,
        sql`NOT EXISTS (SELECT 1 FROM session e WHERE e.user_id = ${session.userId} AND e.id < ${session.id} AND e.device = ${session.device})`,
      ),
    );

export const liveSessionsOf = (binding: D1Database, userId: UserId, limit: number): Promise<SessionRow[]> =>
  database(binding)
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), isNull(session.revokedAt)))
    .orderBy(desc(session.createdAt))
    .limit(limit);

export const liveSession = (binding: D1Database, userId: UserId, id: SessionId): Promise<SessionRow[]> =>
  database(binding)
    .select()
    .from(session)
    .where(and(eq(session.id, id), eq(session.userId, userId), isNull(session.revokedAt)));

/** Revokes a live session of this user; false where there is none. */
export async function revokeLiveSession(
  binding: D1Database,
  order: { id: SessionId; userId: UserId; reason: string; now: number },
): Promise<boolean> {
  const rows = await database(binding)
    .update(session)
    .set({ revokedAt: order.now, revokedReason: order.reason })
    .where(and(eq(session.id, order.id), eq(session.userId, order.userId), isNull(session.revokedAt)))
    .returning({ id: session.id });
  return rows.length > 0;
}

/** Notes that the sockets of a revoked session are closed wherever they were. */
export async function noteSocketsClosed(binding: D1Database, id: SessionId, now: number): Promise<void> {
  await database(binding).update(session).set({ socketsClosedAt: now }).where(eq(session.id, id));
}

export type UnclosedSession = Pick<SessionRow, 'id' | 'userId'> & { revokedAt: number };

/** Sessions revoked before `before` whose sockets are not known to be closed, the longest revoked first, after `last`. */
export async function unclosedSessions(
  binding: D1Database,
  order: { before: number; last: UnclosedSession | null; limit: number },
): Promise<UnclosedSession[]> {
  const { before, last, limit } = order;
  const rows = await database(binding)
    .select({ id: session.id, userId: session.userId, revokedAt: session.revokedAt })
    .from(session)
    .where(
      and(
        isNotNull(session.revokedAt),
        isNull(session.socketsClosedAt),
        lt(session.revokedAt, before),
        last ? sql`(${session.revokedAt}, ${session.id}) > (${last.revokedAt}, ${last.id})` : undefined,
      ),
    )
    .orderBy(session.revokedAt, session.id)
    .limit(limit);
  return rows.map((row) => ({ ...row, revokedAt: row.revokedAt ?? 0 }));
}

/**
 * Trades a refresh token for its successor in one transaction: marks the old one used, stores the new one only if this
 * very call marked it, and reads whose it is. Null where the old one is unknown, used, over, or its session revoked.
 */
export async function rotateRefresh(
  binding: D1Database,
  order: { hash: string; successor: string; now: number; expiresAt: number },
): Promise<{ user: UserRow; sessionId: SessionId } | null> {
  const db = database(binding);
  const [marked] = await binding.batch([
    statementOf(
      binding,
      db
        .update(refreshToken)
        .set({ usedAt: order.now, successor: order.successor })
        .where(
          and(
            eq(refreshToken.hash, order.hash),
            isNull(refreshToken.usedAt),
            gt(refreshToken.expiresAt, order.now),
            sql`EXISTS (SELECT 1 FROM session WHERE session.id = ${refreshToken.sessionId} AND session.revoked_at IS NULL)`,
          ),
        ),
    ),
    binding
      .prepare(
        `INSERT INTO refresh_token (hash, session_id, issued_at, expires_at)
         SELECT successor, session_id, ?3, ?4 FROM refresh_token WHERE hash = ?1 AND successor = ?2`,
      )
      .bind(order.hash, order.successor, order.now, order.expiresAt),
    binding
      .prepare(
        `UPDATE session SET last_seen_at = ?3
         WHERE id = (SELECT session_id FROM refresh_token WHERE hash = ?1 AND successor = ?2)`,
      )
      .bind(order.hash, order.successor, order.now),
  ]);
  if ((marked?.meta.changes ?? 0) === 0) return null;
  const owner = await refreshOwner(binding, order.hash);
  return owner === null ? null : { user: owner.user, sessionId: owner.sessionId };
}

export interface RefreshOwner {
  readonly user: UserRow;
  readonly sessionId: SessionId;
  readonly sessionRevoked: boolean;
  readonly usedAt: number | null;
  readonly expiresAt: number;
  /** True where the token it was traded for was traded on. */
  readonly successorUsed: boolean;
}

/** Whose refresh token this is or was, whatever its state. */
export async function refreshOwner(binding: D1Database, hash: string): Promise<RefreshOwner | null> {
  const rows = await database(binding)
    .select({
      user,
      session,
      token: refreshToken,
      successorUsed: sql<number>`EXISTS (SELECT 1 FROM refresh_token AS next
        WHERE next.hash = ${refreshToken.successor} AND next.used_at IS NOT NULL)`,
    })
    .from(refreshToken)
    .innerJoin(session, eq(session.id, refreshToken.sessionId))
    .innerJoin(user, eq(user.id, session.userId))
    .where(eq(refreshToken.hash, hash))
    .limit(1);
  const row = rows[0];
  if (!row) return null;
  return {
    user: row.user,
    sessionId: row.session.id as SessionId,
    sessionRevoked: row.session.revokedAt !== null,
    usedAt: row.token.usedAt,
    expiresAt: row.token.expiresAt,
    successorUsed: row.successorUsed === 1,
  };
}

// ── one-time codes and attempts ─────────────────────────────────────────────────────────────────────────

/**
 * Stores a challenge unless the address has `most` unused ones since `since`; counted and stored in one statement, so
 * that a burst can't slip through. True where stored.
 */
export async function insertChallenge(
  binding: D1Database,
  row: Omit<ChallengeRow, 'tries' | 'usedAt'>,
  limit: { most: number; since: number },
): Promise<boolean> {
  const done = await binding
    .prepare(
      `INSERT INTO otp_challenge (id, channel, address, address_hash, code_hash, created_at, expires_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
       WHERE (SELECT count(*) FROM otp_challenge WHERE address_hash = ?4 AND created_at > ?8 AND used_at IS NULL) < ?9`,
    )
    .bind(row.id, row.channel, row.address, row.addressHash, row.codeHash, row.createdAt, row.expiresAt, limit.since, limit.most)
    .run();
  return done.meta.changes > 0;
}

export async function findChallenge(binding: D1Database, id: Id<'otp'>): Promise<ChallengeRow | null> {
  return (await database(binding).select().from(otpChallenge).where(eq(otpChallenge.id, id)).limit(1))[0] ?? null;
}

/** Takes one of the tries, before the code is looked at, so that guesses sent at once count each. Null: none left. */
export async function takeTry(binding: D1Database, id: Id<'otp'>, now: number): Promise<{ tries: number } | null> {
  const rows = await database(binding)
    .update(otpChallenge)
    .set({ tries: sql`${otpChallenge.tries} + 1` })
    .where(and(eq(otpChallenge.id, id), isNull(otpChallenge.usedAt), lt(otpChallenge.tries, MAX_TRIES), gt(otpChallenge.expiresAt, now)))
    .returning({ tries: otpChallenge.tries });
  return rows[0] ?? null;
}

/** Uses the challenge up; true for exactly one caller. */
export async function spendChallenge(binding: D1Database, id: Id<'otp'>, now: number): Promise<boolean> {
  const rows = await database(binding)
    .update(otpChallenge)
    .set({ usedAt: now })
    .where(and(eq(otpChallenge.id, id), isNull(otpChallenge.usedAt)))
    .returning({ id: otpChallenge.id });
  return rows.length > 0;
}

export const attemptStatement = (binding: D1Database, row: AttemptRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(loginAttempt).values(row));

/** The newest attempts to sign in as this user, or at one of their addresses. */
export const newestAttempts = (
  binding: D1Database,
  of: { userId: string; addressHashes: readonly string[] },
  limit: number,
): Promise<Pick<typeof loginAttempt.$inferSelect, 'at' | 'method' | 'result' | 'country'>[]> => {
  const { at, method, result, country } = loginAttempt;
  return database(binding)
    .select({ at, method, result, country })
    .from(loginAttempt)
    .where(or(eq(loginAttempt.userId, of.userId), inArray(loginAttempt.addressHash, [...of.addressHashes])))
    .orderBy(desc(loginAttempt.id))
    .limit(limit);
};

/** What one address, or one network, did since `since`; for an address only what came after its last sign-in. */
export async function attemptsOf(binding: D1Database, by: 'address' | 'network', hash: string, since: number): Promise<Attempts> {
  const column = by === 'address' ? loginAttempt.addressHash : loginAttempt.ipHash;
  const mine = and(eq(column, hash), gt(loginAttempt.at, since));
  const lastGood = sql`coalesce((SELECT max(good.id) FROM login_attempt AS good
    WHERE good.address_hash = ${hash} AND good.at > ${since} AND good.result = 'signed_in'), 0)`;
  const rows = await database(binding)
    .select({
      wrong: sql<number>`count(*) FILTER (WHERE ${loginAttempt.result} IN ('wrong_code', 'unknown_challenge'))`,
      lastWrongAt: sql<number | null>`max(${loginAttempt.at}) FILTER (WHERE ${loginAttempt.result} IN ('wrong_code', 'unknown_challenge'))`,
      started: sql<number>`count(*) FILTER (WHERE ${loginAttempt.result} = 'code_sent')`,
      lastStartedAt: sql<number | null>`max(${loginAttempt.at}) FILTER (WHERE ${loginAttempt.result} = 'code_sent')`,
    })
    .from(loginAttempt)
    .where(by === 'address' ? and(mine, sql`${loginAttempt.id} > ${lastGood}`) : mine);
  return rows[0] ?? { wrong: 0, lastWrongAt: null, started: 0, lastStartedAt: null };
}

/**
 * Deletes attempts to sign in from before `before` (ms), at most `limit` of them. Their ids grow with time, so the oldest
 * are found without an index.
 * @returns how many
 */
export async function forgetAttempts(binding: D1Database, before: number, limit: number): Promise<number> {
  const { meta } = await binding
    .prepare('DELETE FROM login_attempt WHERE id IN (SELECT id FROM (SELECT id, at FROM login_attempt ORDER BY id LIMIT ?2) WHERE at < ?1)')
    .bind(before, limit)
    .run();
  return meta.changes;
}

/** Forgets addresses of old challenges and tokens that can't be used any more. */
export async function forgetOld(binding: D1Database, before: number): Promise<void> {
  const db = database(binding);
  await db.delete(otpChallenge).where(lt(otpChallenge.expiresAt, before));
  await db.delete(refreshToken).where(lt(refreshToken.expiresAt, before));
}

// ── signing keys ────────────────────────────────────────────────────────────────────────────────────────

export const publishedKeys = (binding: D1Database, now: number): Promise<KeyRow[]> =>
  database(binding).select().from(signingKey).where(gt(signingKey.publishedUntil, now)).orderBy(signingKey.signsFrom);

/** Stores a key unless another begins to sign at the same moment. */
export async function insertKey(binding: D1Database, row: KeyRow): Promise<void> {
  await database(binding).insert(signingKey).values(row).onConflictDoNothing();
}

/** Drops private keys that no longer sign, and keys that nobody needs to see any more. */
export async function retireKeys(binding: D1Database, now: number): Promise<void> {
  const db = database(binding);
  await db.update(signingKey).set({ sealedPrivateJwk: null }).where(lt(signingKey.signsUntil, now));
  await db.delete(signingKey).where(lt(signingKey.publishedUntil, now));
}
