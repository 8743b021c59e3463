import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { seedDemo } from '../db/seed/demo.ts';
import { demoPeople } from '../db/seed/people.ts';
import { balancesOf } from '../worker/domains/balance/service.ts';
import { previewOf } from '../worker/domains/billing/preview.ts';
import { tariffFor } from '../worker/domains/billing/service.ts';
import { onShift } from '../worker/domains/shifts/service.ts';
import { createUser, type User } from '../worker/domains/user/service.ts';
import type { Env } from '../worker/env.ts';
import { contextOf } from '../worker/platform/context.ts';

const real = env as unknown as Env;
const later: Promise<unknown>[] = [];
const at = (now: number, environment: Env['ENVIRONMENT'] = 'local') => {
  const { DB, LEDGER_0, LEDGER_1 } = real;
  const bindings = { DB, LEDGER_0, LEDGER_1, ENVIRONMENT: environment } as unknown as Env;
  return contextOf(bindings, { now, requestId: 'seed', waitUntil: (work) => later.push(work) });
};
const NOW = 1_800_000_000_000;

/** Every row of every table, so that nothing can change unseen. */
async function everything() {
  const dumps: Record<string, unknown> = {};
  for (const [name, database] of Object.entries({ DB: real.DB, LEDGER_0: real.LEDGER_0, LEDGER_1: real.LEDGER_1 })) {
    const tables = await database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations' ORDER BY name",
      )
      .all<{ name: string }>();
    for (const table of tables.results)
      dumps[`${name}.${table.name}`] = (await database.prepare(`SELECT * FROM "${table.name}"`).all()).results;
  }
  return dumps;
}

describe('the demo data', () => {
  it('is refused anywhere but here, with nothing touched', async () => {
    const before = await everything();
    for (const environment of ['staging', 'production'] as const) await expect(seedDemo(at(NOW, environment))).rejects.toThrow(environment);
    expect(await everything()).toEqual(before);
  });

  it('is as the contract says, and a second run changes nothing', async () => {
    const ctx = at(NOW);
    await seedDemo(ctx);
    await Promise.all(later);
    const seeded = await everything();
    await seedDemo(at(NOW + 86_400_000));
    await Promise.all(later);
    expect(await everything()).toEqual(seeded);

    const person = (name: string): Promise<User> =>
      createUser(ctx, { email: `${name}@demo.test`, role: 'member', monetizationVersion: 'tokens' });
    const people = Object.fromEntries(await Promise.all(demoPeople.map(async ({ name }) => [name, await person(name)] as const)));
    const plans = Object.fromEntries(['ada', 'ben', 'cora', 'dora'].map((name) => [name, people[name]?.monetizationVersion]));
    expect(plans).toEqual({ ada: 'tokens', ben: 'subscription', cora: 'moments', dora: 'tokens' });
    expect(Object.values(people).map(({ role }) => role)).toEqual([
      ...['member', 'member', 'member', 'member'],
      ...['companion', 'companion', 'companion'],
      ...['supervisor', 'admin', 'superadmin'],
    ]);
    const shard = (name: string) => people[name]?.ledgerShard;
    expect([shard('ada'), shard('grace'), shard('dora') === shard('hugo')]).toEqual([0, 1, true]);
    const balances = await Promise.all(
      ['ada', 'cora', 'dora'].map(async (name) => {
        const { id, ledgerShard } = people[name] as User;
        return balancesOf(ctx, { userId: id, shard: ledgerShard });
      }),
    );
    expect(balances).toMatchObject([
      { balances: [{ unit: 'COIN', amount: 500 }] },
      { balances: [{ unit: 'MOMENT', amount: 5 }] },
      { balances: [{ unit: 'COIN', amount: 60 }] },
    ]);
    const companions = ['grace', 'hugo', 'iris'].map((name) => (people[name] as User).id);
    expect(await onShift(ctx, companions)).toEqual(new Set(companions));
    for (const media of ['audio', 'video'] as const) {
      const tariff = await tariffFor(ctx, {
        kind: 'direct',
        media,
        payerRole: 'member',
        payeeRole: 'companion',
        direction: 'member_to_companion',
      });
      expect(tariff && previewOf(tariff, 120).totals).toEqual({
        payer: [{ unit: 'COIN', amount: 189 }],
        payee: [{ unit: 'EARN', amount: 90 }],
      });
    }
  });
});
