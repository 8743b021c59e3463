/**
 * Profiles by two read paths: `publicProfiles` and `cardsOf` read the public table alone; the private one is touched by
 * `readMe` and `changeMe`, for the person themself, and by `privateFacts`, for staff who may.
 */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { Me } from '../../protocol/http/me.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PersonCard, PublicProfile, Role } from '../../protocol/people.ts';
import { comfortOf, comfortPatch, wishesOf } from './comfort.ts';
import { changeErrors, type ProfileChange, tidyWords, unwritten, writtenLanguage } from './rules.ts';
import { change, create, idsNamed, languageRows, ownRows, type PrivateRow, type PublicRow, publicRows, timeZoneRows } from './store.ts';

/** What anyone may know of these people; somebody who has not written anything yet appears as `unwritten`. */
export async function publicProfiles(
  ctx: Context,
  people: readonly { readonly id: UserId; readonly role: Role }[],
): Promise<Map<UserId, PublicProfile>> {
  const rows = await rowsById(
    ctx,
    people.map(({ id }) => id),
  );
  return new Map(people.map(({ id, role }) => [id, toPublic(id, role, rows.get(id))]));
}

/** The little that a ring or a list needs, for every one of `ids`. */
export async function cardsOf(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, PersonCard>> {
  const rows = await rowsById(ctx, ids);
  return new Map(
    ids.map((id) => {
      const { displayName, portrait } = rows.get(id) ?? unwritten;
      return [id, { id, displayName, portrait }];
    }),
  );
}

/** People whose name has `text` in it, newest first, older than `before`. */
export const peopleNamed = (ctx: Context, asked: { text: string; before?: UserId | undefined; limit: number }): Promise<UserId[]> =>
  idsNamed(ctx.env.DB, { ...asked, before: asked.before, text: asked.text.toLowerCase() }) as Promise<UserId[]>;

/** What only the person and those who must may know; null for who has not written or read their profile yet. */
export async function privateFacts(ctx: Context, id: UserId): Promise<{ birthDate: string | null; timeZone: string | null } | null> {
  const found = await ownRows(ctx.env.DB, id);
  return found && { birthDate: found.closed.birthDate, timeZone: found.closed.timeZone };
}

/** The time zones that these people live by; `UTC` for who has not said. */
export async function timeZonesOf(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, string>> {
  const rows = ids.length === 0 ? [] : await timeZoneRows(ctx.env.DB, ids);
  const said = new Map(rows.map(({ userId, timeZone }) => [userId, timeZone]));
  return new Map(ids.map((id) => [id, said.get(id) ?? 'UTC']));
}

/**
 * What these people are written to in: what they chose for the app, else what the `device` speaks where that is known, else
 * the first of their languages that the app is written in. Left out is who has no profile yet, or none of these.
 */
export async function languagesOf(ctx: Context, ids: readonly UserId[], device?: AppLanguage): Promise<Map<UserId, AppLanguage>> {
  const rows = ids.length === 0 ? [] : await languageRows(ctx.env.DB, ids);
  return new Map(
    rows.flatMap(({ userId, chosen, spoken }) => {
      const language = writtenLanguage(chosen, device, spoken);
      return language === null ? [] : [[userId as UserId, language] as const];
    }),
  );
}

/** Whether the person has written, or at least once read, their profile. */
export const hasProfile = async (ctx: Context, id: UserId): Promise<boolean> => (await rowsById(ctx, [id])).size > 0;

async function rowsById(ctx: Context, ids: readonly UserId[]): Promise<Map<string, PublicRow>> {
  const rows = ids.length === 0 ? [] : await publicRows(ctx.env.DB, ids);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** The caller's own profile, made on the first reading. */
export async function readMe(ctx: Context, principal: Principal): Promise<Me> {
  const { open, closed } = await ownProfile(ctx, principal.userId);
  return toMe(principal, open, closed, ctx.now);
}

/**
 * Changes the caller's own profile; what is left out stays.
 * @throws Problem `validation_failed` for a time zone that is none or a birth date to come
 */
export async function changeMe(ctx: Context, principal: Principal, order: ProfileChange): Promise<Me> {
  await changeProfile(ctx, principal.userId, order);
  return readMe(ctx, principal);
}

/** `changeMe` for a person by id. */
export async function changeProfile(ctx: Context, userId: UserId, order: ProfileChange): Promise<void> {
  const errors = changeErrors(order, ctx.now);
  if (errors.length > 0) throw new Problem('validation_failed', 'Some fields can’t be so; see `fields`.', { fields: errors });
  await ownProfile(ctx, userId);
  const { languages, skills, pronunciation, ...open } = order.public ?? {};
  await change(ctx.env.DB, userId, {
    open: {
      ...given(open),
      ...(pronunciation === undefined ? {} : { pronunciation: pronunciation || null }),
      ...(languages ? { languages: tidyWords(languages) } : {}),
      ...(skills ? { skills: tidyWords(skills) } : {}),
      updatedAt: ctx.now,
    },
    closed: { ...given(order.private ?? {}), updatedAt: ctx.now },
    comfort: order.comfort && comfortPatch(order.comfort, ctx.now),
    wishes: order.wishes,
  });
}

/** Makes the profile of somebody who has none yet. */
export async function ensureProfile(ctx: Context, userId: UserId): Promise<void> {
  await ownProfile(ctx, userId);
}

async function ownProfile(ctx: Context, userId: UserId): Promise<{ open: PublicRow; closed: PrivateRow }> {
  const found = await ownRows(ctx.env.DB, userId);
  if (found) return found;
  await create(ctx.env.DB, { userId, ...unwritten, languages: [...unwritten.languages], skills: [], updatedAt: ctx.now });
  const made = await ownRows(ctx.env.DB, userId);
  if (!made) throw new Error('a profile that was just made is not there');
  return made;
}

/** Without the keys whose value is undefined: a column is changed only where a value was given, null included. */
const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };

const toPublic = (id: UserId, role: Role, row: PublicRow | undefined): PublicProfile => {
  const { displayName, pronunciation, about, languages, skills, gender, ageBand, portrait } = row ?? unwritten;
  return { id, role, displayName, pronunciation, about, languages: [...languages], skills: [...skills], gender, ageBand, portrait };
};

const toMe = (principal: Principal, open: PublicRow, closed: PrivateRow, now: number): Me => ({
  id: principal.userId,
  role: principal.role,
  monetizationVersion: principal.monetizationVersion,
  permissions: [...principal.permissions].toSorted(),
  public: toPublic(principal.userId, principal.role, open),
  private: { email: principal.email, phone: principal.phone, birthDate: closed.birthDate, timeZone: closed.timeZone },
  comfort: comfortOf(closed.comfort, { birthDate: closed.birthDate, ageBand: open.ageBand }, now),
  wishes: wishesOf(closed.wishes),
});
