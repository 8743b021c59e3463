/** The main database, typed. Only a domain's `store.ts` imports this. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database<Record<string, never>>;

export const database = (binding: D1Database): Database => drizzle(binding);

/**
 * A typed query as a plain statement, so that statements of several domains can share one D1 batch, which is one
 * transaction.
 */
export function statementOf(binding: D1Database, query: { toSQL(): { sql: string; params: unknown[] } }): D1PreparedStatement {
  const { sql, params } = query.toSQL();
  return binding.prepare(sql).bind(...params);
}

/**
 * The word a trigger or CHECK refused with (`RAISE(ABORT, 'event_log_is_append_only')`), or null where the failure was
 * something else. D1 wraps the bare message of SQLite in its own.
 */
export function refusedWith(thrown: unknown, word: string): boolean {
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) if (cause.message.includes(word)) return true;
  return false;
}
