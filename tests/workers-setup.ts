/** Every workerd test file starts with migrated databases; storage is isolated per file. */
import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

const bindings = env as unknown as {
  DB: D1Database;
  LEDGER_0: D1Database;
  LEDGER_1: D1Database;
  MIGRATIONS_MAIN: D1Migration[];
  MIGRATIONS_LEDGER: D1Migration[];
};

await applyD1Migrations(bindings.DB, bindings.MIGRATIONS_MAIN);
await applyD1Migrations(bindings.LEDGER_0, bindings.MIGRATIONS_LEDGER);
await applyD1Migrations(bindings.LEDGER_1, bindings.MIGRATIONS_LEDGER);
