/** Sessions: a signed-in device, its refresh tokens (one family), and their end. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import { throughPages } from '../../platform/pages.ts';
import type { Principal } from '../../platform/principal.ts';
import { ok, type Result, refuse } from '../../platform/result.ts';
import { userHub } from '../../platform/stubs.ts';
import type { WebApp } from '../../protocol/http/auth.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import { eventStatement, record } from '../event_log/service.ts';
import { type Attempt, attemptNote, noteAttempt, type Origin } from './attempts.ts';
import { toUser, type User } from './people.ts';
import { permissionsOf } from './permissions.ts';
import { COOKIE_REUSE_GRACE_MS, REFRESH_TTL_MS } from './rules.ts';
import { hashOfToken, randomToken } from './secrets.ts';
import {
  findLiveSession,
  insertSession,
  liveSessionsOf,
  newDevices,
  noteSocketsClosed,
  type RefreshOwner,
  refreshOwner,
  revokeLiveSession,
  rotateRefresh,
  type SessionRow,
  type UnclosedSession,
  unclosedSessions,
} from './store.ts';
import { mintAccess, mintTicket, readAccess, readTicket } from './tokens.ts';

export interface Tokens {
  readonly accessToken: string;
  /** Null where the caller keeps the one it has (two tabs at once; rules.ts, `COOKIE_REUSE_GRACE_MS`). */
  readonly refreshToken: string | null;
  readonly user: User;
}

/** Opens a session for a person who has just proved who they are. */
export async function openSession(
  ctx: Context,
  user: User,
  by: { device: string | undefined; app: WebApp | undefined; attempt: Omit<Attempt, 'result' | 'userId'> },
): Promise<Tokens> {
  const sessionId = newId('ses');
  const refreshToken = randomToken();
  await insertSession(
    ctx.env.DB,
    { id: sessionId, userId: user.id, device: by.device ?? null, app: by.app ?? null, createdAt: ctx.now, lastSeenAt: ctx.now },
    { hash: await hashOfToken(refreshToken), sessionId, issuedAt: ctx.now, expiresAt: ctx.now + REFRESH_TTL_MS },
    [
      await attemptNote(ctx, { ...by.attempt, result: 'signed_in', userId: user.id }),
      eventStatement(ctx, { type: 'session.opened', subject: sessionId, actor: user.id, payload: { method: by.attempt.method } }),
    ],
  );
  return { accessToken: await mintAccess(ctx.env, { userId: user.id, sessionId, role: user.role }, ctx.now), refreshToken, user };
}

/** Who a token of a live session belongs to, or null. One query; a revoked session is refused at once. */
export async function authenticate(ctx: Context, token: string): Promise<Principal | null> {
  const bearer = await readAccess(ctx.env, token, ctx.now);
  if (!bearer) return null;
  const row = await findLiveSession(ctx.env.DB, bearer.sessionId, bearer.userId);
  if (!row) return null;
  const { id, role, monetizationVersion, ledgerShard, email, phone } = toUser(row);
  return {
    userId: id,
    sessionId: bearer.sessionId,
    role,
    monetizationVersion,
    ledgerShard,
    email,
    phone,
    permissions: permissionsOf(role),
  };
}

/**
 * Trades a refresh token for new tokens. One that was used before ends its session and closes its sockets: somebody
 * else has a copy.
 * @throws Problem `unauthenticated`
 */
export async function refresh(ctx: Context, token: string, from: { cookie: boolean; origin: Origin }): Promise<Tokens> {
  const hash = await hashOfToken(token);
  const refreshToken = randomToken();
  const successor = await hashOfToken(refreshToken);
  const rotated = await rotateRefresh(ctx.env.DB, { hash, successor, now: ctx.now, expiresAt: ctx.now + REFRESH_TTL_MS });
  if (rotated) return tokensFor(ctx, toUser(rotated.user), rotated.sessionId, refreshToken);

  const owner = await refreshOwner(ctx.env.DB, hash);
  if (owner && owner.usedAt !== null && !owner.sessionRevoked) {
    if (from.cookie && isOtherTab(owner, ctx.now)) return tokensFor(ctx, toUser(owner.user), owner.sessionId, null);
    const userId = owner.user.id as UserId;
    await noteAttempt(ctx, { method: 'refresh', result: 'reused', origin: from.origin, userId });
    await endSession(ctx, { userId, sessionId: owner.sessionId, reason: 'refresh_reused' });
  }
  throw new Problem('unauthenticated', 'This sign-in is over. Please sign in again.');
}

/** A job of every minute stops here, so that it is over before its next turn, ms. */
const JOB_MS = 45_000;

