/** The only SQL for `photo`. After each change the public profile's portrait is written anew in the same batch. */
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { photo, publicProfile } from '../../../db/schema/profile.ts';
import { database, statementOf } from '../../platform/database.ts';

export type PhotoRow = typeof photo.$inferSelect;

export const photoRow = (binding: D1Database, id: string): Promise<PhotoRow | undefined> =>
  database(binding).select().from(photo).where(eq(photo.id, id)).get();

/** A person's photos, newest first, older than the photo `before`. */
export const photosOf = (binding: D1Database, asked: { userId: string; before: string | undefined; limit: number }): Promise<PhotoRow[]> =>
  database(binding)
    .select()
    .from(photo)
    .where(and(eq(photo.userId, asked.userId), asked.before === undefined ? undefined : lt(photo.id, asked.before)))
    .orderBy(desc(photo.id))
    .limit(asked.limit);

/** Aborts with `too_many_photos` where the person has no room for one more. */
export async function insertPhoto(binding: D1Database, row: PhotoRow): Promise<void> {
  await binding.batch([
    ...(row.portrait ? [noPortrait(binding, row.userId)] : []),
    statementOf(binding, database(binding).insert(photo).values(row)),
    shownPortrait(binding, row.userId),
  ]);
}

export async function updatePhoto(
  binding: D1Database,
  { id, userId, ...change }: Pick<PhotoRow, 'id' | 'userId'> & Partial<Pick<PhotoRow, 'visibility' | 'portrait' | 'state'>>,
): Promise<void> {
  await binding.batch([
    ...(change.portrait ? [noPortrait(binding, userId)] : []),
    statementOf(binding, database(binding).update(photo).set(change).where(eq(photo.id, id))),
    shownPortrait(binding, userId),
  ]);
}

export async function deletePhoto(binding: D1Database, { id, userId }: Pick<PhotoRow, 'id' | 'userId'>): Promise<void> {
  await binding.batch([statementOf(binding, database(binding).delete(photo).where(eq(photo.id, id))), shownPortrait(binding, userId)]);
}

const noPortrait = (binding: D1Database, userId: string): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(photo)
      .set({ portrait: false })
      .where(and(eq(photo.userId, userId), eq(photo.portrait, true))),
  );

/** What others see as the person's face: the path of the portrait once it is approved, else nothing. */
const shownPortrait = (binding: D1Database, userId: string): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(publicProfile)
      .set({
        portrait: sql`(SELECT '/api/v1/media/' || id FROM photo
          WHERE user_id = ${userId} AND portrait = 1 AND visibility = 'public' AND state = 'approved')`,
      })
      .where(eq(publicProfile.userId, userId)),
  );
