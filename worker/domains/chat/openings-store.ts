/** The only SQL for `opening_rule` and `opening`. */
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { opening, openingRule } from '../../../db/schema/chat.ts';
import { database, statementOf } from '../../platform/database.ts';

export type RuleRow = typeof openingRule.$inferSelect;
export type OpeningRow = typeof opening.$inferSelect;
export interface Counts {
  readonly done: number;
  readonly waiting: number;
  readonly dropped: number;
}

/** Every rule, the oldest first. There are a handful. */
export const ruleRows = (binding: D1Database): Promise<RuleRow[]> =>
  database(binding).select().from(openingRule).orderBy(asc(openingRule.id)).limit(1_000);

export const ruleRow = (binding: D1Database, id: string): Promise<RuleRow | undefined> =>
  database(binding).select().from(openingRule).where(eq(openingRule.id, id)).get();

export const insertRule = (binding: D1Database, row: RuleRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(openingRule).values(row));

export const updateRule = (binding: D1Database, { id, ...row }: RuleRow): D1PreparedStatement =>
  statementOf(binding, database(binding).update(openingRule).set(row).where(eq(openingRule.id, id)));

/** Aborts its batch (`malformed JSON`) unless the rule was last changed at `changedAt`. */
export const unlessRuleChanged = (binding: D1Database, id: string, changedAt: number): D1PreparedStatement =>
  binding
    .prepare(`SELECT iif((SELECT changed_at FROM opening_rule WHERE id = ?1) IS ?2, 1, json_extract('changed meanwhile', '$'))`)
    .bind(id, changedAt);

/** What each rule has done. */
export async function countsOfRules(binding: D1Database): Promise<Map<string, Counts>> {
  const count = (states: readonly OpeningRow['state'][]) =>
    sql<number>`coalesce(sum(iif(${inArray(opening.state, [...states])}, 1, 0)), 0)`.mapWith(Number);
  const rows = await database(binding)
    .select({ id: opening.ruleId, done: count(['done']), waiting: count(['waiting', 'sending']), dropped: count(['dropped']) })
    .from(opening)
    .groupBy(opening.ruleId);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** What a rule has still to do for a member; where it has something for them already, that stays. */
export const planStatement = (
  binding: D1Database,
  row: Pick<OpeningRow, 'ruleId' | 'memberId' | 'followedId' | 'dueAt'>,
): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(opening)
      .values({ ...row, state: 'waiting' })
      .onConflictDoNothing(),
  );

/** What is due at `now` (ms), and what was begun and not finished; the longest due first. */
export const dueRows = (binding: D1Database, now: number, limit: number): Promise<OpeningRow[]> =>
  database(binding)
    .select()
    .from(opening)
    .where(and(inArray(opening.state, ['waiting', 'sending']), lte(opening.dueAt, now)))
    .orderBy(asc(opening.dueAt), asc(opening.ruleId), asc(opening.memberId))
    .limit(limit);

/** How many conversations rules have opened for each companion on a day. */
export async function countsOn(binding: D1Database, day: number): Promise<Map<string, number>> {
  const rows = await database(binding)
    .select({ id: opening.companionId, n: sql<number>`count(*)`.mapWith(Number) })
    .from(opening)
    .where(and(sql`${opening.companionId} IS NOT NULL`, eq(opening.day, day)))
    .groupBy(opening.companionId);
  return new Map(rows.map(({ id, n }) => [id ?? '', n]));
}

type Key = Pick<OpeningRow, 'ruleId' | 'memberId'>;
const of = ({ ruleId, memberId }: Key) => and(eq(opening.ruleId, ruleId), eq(opening.memberId, memberId));

/** Begins one, if it still waits and the companion has room that day, whatever races. True where it was begun. */
export async function beginOpening(
  binding: D1Database,
  { cap, ...row }: Key & { companionId: string; day: number; text: string; cap: number },
): Promise<boolean> {
  const { companionId, day, text } = row;
  const done = await database(binding)
    .update(opening)
    .set({ state: 'sending', companionId, day, text })
    .where(
      and(
        of(row),
        eq(opening.state, 'waiting'),
        sql`(SELECT count(*) FROM opening o WHERE o.companion_id = ${companionId} AND o.day = ${day}) < ${cap}`,
      ),
    )
    .returning({ id: opening.ruleId });
  return done.length > 0;
}

/** Tries it again at `dueAt` (ms), behind those that are due before. */
export async function postponeOpening(binding: D1Database, { dueAt, ...key }: Key & { dueAt: number }): Promise<void> {
  await database(binding).update(opening).set({ dueAt }).where(of(key)).run();
}

/** It is written; the words are in the room alone from now on. */
export const finishStatement = (binding: D1Database, key: Key): D1PreparedStatement =>
  statementOf(binding, database(binding).update(opening).set({ state: 'done', text: null }).where(of(key)));

/** Nothing was written, for this reason; it takes nobody's place of that day. */
export async function dropOpening(binding: D1Database, { reason, ...key }: Key & { reason: string }): Promise<void> {
  await database(binding)
    .update(opening)
    .set({ state: 'dropped', reason, text: null, companionId: null, day: null })
    .where(and(of(key), inArray(opening.state, ['waiting', 'sending'])))
    .run();
}
