/** Users themselves: finding them, and making one the first time somebody proves an address. */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { shardCount } from '../../platform/shards.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { MonetizationVersion, Role } from '../../protocol/people.ts';
import { eventStatement } from '../event_log/service.ts';
import { normalEmail, shardFor } from './rules.ts';
import { findUser, findUserByEmail, findUserByPhone, findUsers, idsBetween, insertUser, type UserRow } from './store.ts';

export interface User {
  readonly id: UserId;
  readonly role: Role;
  readonly monetizationVersion: MonetizationVersion;
  readonly ledgerShard: number;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Verified addresses; personal data, never logged. */
  readonly email: string | null;
  readonly phone: string | null;
}

export const toUser = (row: UserRow): User => ({
  ...row,
  id: row.id as UserId,
  role: row.role as Role,
  monetizationVersion: row.monetizationVersion as MonetizationVersion,
});

export async function userById(ctx: Context, id: UserId): Promise<User | null> {
  const row = await findUser(ctx.env.DB, id);
  return row && toUser(row);
}

/** Those of `ids` that exist, by id; one query whatever their number. */
export async function usersByIds(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, User>> {
  if (ids.length === 0) return new Map();
  const rows = await findUsers(ctx.env.DB, ids);
  return new Map(rows.map((row) => [row.id as UserId, toUser(row)]));
}

/** Ids of people with one of these roles, in their order; the next ones are behind the last of them. */
export async function userIdsBetween(
  ctx: Context,
  asked: { roles: readonly Role[]; after: UserId | null; upTo?: UserId | undefined; until: number; limit: number },
): Promise<UserId[]> {
  return (await idsBetween(ctx.env.DB, asked)).map(({ id }) => id as UserId);
}

export interface NewUser {
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly role: Role;
  readonly monetizationVersion: MonetizationVersion;
  /** Left out: spread by the id. */
  readonly ledgerShard?: number;
}

/** The user with this e-mail or phone; made if there is none. Addresses must be verified by whoever calls. */
export async function createUser(ctx: Context, wish: NewUser): Promise<User> {
  const email = wish.email == null ? null : normalEmail(wish.email);
  const phone = wish.phone ?? null;
  const known = await findByAddress(ctx, email, phone);
  if (known) return known;
  const id = newId('usr');
  const made: User = {
    id,
    role: wish.role,
    monetizationVersion: wish.monetizationVersion,
    ledgerShard: wish.ledgerShard ?? shardFor(id, shardCount(ctx.env)),
    email,
    phone,
    createdAt: ctx.now,
  };
  const payload = { role: made.role, monetizationVersion: made.monetizationVersion };
  const told = eventStatement(ctx, { type: 'user.signed_up', subject: id, actor: id, payload });
  if (await insertUser(ctx.env.DB, made, told)) return made;
  // Somebody else made it between the look and the insert.
  const winner = await findByAddress(ctx, email, phone);
  if (!winner) throw new Error('a user that was refused as known is not there');
  return winner;
}

/** Whose address this is; null where it is nobody’s. */
export const userByAddress = (ctx: Context, address: { email: string } | { phone: string }): Promise<User | null> =>
  'email' in address ? findByAddress(ctx, normalEmail(address.email), null) : findByAddress(ctx, null, address.phone);

async function findByAddress(ctx: Context, email: string | null, phone: string | null): Promise<User | null> {
  const row =
    (email === null ? null : await findUserByEmail(ctx.env.DB, email)) ??
    (phone === null ? null : await findUserByPhone(ctx.env.DB, phone));
  return row && toUser(row);
}
