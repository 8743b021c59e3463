/** The only SQL for `payment_alias`. */
import { and, desc, eq } from 'drizzle-orm';
import { paymentAlias } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Alias, AliasKind, AliasRow } from './claim-rules.ts';

export type AliasRecord = typeof paymentAlias.$inferSelect;

/** Makes names somebody's from the beginning; those that are anybody's already stay so. */
export async function bindAliases(binding: D1Database, aliases: readonly Alias[], userId: UserId, now: number): Promise<void> {
  if (aliases.length === 0) return;
  await binding
    .prepare(
      `INSERT INTO payment_alias (kind, value, since, user_id, verified_at)
       SELECT n.value->>0, n.value->>1, 0, ?2, ?3 FROM json_each(?1) n
       WHERE NOT EXISTS (SELECT 1 FROM payment_alias a WHERE a.kind = n.value->>0 AND a.value = n.value->>1 AND a.since = 0)
       ON CONFLICT DO NOTHING`,
    )
    .bind(JSON.stringify(aliases.map(({ kind, value }) => [kind, value])), userId, now)
    .run();
}

/** Every row of these names. */
export async function aliasRows(binding: D1Database, aliases: readonly Alias[]): Promise<AliasRow[]> {
  if (aliases.length === 0) return [];
  const { results } = await binding
    .prepare(
      `SELECT a.kind, a.value, a.since, a.user_id AS userId
       FROM json_each(?1) n JOIN payment_alias a ON a.kind = n.value->>0 AND a.value = n.value->>1`,
    )
    .bind(JSON.stringify(aliases.map(({ kind, value }) => [kind, value])))
    .all<AliasRow>();
  return results;
}

/** The statement that gives a name to somebody else from `since` (ms) on. */
export const moveStatement = (
  binding: D1Database,
  row: { kind: AliasKind; value: string; since: number; userId: UserId; movedBy: UserId; reason: string },
): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(paymentAlias)
      .values({ ...row, verifiedAt: row.since }),
  );

/** Somebody's names, or every row of one name; the newest word first. */
export const aliasRecords = (
  binding: D1Database,
  asked: { userId?: UserId | undefined; value?: string | undefined; kind?: AliasKind | undefined },
): Promise<AliasRecord[]> =>
  database(binding)
    .select()
    .from(paymentAlias)
    .where(
      and(
        asked.userId === undefined ? undefined : eq(paymentAlias.userId, asked.userId),
        asked.value === undefined ? undefined : eq(paymentAlias.value, asked.value),
        asked.kind === undefined ? undefined : eq(paymentAlias.kind, asked.kind),
      ),
    )
    .orderBy(paymentAlias.kind, paymentAlias.value, desc(paymentAlias.since))
    .limit(500);
