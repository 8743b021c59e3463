/** The only SQL for `note`, `note_version` and `handover`. */
import { and, count, desc, eq, isNull, sql } from 'drizzle-orm';
import { handover, note, noteVersion } from '../../../db/schema/interaction.ts';
import { database, statementOf } from '../../platform/database.ts';

export type NoteRow = typeof note.$inferSelect;
export type NoteVersionRow = typeof noteVersion.$inferSelect;
export type HandoverRow = typeof handover.$inferSelect;

/** All that stands about a member, as of one moment. */
export async function rowsAbout(binding: D1Database, memberId: string): Promise<{ notes: NoteRow[]; handovers: HandoverRow[] }> {
  const db = database(binding);
  const [notes, handovers] = await db.batch([
    db
      .select()
      .from(note)
      .where(and(eq(note.memberId, memberId), isNull(note.removedAt))),
    db.select().from(handover).where(eq(handover.memberId, memberId)).orderBy(desc(handover.changedAt)),
  ]);
  return { notes, handovers };
}

export const noteRow = (binding: D1Database, id: string): Promise<NoteRow | undefined> =>
  database(binding).select().from(note).where(eq(note.id, id)).get();

export async function countNotes(binding: D1Database, { memberId, authorId }: { memberId: string; authorId: string }): Promise<number> {
  const found = await database(binding)
    .select({ n: count() })
    .from(note)
    .where(and(eq(note.memberId, memberId), eq(note.authorId, authorId), isNull(note.removedAt)))
    .get();
  return found?.n ?? 0;
}

/** Writes a note as it stands now, and this version of it; of two edits of one version the second aborts its batch (`UNIQUE`). */
export function noteStatements(binding: D1Database, row: NoteRow, byId: string): readonly [D1PreparedStatement, D1PreparedStatement] {
  const db = database(binding);
  const { id, version, kind, text, followUpOn, doneAt, changedAt, removedAt } = row;
  const kept = { kind, text, followUpOn, doneAt, version, changedAt, removedAt };
  const step = { noteId: id, version, kind, text, followUpOn, doneAt, removed: removedAt !== null, byId, at: changedAt };
  return [
    statementOf(binding, db.insert(noteVersion).values(step)),
    statementOf(binding, db.insert(note).values(row).onConflictDoUpdate({ target: note.id, set: kept })),
  ];
}

/** All that a note has said, newest first. */
export const versionRows = (binding: D1Database, noteId: string): Promise<NoteVersionRow[]> =>
  database(binding).select().from(noteVersion).where(eq(noteVersion.noteId, noteId)).orderBy(desc(noteVersion.version));

export const handoverRow = (
  binding: D1Database,
  { memberId, authorId }: Pick<HandoverRow, 'memberId' | 'authorId'>,
): Promise<HandoverRow | undefined> =>
  database(binding)
    .select()
    .from(handover)
    .where(and(eq(handover.memberId, memberId), eq(handover.authorId, authorId)))
    .get();

/** Writes a summary over version `before` (0: there is none yet); false where it was another by now. */
export async function writeHandoverRow(binding: D1Database, row: HandoverRow, before: number): Promise<boolean> {
  const { text, version, changedAt } = row;
  const db = database(binding);
  const { meta } =
    before === 0
      ? await db.insert(handover).values(row).onConflictDoNothing().run()
      : await db
          .update(handover)
          .set({ text, version, changedAt })
          .where(and(theirs(row), eq(handover.version, before)))
          .run();
  return meta.changes === 1;
}

/** Takes a summary away where it still is version `before`. */
export async function removeHandoverRow(
  binding: D1Database,
  who: Pick<HandoverRow, 'memberId' | 'authorId'>,
  before: number,
): Promise<boolean> {
  const { meta } = await database(binding)
    .delete(handover)
    .where(and(theirs(who), eq(handover.version, before)))
    .run();
  return meta.changes === 1;
}

const theirs = ({ memberId, authorId }: Pick<HandoverRow, 'memberId' | 'authorId'>) =>
  sql`${handover.memberId} = ${memberId} AND ${handover.authorId} = ${authorId}`;
