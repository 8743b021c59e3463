/** The only SQL for `case`. */
import { and, desc, eq, gte, lt } from 'drizzle-orm';
import { moderationCase } from '../../../db/schema/moderation.ts';
import { database, statementOf } from '../../platform/database.ts';

export type CaseRow = typeof moderationCase.$inferSelect;

/** Writes a case; where one of this source, subject and person is there already, that stays as it is. */
export const insertCase = (binding: D1Database, row: CaseRow): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(moderationCase)
      .values(row)
      .onConflictDoNothing({ target: [moderationCase.source, moderationCase.subject, moderationCase.raisedBy] }),
  );

/** Writes a case; refused (`UNIQUE`) where one of this source, subject and person is there already. */
export const insertNewCase = (binding: D1Database, row: CaseRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(moderationCase).values(row));

export const caseRow = (
  binding: D1Database,
  { source, subject, raisedBy }: Pick<CaseRow, 'source' | 'subject' | 'raisedBy'>,
): Promise<CaseRow | undefined> =>
  database(binding)
    .select()
    .from(moderationCase)
    .where(and(eq(moderationCase.source, source), eq(moderationCase.subject, subject), eq(moderationCase.raisedBy, raisedBy)))
    .get();

/** Cases, the newest first, older than the case `before`. */
export const caseRows = (
  binding: D1Database,
  asked: { state: CaseRow['state'] | undefined; source: CaseRow['source'] | undefined; before: string | undefined; limit: number },
): Promise<CaseRow[]> =>
  database(binding)
    .select()
    .from(moderationCase)
    .where(
      and(
        asked.state === undefined ? undefined : eq(moderationCase.state, asked.state),
        asked.source === undefined ? undefined : eq(moderationCase.source, asked.source),
        asked.before === undefined ? undefined : lt(moderationCase.id, asked.before),
      ),
    )
    .orderBy(desc(moderationCase.id))
    .limit(asked.limit);

/** What one person raised of things whose ids begin alike, the newest first, older than the case `before`. */
export const ownCaseRows = (
  binding: D1Database,
  asked: { source: CaseRow['source']; raisedBy: string; subjects: string; before: string | undefined; limit: number },
): Promise<CaseRow[]> =>
  database(binding)
    .select()
    .from(moderationCase)
    .where(
      and(
        eq(moderationCase.source, asked.source),
        eq(moderationCase.raisedBy, asked.raisedBy),
        gte(moderationCase.subject, asked.subjects),
        lt(moderationCase.subject, `${asked.subjects}\u{7f}`),
        asked.before === undefined ? undefined : lt(moderationCase.id, asked.before),
      ),
    )
    .orderBy(desc(moderationCase.id))
    .limit(asked.limit);
