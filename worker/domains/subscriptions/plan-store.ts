/** The SQL of `plan`. */
import { asc, eq, sql } from 'drizzle-orm';
import { plan } from '../../../db/schema/subscriptions.ts';
import { database, statementOf } from '../../platform/database.ts';

/** A plan as it stands: what it is called, where it stands among the others, and what it includes in a day. */
export type Plan = typeof plan.$inferSelect;

/** From the least to the most. */
export const planRows = (binding: D1Database): Promise<Plan[]> => database(binding).select().from(plan).orderBy(asc(plan.rank));

export const planRow = (binding: D1Database, id: string): Promise<Plan | undefined> =>
  database(binding).select().from(plan).where(eq(plan.id, id)).get();

export const insertPlan = (binding: D1Database, row: Plan): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(plan).values(row));

export const updatePlan = (binding: D1Database, { id, ...terms }: Plan): D1PreparedStatement =>
  statementOf(binding, database(binding).update(plan).set(terms).where(eq(plan.id, id)));

/** Aborts its batch with `malformed JSON` where the plan was changed since `changedAt` (ms). */
export const unlessPlanChanged = (binding: D1Database, id: string, changedAt: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .select({ ok: sql`iif(${plan.changedAt} = ${changedAt}, 1, json_extract('changed meanwhile', '$'))` })
      .from(plan)
      .where(eq(plan.id, id)),
  );
