/** What staff see of people: one page out of what many rooms know, each asked through its service. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { Principal } from '../../platform/principal.ts';
import { userHub } from '../../platform/stubs.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import type { BalanceEvent } from '../../protocol/http/me.ts';
import type { BoardCall } from '../../protocol/http/staff-calls.ts';
import type {
  FoundPerson,
  listBalanceEventsOf,
  listCallsOf,
  searchPeople as search,
  WholePerson,
} from '../../protocol/http/staff-people.ts';
import { type CallId, type SessionId, type UserId, userId } from '../../protocol/ids.ts';
import type { PresenceState } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { accountsOf, eventsBack } from '../balance/service.ts';
import { blocksAround } from '../blocklist/service.ts';
import { companionById } from '../companions/service.ts';
import { cardsOf, peopleNamed, privateFacts, publicProfiles } from '../profile/service.ts';
import { lastShift } from '../shifts/service.ts';
import { attemptsAt, searchUsers, sessionsOf, signOutDevices, type User, userById, usersByIds } from '../user/service.ts';
import { allCalls } from '../video/service.ts';

const DEFAULT_PAGE = 50;
const ATTEMPTS = 30;

/** People by what staff know of them. Whole addresses find anybody; parts of them only who may see addresses. */
export async function searchPeople(
  ctx: Context,
  principal: Principal,
  query: QueryOf<typeof search>,
): Promise<{ items: FoundPerson[]; nextCursor: string | null }> {
  const contact = principal.permissions.has('people.contact');
  const { limit = DEFAULT_PAGE, role } = query;
  if (query.ids !== undefined) {
    const named = await usersByIds(ctx, query.ids.split(',') as UserId[]);
    return { items: await found(ctx, [...named.values()], contact), nextCursor: null };
  }
  const before = fromCursor(query.cursor, userId) ?? undefined;
  const text = query.search;
  const [byAddress, named] = await Promise.all([
    searchUsers(ctx, { text, partly: contact, role, before, limit: limit + 1 }),
    text === undefined ? [] : peopleNamed(ctx, { text, before, limit: limit + 1 }),
  ]);
  const users = await usersByIds(ctx, named);
  for (const user of byAddress) users.set(user.id, user);
  // Both lists are the newest of their kind, so the newest of both together are right too.
  const all = [...users.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const page = all.slice(0, limit);
  return {
    items: await found(
      ctx,
      page.filter((user) => role === undefined || user.role === role),
      contact,
    ),
    nextCursor: all.length > limit ? toCursor(page.at(-1)?.id) : null,
  };
}

async function found(ctx: Context, users: readonly User[], contact: boolean): Promise<FoundPerson[]> {
  const cards = await cardsOf(
    ctx,
    users.map(({ id }) => id),
  );
  return users.map(({ id, role, monetizationVersion, createdAt, email, phone }) => ({
    id,
    role,
    monetizationVersion,
    displayName: cards.get(id)?.displayName ?? '',
    portrait: cards.get(id)?.portrait ?? null,
    createdAt: toTimestamp(createdAt),
    contact: contact ? { email, phone } : null,
  }));
}

/**
 * Everything about one person; the private part only for who may see it.
 * @throws Problem `not_found`
 */
export async function wholePerson(ctx: Context, principal: Principal, id: UserId): Promise<WholePerson> {
  const user = await mustExist(ctx, id);
  const contact = principal.permissions.has('people.contact');
  const [profiles, facts, here, balances, sessions, attempts, blocks, work] = await Promise.all([
    publicProfiles(ctx, [user]),
    contact ? privateFacts(ctx, id) : null,
    whereabouts(ctx, id),
    accountsOf(ctx, { userId: id, shard: user.ledgerShard }),
    sessionsOf(ctx, id),
    attemptsAt(ctx, user, ATTEMPTS),
    blocksOf(ctx, id),
    workOf(ctx, id),
  ]);
  const open = profiles.get(id);
  if (!open) throw new Error('a profile that was asked for is not there');
  const { role, monetizationVersion, email, phone } = user;
  return {
    id,
    role,
    monetizationVersion,
    createdAt: toTimestamp(user.createdAt),
    public: open,
    private: contact ? { email, phone, birthDate: facts?.birthDate ?? null, timeZone: facts?.timeZone ?? null } : null,
    ...here,
    balances: balances.map(({ unit, balance, debt }) => ({ unit, amount: balance, debt })),
    sessions: sessions.map((session) => ({
      id: session.id as SessionId,
      device: session.device,
      app: session.app,
      createdAt: toTimestamp(session.createdAt),
      lastSeenAt: toTimestamp(session.lastSeenAt),
    })),
    attempts: attempts.map((attempt) => ({ ...attempt, at: toTimestamp(attempt.at) })),
    blocks,
    work,
  };
}

async function mustExist(ctx: Context, id: UserId): Promise<User> {
  const user = await userById(ctx, id);
  if (!user) throw new Problem('not_found', 'There is nobody with this id.');
  return user;
}

type Whereabouts = { presence: PresenceState; presenceSince: string | null; busyWith: CallId | null };

/** A hub that can't be reached must not hide the rest of the person. */
async function whereabouts(ctx: Context, id: UserId): Promise<Whereabouts> {
  const hub = userHub(ctx.env, id);
  try {
    const [{ presence, since }, busyWith] = await Promise.all([hub.presence(ctx.now), hub.busyWith()]);
    return { presence, presenceSince: since > 0 ? toTimestamp(since) : null, busyWith };
  } catch (thrown) {
    ctx.log.warn('a hub could not be read', { userId: id, cause: causeOf(thrown) });
    return { presence: 'offline', presenceSince: null, busyWith: null };
  }
}

async function blocksOf(ctx: Context, id: UserId): Promise<WholePerson['blocks']> {
  const { made, received } = await blocksAround(ctx, id);
  const cards = await cardsOf(ctx, [...made.map(({ blockedId }) => blockedId), ...received.map(({ blockerId }) => blockerId)]);
  const known = (other: UserId, { reason, at }: Pick<(typeof made)[number], 'reason' | 'at'>) => ({
    userId: other,
    displayName: cards.get(other)?.displayName ?? '',
    reason,
    at: toTimestamp(at),
  });
  return {
    made: made.map((block) => known(block.blockedId, block)),
    received: received.map((block) => known(block.blockerId, block)),
  };
}

async function workOf(ctx: Context, id: UserId): Promise<WholePerson['work']> {
  const companion = await companionById(ctx, id);
  return companion && { media: [...companion.media], tier: companion.tier, shift: await lastShift(ctx, id) };
}

/** @throws Problem `not_found` */
export async function balanceEventsOf(
  ctx: Context,
  id: UserId,
  query: QueryOf<typeof listBalanceEventsOf>,
): Promise<{ items: BalanceEvent[]; nextCursor: string | null }> {
  const { ledgerShard } = await mustExist(ctx, id);
  return eventsBack(ctx, { userId: id, shard: ledgerShard }, query);
}

/** @throws Problem `not_found` */
export async function callsOf(
  ctx: Context,
  id: UserId,
  query: QueryOf<typeof listCallsOf>,
): Promise<{ items: BoardCall[]; nextCursor: string | null }> {
  await mustExist(ctx, id);
  return allCalls(ctx, { ...query, person: id });
}

/** @throws Problem `not_found` where there is no such person, or no such device of theirs */
export async function signOut(
  ctx: Context,
  order: { userId: UserId; sessionId?: SessionId | undefined; reason: string; actor: UserId },
): Promise<number> {
  await mustExist(ctx, order.userId);
  const signedOut = await signOutDevices(ctx, order);
  if (signedOut === 0 && order.sessionId !== undefined) throw new Problem('not_found', 'This device is not signed in.');
  return signedOut;
}
