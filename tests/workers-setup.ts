/** Every workerd test file finds migrated databases, empty where it has a runtime of its own. */
import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

const bindings = env as unknown as {
  DB: D1Database;
  LEDGER_0: D1Database;
  LEDGER_1: D1Database;
  MIGRATIONS_MAIN: D1Migration[];
  MIGRATIONS_LEDGER: D1Migration[];
};

/** All of them in one batch: a batch each takes as long as the tests of a file. */
async function migrate(db: D1Database, migrations: readonly D1Migration[]): Promise<void> {
  const there = await db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migrated'").first();
  if (there) return;
  const statements = ['CREATE TABLE migrated (one INTEGER)', ...migrations.flatMap(({ queries }) => queries)];
  await db.batch(statements.map((statement) => db.prepare(statement)));
}

await Promise.all([
  migrate(bindings.DB, bindings.MIGRATIONS_MAIN),
  migrate(bindings.LEDGER_0, bindings.MIGRATIONS_LEDGER),
  migrate(bindings.LEDGER_1, bindings.MIGRATIONS_LEDGER),
]);