const isOtherTab = (owner: RefreshOwner, now: number): boolean =>
  owner.usedAt !== null && now - owner.usedAt <= COOKIE_REUSE_GRACE_MS && !owner.successorUsed;

async function tokensFor(ctx: Context, user: User, sessionId: SessionId, refreshToken: string | null): Promise<Tokens> {
  return { accessToken: await mintAccess(ctx.env, { userId: user.id, sessionId, role: user.role }, ctx.now), refreshToken, user };
}

/** Ends a live session of this user and closes its sockets; false where there is none. */
export async function endSession(
  ctx: Context,
  order: { userId: UserId; sessionId: SessionId; reason: 'signed_out' | 'revoked' | 'refresh_reused' | 'by_staff'; actor?: UserId },
): Promise<boolean> {
  const { userId, sessionId, reason, actor = userId } = order;
  if (!(await revokeLiveSession(ctx.env.DB, { id: sessionId, userId, reason, now: ctx.now }))) return false;
  await record(ctx, { type: 'session.revoked', subject: sessionId, actor, payload: { reason } });
  await closeSockets(ctx, userId, sessionId);
  return true;
}

/** Has the person's hub close a revoked session's sockets. Where it does not answer, the job below asks again. */
async function closeSockets(ctx: Context, userId: UserId, sessionId: SessionId): Promise<void> {
  try {
    const closed = await userHub(ctx.env, userId).revoke({ sessionId, now: ctx.now });
    if (!closed.ok) throw new Error(closed.code);
    await noteSocketsClosed(ctx.env.DB, sessionId, ctx.now);
  } catch (thrown) {
    ctx.log.error('sockets of a revoked session not closed yet', { sessionId, cause: causeOf(thrown) });
  }
}

/** What was revoked a moment ago is still on its own way, ms. */
const ON_ITS_WAY_MS = 5_000;

/** Asks the hubs again whose sockets a revocation has not reached: a hub or a database that failed, a request that died. */
export async function closeRevokedSockets(ctx: Context, clock: () => number = Date.now): Promise<void> {
  const began = clock();
  await throughPages<UnclosedSession>({
    read: (last) => unclosedSessions(ctx.env.DB, { before: ctx.now - ON_ITS_WAY_MS, last, limit: 200 }),
    each: ({ id, userId }) => closeSockets(ctx, userId as UserId, id as SessionId),
    atOnce: 20,
    timeLeft: () => clock() - began < JOB_MS,
  });
}

export interface NewSignIn {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  /** As the client called it; null: it did not say. */
  readonly device: string | null;
  /** ms since the epoch. */
  readonly at: number;
}

/** Of these sessions those that are a device on which their owner, who has others, never was before. */
export async function newSignIns(ctx: Context, ids: readonly SessionId[]): Promise<NewSignIn[]> {
  if (ids.length === 0) return [];
  return (await newDevices(ctx.env.DB, ids)).map(({ id, userId, device, createdAt }) => ({
    sessionId: id as SessionId,
    userId: userId as UserId,
    device,
    at: createdAt,
  }));
}

/** The newest hundred devices that are signed in. */
export const sessionsOf = (ctx: Context, userId: UserId): Promise<SessionRow[]> => liveSessionsOf(ctx.env.DB, userId, 100);

/** A ticket that opens one socket of `scope` (`hub`, `call:<id>`, `chat:<id>`); `expiresAt` in ms. */
export const issueTicket = (
  ctx: Context,
  principal: Pick<Principal, 'userId' | 'sessionId'>,
  scope: string,
): Promise<{ ticket: string; expiresAt: number }> => mintTicket(ctx.env, principal, scope, ctx.now);

export interface TicketHolder {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly role: Role;
  /** The object must refuse one it has seen before; to be kept until `expiresAt` (ms). */
  readonly jti: string;
  readonly expiresAt: number;
}

/**
 * Whom a ticket lets in: signature, expiry, scope, and a session that lives. Refusals: `unauthenticated`, and
 * `forbidden` for a ticket of another scope. The object spends the `jti` itself, in its own storage.
 */
export async function verifyTicket(env: Context['env'], ticket: string, scope: string, now: number): Promise<Result<TicketHolder>> {
  const read = await readTicket(env, ticket, now);
  if (!read) return refuse('unauthenticated', 'The ticket is not valid, or over. Ask for a new one.');
  if (read.scope !== scope) return refuse('forbidden', 'The ticket is for another socket.');
  const row = await findLiveSession(env.DB, read.sessionId, read.userId);
  if (!row) return refuse('unauthenticated', 'This sign-in is over. Please sign in again.');
  const { userId, sessionId, jti, expiresAt } = read;
  return ok({ userId, sessionId, role: toUser(row).role, jti, expiresAt });
}
