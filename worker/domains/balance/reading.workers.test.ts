/** Reads of an owner's own books touch that owner's rows, however many accounts there are. */
import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { bindings } from './ledger-desk.workers.ts';
import { ownerAccounts, ownerBalance, ownerBalances, ownerEvents } from './reading-store.ts';

const owner = newId('usr');

/** How SQLite would run everything that `read` asks of the ledger. */
async function plansOf(read: (db: D1Database) => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const db = {
    prepare: (sql: string) => {
      asked.push(sql);
      return bindings.LEDGER_0.prepare(sql);
    },
    batch: (statements: D1PreparedStatement[]) => bindings.LEDGER_0.batch(statements),
  } as unknown as D1Database;
  await read(db);
  const plans: string[] = [];
  for (const sql of asked) {
    const places = new Set(sql.match(/\?\d/g)).size;
    const { results } = await bindings.LEDGER_0.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...Array.from({ length: places }, () => owner))
      .all<{ detail: string }>();
    plans.push(...results.map(({ detail }) => detail));
  }
  return plans;
}

describe('reads of an owner’s books', () => {
  it.each([
    ['accounts', (db: D1Database) => ownerAccounts(db, owner)],
    ['balances', (db: D1Database) => ownerBalances(db, owner)],
    ['one balance', (db: D1Database) => ownerBalance(db, owner, 'COIN')],
    ['events', (db: D1Database) => ownerEvents(db, owner, null, 10)],
  ])('%s come by an index', async (_what, read) => {
    const plans = await plansOf(read);
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((plan) => /^SCAN (account|balance_event|posting|transfer)\b/.test(plan))).toEqual([]);
  });
});
