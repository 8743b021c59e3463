/**
 * Applies what is missing of the migrations to the local databases: `node scripts/stack/migrate.ts <state folder>`. It does what
 * `wrangler d1 migrations apply --local` does, and keeps the same list of what was applied, in one runtime for all of them.
 */
import { readD1Migrations } from '@cloudflare/vitest-plugin';
import { bindingsOf } from './bindings.ts';

const sets = { DB: 'main', LEDGER_0: 'ledger', LEDGER_1: 'ledger' } as const;

const [state = ''] = process.argv.slice(2);
const { env, dispose } = await bindingsOf(state);
try {
  await Promise.all(Object.entries(sets).map(([name, set]) => apply(env[name as keyof typeof sets], `db/migrations/${set}`)));
} finally {
  await dispose();
}

/** Each with its line in one batch: it is there whole, or not at all. */
async function apply(database: D1Database, folder: string): Promise<void> {
  await database
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
       applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    )
    .run();
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  for (const { name, queries } of await readD1Migrations(folder)) {
    if (applied.has(name)) continue;
    const mark = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
    await database.batch([...queries.map((query) => database.prepare(query)), mark]);
  }
}
