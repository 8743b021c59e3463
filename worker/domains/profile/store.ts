/** The only SQL for `public_profile` and `private_profile`. */
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { privateProfile, publicProfile } from '../../../db/schema/profile.ts';
import { database } from '../../platform/database.ts';

export type PublicRow = typeof publicProfile.$inferSelect;
export type PrivateRow = typeof privateProfile.$inferSelect;

/** Those of `ids` who have a public profile. One bound parameter however many are asked for. */
export const publicRows = (binding: D1Database, ids: readonly string[]): Promise<PublicRow[]> =>
  database(binding)
    .select()
    .from(publicProfile)
    .where(sql`${publicProfile.userId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);

/** People whose name has `text` in it (in lower case), newest first, older than `before`. */
export const idsNamed = async (
  binding: D1Database,
  asked: { text: string; before: string | undefined; limit: number },
): Promise<string[]> => {
  const rows = await database(binding)
    .select({ id: publicProfile.userId })
    .from(publicProfile)
    .where(
      and(
        sql`instr(lower(${publicProfile.displayName}), ${asked.text}) > 0`,
        asked.before === undefined ? undefined : lt(publicProfile.userId, asked.before),
      ),
    )
    .orderBy(desc(publicProfile.userId))
    .limit(asked.limit);
  return rows.map(({ id }) => id);
};

/** The time zone of those of `ids` who have a profile. */
export const timeZoneRows = (binding: D1Database, ids: readonly string[]): Promise<Pick<PrivateRow, 'userId' | 'timeZone'>[]> =>
  database(binding)
    .select({ userId: privateProfile.userId, timeZone: privateProfile.timeZone })
    .from(privateProfile)
    .where(sql`${privateProfile.userId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);

/** What those of `ids` who have a profile chose for the app (null: as the device says), and what they speak. */
export const languageRows = (
  binding: D1Database,
  ids: readonly string[],
): Promise<{ userId: string; chosen: string | null; spoken: readonly string[] }[]> =>
  database(binding)
    .select({
      userId: privateProfile.userId,
      chosen: sql<string | null>`json_extract(${privateProfile.comfort}, '$.language')`,
      spoken: publicProfile.languages,
    })
    .from(privateProfile)
    .innerJoin(publicProfile, eq(publicProfile.userId, privateProfile.userId))
    .where(sql`${privateProfile.userId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);

/** Both parts of one person; they are there after `create`. */
export async function ownRows(binding: D1Database, userId: string): Promise<{ open: PublicRow; closed: PrivateRow } | null> {
  const db = database(binding);
  const [[open], [closed]] = await db.batch([
    db.select().from(publicProfile).where(eq(publicProfile.userId, userId)),
    db.select().from(privateProfile).where(eq(privateProfile.userId, userId)),
  ]);
  return open && closed ? { open, closed } : null;
}

/** Makes both parts where they are missing; leaves what is there. */
export async function create(binding: D1Database, open: PublicRow): Promise<void> {
  const db = database(binding);
  const { userId, updatedAt } = open;
  await db.batch([
    db.insert(publicProfile).values(open).onConflictDoNothing(),
    db.insert(privateProfile).values({ userId, updatedAt }).onConflictDoNothing(),
  ]);
}

/** What changes of both parts. Comfort and wishes are merge patches (RFC 7396): two devices at once lose nothing of each other. */
export interface Change {
  readonly open: Partial<PublicRow> & { updatedAt: number };
  readonly closed: Partial<Omit<PrivateRow, 'comfort' | 'wishes'>> & { updatedAt: number };
  readonly comfort?: object | undefined;
  readonly wishes?: object | undefined;
}

const patched = (column: typeof privateProfile.comfort | typeof privateProfile.wishes, patch: object) =>
  sql`json_patch(${column}, ${JSON.stringify(patch)})`;

/** Changes the given columns of both parts together. */
export async function change(binding: D1Database, userId: string, { open, closed, comfort, wishes }: Change): Promise<void> {
  const db = database(binding);
  await db.batch([
    db.update(publicProfile).set(open).where(eq(publicProfile.userId, userId)),
    db
      .update(privateProfile)
      .set({
        ...closed,
        ...(comfort ? { comfort: patched(privateProfile.comfort, comfort) } : {}),
        ...(wishes ? { wishes: patched(privateProfile.wishes, wishes) } : {}),
      })
      .where(eq(privateProfile.userId, userId)),
  ]);
}
