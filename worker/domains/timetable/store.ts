/** The only SQL for `timetable_job` and `timetable_run`. Which firing runs what is decided by `insertRun`, in one statement. */
import { and, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { timetableJob, timetableRun } from '../../../db/schema/timetable.ts';
import { database, statementOf } from '../../platform/database.ts';

export type JobRow = typeof timetableJob.$inferSelect;
export type RunRow = typeof timetableRun.$inferSelect;

export const jobRows = (binding: D1Database): Promise<JobRow[]> => database(binding).select().from(timetableJob);

/** Keeps from when on the turns of a job count that was never seen before. */
export async function insertJob(binding: D1Database, name: string, since: number): Promise<void> {
  await database(binding).insert(timetableJob).values({ name, since, enabled: true }).onConflictDoNothing();
}

/** The newest run of a turn of each job. */
export const lastTurns = (binding: D1Database, names: readonly string[]): Promise<RunRow[]> => newestOf(binding, names, 'slot IS NOT NULL');

/** The newest run of each job, running and asked ones too. */
export const lastRuns = (binding: D1Database, names: readonly string[]): Promise<RunRow[]> =>
  newestOf(binding, names, `(outcome IS NULL OR outcome <> 'skipped')`);

const newestOf = (binding: D1Database, names: readonly string[], which: string): Promise<RunRow[]> =>
  database(binding)
    .select()
    .from(timetableRun)
    .where(
      sql`${timetableRun.seq} IN (SELECT (SELECT r.seq FROM timetable_run r WHERE r.job = j.value AND ${sql.raw(which)} ORDER BY r.seq DESC LIMIT 1) FROM json_each(${JSON.stringify(names)}) j)`,
    );

/** Runs that are not over. */
export const openRuns = (binding: D1Database): Promise<RunRow[]> =>
  database(binding).select().from(timetableRun).where(isNull(timetableRun.outcome));

export interface NewRun
  extends Pick<RunRow, 'id' | 'job' | 'slot' | 'due' | 'attempt' | 'askedBy' | 'requestId' | 'startedAt' | 'leasedUntil'> {
  /** True where other runs of the job do no harm. */
  readonly overlaps: boolean;
  /** The newest run of a turn that the decision was made from; null: none. A turn is begun only while it still is. */
  readonly seenSeq: number | null;
  /** Nothing is run: the turns were passed over. */
  readonly skipped: boolean;
}

/** Begins a run, or notes skipped turns; answers its `seq`, or null where another firing or a running one was there first. */
export async function insertRun(binding: D1Database, run: NewRun): Promise<number | null> {
  return await insertion(binding, run).first<number>('seq');
}

export const insertion = (binding: D1Database, run: NewRun): D1PreparedStatement =>
  binding
    .prepare(
      `INSERT INTO timetable_run
         (id, job, slot, due, attempt, asked_by, request_id, started_at, leased_until, finished_at, outcome)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, iif(?12, ?8, NULL), iif(?12, 'skipped', NULL)
       WHERE (?10 OR NOT EXISTS (SELECT 1 FROM timetable_run WHERE job = ?2 AND outcome IS NULL AND leased_until > ?8))
         AND (?3 IS NULL OR ?11 IS (SELECT seq FROM timetable_run WHERE job = ?2 AND slot IS NOT NULL ORDER BY seq DESC LIMIT 1))
       ON CONFLICT (job, slot, attempt) DO NOTHING
       RETURNING seq`,
    )
    .bind(
      ...[run.id, run.job, run.slot, run.due, run.attempt, run.askedBy, run.requestId, run.startedAt, run.leasedUntil],
      ...[run.overlaps ? 1 : 0, run.seenSeq, run.skipped ? 1 : 0],
    );

/** Aborts its batch unless the run was begun. */
export const unlessRefused = (binding: D1Database, id: string): D1PreparedStatement =>
  binding.prepare(`SELECT iif(EXISTS (SELECT 1 FROM timetable_run WHERE id = ?1), 1, json_extract('runs already', '$'))`).bind(id);

/** A living run holds on. */
export async function renewLease(binding: D1Database, id: string, until: number): Promise<void> {
  await database(binding)
    .update(timetableRun)
    .set({ leasedUntil: until })
    .where(and(eq(timetableRun.id, id), isNull(timetableRun.outcome)));
}

/**
 * Notes how a run ended; false where that was noted before. In the same statement, whether staff are to be told: of a
 * streak of failures once, and once when it is over.
 * @param end.alertAfter failures in a row
 */
export async function finishRun(
  binding: D1Database,
  end: { id: string; at: number; outcome: 'ok' | 'failed' | 'lost'; error: string | null; alertAfter: number },
): Promise<boolean> {
  const finished = await binding
    .prepare(
      `UPDATE timetable_run AS this SET finished_at = max(?2, started_at), outcome = ?3, error = ?4, alert = (
         SELECT CASE
           WHEN ?3 = 'ok' THEN iif(told = 'failed', 'healed', NULL)
           WHEN told IS 'failed' THEN NULL
           WHEN 1 + (SELECT count(*) FROM timetable_run f WHERE f.job = this.job AND f.outcome IN ('failed', 'lost') AND f.seq >
             coalesce((SELECT o.seq FROM timetable_run o WHERE o.job = this.job AND o.outcome = 'ok' ORDER BY o.seq DESC LIMIT 1), 0)
           ) >= ?5 THEN 'failed' END
         FROM (SELECT (SELECT a.alert FROM timetable_run a WHERE a.job = this.job AND a.alert IS NOT NULL ORDER BY a.seq DESC LIMIT 1) AS told))
       WHERE id = ?1 AND outcome IS NULL RETURNING seq`,
    )
    .bind(end.id, end.at, end.outcome, end.error, end.alertAfter)
    .first();
  return finished !== null;
}

/** Failures in a row of each job that has any of each job. */
export async function streaks(binding: D1Database, names: readonly string[]): Promise<Map<string, number>> {
  const { results } = await binding
    .prepare(
      `SELECT j.value AS job, (SELECT count(*) FROM timetable_run f WHERE f.job = j.value AND f.outcome IN ('failed', 'lost') AND f.seq >
         coalesce((SELECT o.seq FROM timetable_run o WHERE o.job = j.value AND o.outcome = 'ok' ORDER BY o.seq DESC LIMIT 1), 0)) AS failures
       FROM json_each(?1) j`,
    )
    .bind(JSON.stringify(names))
    .all<{ job: string; failures: number }>();
  return new Map(results.map(({ job, failures }) => [job, failures]));
}

/** Alerts that staff have not been told of, oldest first. */
export const untoldAlerts = (binding: D1Database): Promise<RunRow[]> =>
  database(binding)
    .select()
    .from(timetableRun)
    .where(and(isNotNull(timetableRun.alert), isNull(timetableRun.toldAt)))
    .orderBy(timetableRun.seq)
    .limit(20);

export async function markTold(binding: D1Database, id: string, at: number): Promise<void> {
  await database(binding).update(timetableRun).set({ toldAt: at }).where(eq(timetableRun.id, id));
}

/** Runs of a job, newest first, older than `before`; of one outcome where that is asked for. */
export const runsOf = (
  binding: D1Database,
  asked: { job: string; before: number | null; outcome: RunRow['outcome']; limit: number },
): Promise<RunRow[]> =>
  database(binding)
    .select()
    .from(timetableRun)
    .where(
      and(
        eq(timetableRun.job, asked.job),
        asked.before === null ? undefined : lt(timetableRun.seq, asked.before),
        asked.outcome === null ? undefined : eq(timetableRun.outcome, asked.outcome),
      ),
    )
    .orderBy(desc(timetableRun.seq))
    .limit(asked.limit);

export const oneRun = (binding: D1Database, id: string): Promise<RunRow | undefined> =>
  database(binding).select().from(timetableRun).where(eq(timetableRun.id, id)).get();

export const upsertJob = (binding: D1Database, row: JobRow): D1PreparedStatement => {
  const { name: _, ...changed } = row;
  return statementOf(
    binding,
    database(binding).insert(timetableJob).values(row).onConflictDoUpdate({ target: timetableJob.name, set: changed }),
  );
};

/** Aborts its batch unless staff last changed the job at `changedAt` (null: never). */
export const unlessChangedSince = (binding: D1Database, name: string, changedAt: number | null): D1PreparedStatement =>
  binding
    .prepare(`SELECT iif((SELECT changed_at FROM timetable_job WHERE name = ?1) IS ?2, 1, json_extract('changed meanwhile', '$'))`)
    .bind(name, changedAt);

/**
 * Forgets runs of a job, at most `limit`, but never one of its newest `keep`; answers how many.
 * @param asked.quietBefore those that went well or were skipped, and told of nothing, which ended before
 * @param asked.before any that ended before
 */
export async function forgetRuns(
  binding: D1Database,
  asked: { job: string; quietBefore: number; before: number; keep: number; limit: number },
): Promise<number> {
  const quiet = and(
    inArray(timetableRun.outcome, ['ok', 'skipped']),
    isNull(timetableRun.alert),
    lt(timetableRun.finishedAt, asked.quietBefore),
  );
  const doomed = database(binding)
    .select({ seq: timetableRun.seq })
    .from(timetableRun)
    .where(
      and(
        eq(timetableRun.job, asked.job),
        or(quiet, lt(timetableRun.finishedAt, asked.before)),
        sql`${timetableRun.seq} <= (SELECT n.seq FROM timetable_run n WHERE n.job = ${asked.job} ORDER BY n.seq DESC LIMIT 1 OFFSET ${asked.keep})`,
      ),
    )
    .limit(asked.limit);
  const gone = await database(binding).delete(timetableRun).where(inArray(timetableRun.seq, doomed)).returning({ seq: timetableRun.seq });
  return gone.length;
}

export const jobsWithRuns = async (binding: D1Database): Promise<string[]> =>
  (await database(binding).selectDistinct({ job: timetableRun.job }).from(timetableRun)).map(({ job }) => job);
