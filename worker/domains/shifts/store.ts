/** The only SQL for `shift`, `shift_break` and `usual_hours`. */
import { and, desc, eq, gte, isNull, or, sql } from 'drizzle-orm';
import { shift, shiftBreak, usualHours } from '../../../db/schema/shifts.ts';
import { database, statementOf } from '../../platform/database.ts';

/** A shift, and since when its companion is on a break (null: at work). */
export type ShiftRow = typeof shift.$inferSelect & { readonly breakSince: number | null };
export type HoursRow = typeof usualHours.$inferSelect;

const withBreak = {
  id: shift.id,
  userId: shift.userId,
  startedAt: shift.startedAt,
  endedAt: shift.endedAt,
  breakSince: shiftBreak.startedAt,
};
const openBreak = and(eq(shiftBreak.shiftId, shift.id), isNull(shiftBreak.endedAt));

export const openRow = (binding: D1Database, userId: string): Promise<ShiftRow | undefined> =>
  database(binding)
    .select(withBreak)
    .from(shift)
    .leftJoin(shiftBreak, openBreak)
    .where(and(eq(shift.userId, userId), isNull(shift.endedAt)))
    .get();

export const latestRow = (binding: D1Database, userId: string): Promise<ShiftRow | undefined> =>
  database(binding)
    .select(withBreak)
    .from(shift)
    .leftJoin(shiftBreak, openBreak)
    .where(eq(shift.userId, userId))
    .orderBy(desc(shift.startedAt), desc(shift.id))
    .limit(1)
    .get();

/** Open shifts among `userIds`, those on a break left out. One bound parameter however many are asked for. */
export const openRows = (binding: D1Database, userIds: readonly string[]): Promise<ShiftRow[]> =>
  database(binding)
    .select(withBreak)
    .from(shift)
    .leftJoin(shiftBreak, openBreak)
    .where(
      and(
        isNull(shift.endedAt),
        isNull(shiftBreak.startedAt),
        sql`${shift.userId} IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))`,
      ),
    );

/** Aborts its batch where a shift of the person is open. */
export const insertShift = (binding: D1Database, row: Pick<ShiftRow, 'id' | 'userId' | 'startedAt'>): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(shift).values(row));

/** Aborts its batch with `shift_is_over` where it has ended. A clock that stepped back ends it at its start. */
export const endRow = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(shift)
      .set({ endedAt: sql`max(started_at, ${now})` })
      .where(eq(shift.id, id)),
  );

/** Aborts its batch where a break of the shift is open. */
export const insertBreak = (binding: D1Database, row: { shiftId: string; startedAt: number }): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(shiftBreak).values(row));

/** Ends the open break of a shift, if there is one. */
export const endBreakRow = (binding: D1Database, shiftId: string, now: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(shiftBreak)
      .set({ endedAt: sql`max(started_at, ${now})` })
      .where(and(eq(shiftBreak.shiftId, shiftId), isNull(shiftBreak.endedAt))),
  );

/** A person's shifts that were open at `from` (ms) or later, with their breaks. */
export async function shiftsSince(binding: D1Database, userId: string, from: number) {
  const db = database(binding);
  const whose = and(eq(shift.userId, userId), or(isNull(shift.endedAt), gte(shift.endedAt, from)));
  const [shifts, breaks] = await db.batch([
    db.select({ startedAt: shift.startedAt, endedAt: shift.endedAt }).from(shift).where(whose),
    db
      .select({ startedAt: shiftBreak.startedAt, endedAt: shiftBreak.endedAt })
      .from(shift)
      .innerJoin(shiftBreak, eq(shiftBreak.shiftId, shift.id))
      .where(whose),
  ]);
  return { shifts, breaks };
}

/** Usual hours of those of `userIds` who said any. */
export const hoursRows = (binding: D1Database, userIds: readonly string[]): Promise<HoursRow[]> =>
  database(binding)
    .select()
    .from(usualHours)
    .where(sql`${usualHours.userId} IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))`);

export async function upsertHours(binding: D1Database, row: HoursRow): Promise<void> {
  const { timeZone, items, changedAt } = row;
  await database(binding)
    .insert(usualHours)
    .values(row)
    .onConflictDoUpdate({ target: usualHours.userId, set: { timeZone, items, changedAt } })
    .run();
}
