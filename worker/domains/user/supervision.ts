/** What staff ask of users: finding one, how sign-ins went, ending them. */
import type { Context } from '../../platform/context.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import { audit } from '../event_log/service.ts';
import { addressHash } from './attempts.ts';
import { toUser, type User } from './people.ts';
import { endSession, sessionsOf } from './sessions.ts';
import { liveSession, newestAttempts, type SessionRow, usersLike } from './store.ts';

export interface UserSearch {
  /** An id, an e-mail or a phone; left out: everybody. */
  readonly text?: string | undefined;
  /** True: part of an address is enough, for who may see addresses. */
  readonly partly: boolean;
  readonly role?: Role | undefined;
  readonly before?: UserId | undefined;
  readonly limit: number;
}

/** Users, newest first. */
export async function searchUsers(ctx: Context, { text, ...search }: UserSearch): Promise<User[]> {
  const address = text === undefined ? undefined : normal(text);
  return (await usersLike(ctx.env.DB, { ...search, address })).map(toUser);
}

/** Addresses are kept in lower case, phones without the blanks and strokes people write them with. */
const normal = (text: string): string => (/^\+?[\d\s()./-]+$/.test(text) ? text.replace(/[\s()./-]/g, '') : text.toLowerCase());

/** The newest attempts to sign in at this user's addresses; times in ms. */
export async function attemptsAt(
  ctx: Context,
  { id, email, phone }: User,
  limit: number,
): Promise<{ at: number; method: string; result: string; country: string | null }[]> {
  const addresses = [email, phone].filter((address) => address !== null);
  const addressHashes = await Promise.all(addresses.map((address) => addressHash(ctx, address)));
  return newestAttempts(ctx.env.DB, { userId: id, addressHashes }, limit);
}

/**
 * Signs somebody out on one device or all of them; how many. The audit comes first, so that no device is signed out
 * without its entry.
 */
export async function signOutDevices(
  ctx: Context,
  order: { userId: UserId; sessionId?: SessionId | undefined; reason: string; actor: UserId },
): Promise<number> {
  const { userId, sessionId } = order;
  if (sessionId !== undefined) return signOutOf(ctx, order, await liveSession(ctx.env.DB, userId, sessionId));
  let ended = 0;
  for (let live = await sessionsOf(ctx, userId); live.length > 0; live = await sessionsOf(ctx, userId))
    ended += await signOutOf(ctx, order, live);
  return ended;
}

async function signOutOf(
  ctx: Context,
  { userId, actor, reason }: { userId: UserId; reason: string; actor: UserId },
  live: readonly SessionRow[],
): Promise<number> {
  if (live.length === 0) return 0;
  await audit(ctx, {
    actor,
    action: 'people.sign_out',
    subject: userId,
    before: { sessions: live.map(({ id, device }) => ({ id, device })) },
    after: { sessions: [], reason },
  });
  const ended = await Promise.all(live.map(({ id }) => endSession(ctx, { userId, sessionId: id as SessionId, reason: 'by_staff', actor })));
  return ended.filter(Boolean).length;
}
