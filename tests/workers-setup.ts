/** Every workerd test file starts with migrated databases; storage is isolated per file. */
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
const migrate = (db: D1Database, migrations: readonly D1Migration[]): Promise<unknown> =>
  db.batch(migrations.flatMap(({ queries }) => queries.map((query) => db.prepare(query))));

await Promise.all([
  migrate(bindings.DB, bindings.MIGRATIONS_MAIN),
  migrate(bindings.LEDGER_0, bindings.MIGRATIONS_LEDGER),
  migrate(bindings.LEDGER_1, bindings.MIGRATIONS_LEDGER),
]);
