/** Plants one violation of each rule in a small house of its own and must see it caught; the real house must be clean. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tiers } from '../../scripts/check/layout.ts';
import { ruleNames, violationsOf } from '../../scripts/check/rules.ts';
import { readTree } from '../../scripts/check/tree.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'house-'));
  cpSync('package.json', join(root, 'package.json'));
  for (const [path, text] of Object.entries(sound)) write(path, text);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const rulesBroken = (): string[] => [...new Set(violationsOf(readTree(root)).map(({ rule }) => rule))];

/** A house with a file in every room and nothing wrong: what each planting is added to. */
const sound: Record<string, string> = {
  'worker/index.ts': `import { createApp } from './app.ts';
    export { UserHub } from '../durable-objects/user-hub/user-hub.ts';
    export { CallSession } from '../durable-objects/call-session/call-session.ts';
    export default createApp();`,
  'worker/app.ts': `import { mountUser } from './domains/user/routes.ts'; export const createApp = () => mountUser();`,
  'worker/env.ts': `import type { Hub } from './platform/stubs.ts'; export interface Env { hub: Hub }`,
  'worker/protocol/money.ts': `import * as z from 'zod/mini'; export const amount = z.int(); export type Amount = z.infer<typeof amount>;`,
  'worker/platform/stubs.ts': `import type { Amount } from '../protocol/money.ts'; export interface Hub { pay(amount: Amount): void }`,
  'worker/platform/clock.ts': `export const now = () => Date.now();`,
  'worker/domains/user/rules.ts': `import type { Amount } from '../../protocol/money.ts';
    export const rich = (amount: Amount, now: number) => amount > new Date(now).getTime();`,
  'worker/domains/user/store.ts': `import { user } from '../../../db/schema/user.ts'; export const users = () => [user, 'SELECT * FROM user'];`,
  'worker/domains/user/service.ts': `import { users } from './store.ts'; import { rich } from './rules.ts'; export const all = () => [users(), rich(1, 2)];`,
  'worker/domains/user/routes.ts': `import { all } from './service.ts'; export const mountUser = () => all();`,
  'worker/domains/balance/store.ts': `export const post = () => 'INSERT INTO posting VALUES (1)';`,
  'worker/domains/balance/service.ts': `import { post } from './store.ts'; import { all } from '../user/service.ts'; export const pay = () => [post(), all()];`,
  'worker/domains/billing/meter.ts': `export const due = (now: number) => now;`,
  'worker/domains/pricing/tokens/model.ts': `import { due } from '../../billing/meter.ts'; export const tokens = due;`,
  'worker/domains/pricing/service.ts': `import { tokens } from './tokens/model.ts'; export const pricing = tokens;`,
  'worker/domains/reports/service.ts': `export const report = 'SELECT * FROM masked_user';`,
  'worker/domains/video/service.ts': `import { pay } from '../balance/service.ts'; export const call = () => pay();`,
  'db/schema/user.ts': `import { sqliteTable } from 'drizzle-orm/sqlite-core'; export const user = sqliteTable('user', {});`,
  'db/migrations/main/0001_user.sql': 'CREATE TABLE user (id TEXT PRIMARY KEY);',
  'db/migrations/ledger/0001_ledger.sql': 'CREATE TABLE posting (id TEXT PRIMARY KEY);',
  'durable-objects/kit/alarms.ts': `export const next = (times: number[]) => Math.min(...times);`,
  'durable-objects/user-hub/user-hub.ts': `import { DurableObject } from 'cloudflare:workers'; import { next } from '../kit/alarms.ts';
    export class UserHub extends DurableObject { at = next([Date.now()]) }`,
  'durable-objects/call-session/core/step.ts': `export const step = (now: number) => now;`,
  'durable-objects/call-session/call-session.ts': `import { DurableObject } from 'cloudflare:workers'; import { step } from './core/step.ts';
    import { pay } from '../../worker/domains/balance/service.ts';
    export class CallSession extends DurableObject { at = [step(Date.now()), pay()] }`,
  'web/client/api.ts': `import { amount } from '../../worker/protocol/money.ts'; export const parse = amount;`,
  'web/ui/price.tsx': `import { parse } from '../client/api.ts'; export const Price = () => <b>{String(parse)}</b>;`,
  'web/app/main.tsx': `import { Price } from '../ui/price.tsx'; export const App = () => <Price />;`,
  'web/portal/main.tsx': `import { Price } from '../ui/price.tsx'; export const Portal = () => <Price />;`,
  'web/panel/main.tsx': `import { Price } from '../ui/price.tsx'; export const Panel = () => <Price />;`,
};

/** Rule → plantings, each a file with its text; every one alone must be caught by that rule. */
const plantings: Record<string, readonly (readonly [path: string, text: string])[]> = {
  'imports-resolve': [
    ['worker/platform/log.ts', `import { nothing } from './nothing.ts'; export const x = nothing;`],
    ['worker/platform/log.ts', `import left from 'left-pad'; export const x = left;`],
    ['worker/platform/log.ts', `import { build } from 'vite'; export const x = build;`],
  ],
  'protocol-imports-zod-only': [
    ['worker/protocol/ids.ts', `import { typeid } from 'typeid-js'; export const id = typeid;`],
    ['worker/protocol/ids.ts', `import type { Env } from '../env.ts'; export type E = Env;`],
  ],
  'domain-tiers': [
    ['worker/domains/balance/rules.ts', `import { call } from '../video/service.ts'; export const x = call;`],
    ['worker/domains/profile/service.ts', `import { all } from '../user/service.ts'; export const x = all;`],
    ['worker/domains/profile/rules.ts', `import type { all } from '../user/service.ts'; export type X = typeof all;`],
    ['worker/domains/user/jobs.ts', `export { pay } from '../balance/service.ts';`],
    ['worker/domains/user/jobs.ts', `export const late = () => import('../balance/service.ts');`],
    ['worker/domains/unheard_of/service.ts', `import { all } from '../user/service.ts'; export const x = all;`],
  ],
  'domain-doors': [
    ['worker/domains/chat/service.ts', `import { users } from '../user/store.ts'; export const x = users;`],
    ['durable-objects/user-hub/hub.ts', `import { users } from '../../worker/domains/user/store.ts'; export const x = users;`],
    ['db/seed/demo.ts', `import { users } from '../../worker/domains/user/store.ts'; export const x = users;`],
  ],
  'domains-import-their-own-tables': [
    ['worker/domains/chat/store.ts', `import { user } from '../../../db/schema/user.ts'; export const x = user;`],
    ['worker/domains/chat/service.ts', `import { createApp } from '../../app.ts'; export const x = createApp;`],
  ],
  'one-store-per-table': [
    ['worker/domains/user/service.ts', `import { user } from '../../../db/schema/user.ts'; export const all = user;`],
    ['worker/domains/user/jobs.ts', `export const x = (id: string) => \`DELETE FROM user WHERE id = \${id}\`;`],
    ['worker/platform/database.ts', `export const x = 'SELECT id FROM "user"';`],
    ['db/migrations/main/0002_nobody.sql', 'CREATE TABLE nobody_s (id TEXT);'],
  ],
  'only-balance-touches-the-ledger': [
    ['worker/domains/payment/store.ts', `export const x = 'SELECT sum(amount) FROM posting';`],
    ['worker/domains/balance/service.ts', `export const x = 'UPDATE posting SET amount = 1';`],
    ['durable-objects/call-session/outbox.ts', `export const x = 'INSERT INTO posting VALUES (1)';`],
  ],
  'reports-read-views': [
    ['worker/domains/reports/store.ts', `import { user } from '../../../db/schema/user.ts'; export const x = user;`],
    ['worker/domains/mission_control/service.ts', `import { users } from '../user/store.ts'; export const x = users;`],
  ],
  'pricing-models-behind-the-router': [
    ['worker/domains/video/service.ts', `import { tokens } from '../pricing/tokens/model.ts'; export const call = tokens;`],
  ],
  'pure-files-are-pure': [
    ['worker/domains/user/rules.ts', `export const rich = () => Date.now() > 0;`],
    ['worker/domains/user/rules.ts', `export const rich = () => new Date();`],
    ['worker/domains/user/rules.ts', `export const rich = () => Math.random();`],
    ['worker/domains/user/rules.ts', `export const rich = () => globalThis.crypto.randomUUID();`],
    ['worker/domains/user/rules.ts', `export const rich = () => performance['now']();`],
    ['worker/domains/user/rules.ts', `import { env } from 'cloudflare:workers'; export const rich = env;`],
    ['worker/domains/user/rules.ts', `import { eq } from 'drizzle-orm'; export const rich = eq;`],
    ['worker/domains/billing/meter.ts', `import type { Context } from 'hono'; export const due = (c: Context) => c;`],
    ['worker/domains/user/rules.ts', `import { now } from '../../platform/clock.ts'; export const rich = () => now();`],
    ['worker/protocol/time.ts', `export const now = () => Date.now();`],
    ['durable-objects/call-session/core/step.ts', `export const step = () => Date.now();`],
  ],
  'services-run-anywhere': [['worker/domains/user/jobs.ts', `import { env } from 'cloudflare:workers'; export const x = env;`]],
  'object-classes-only-in-index': [
    ['worker/platform/hub.ts', `import { UserHub } from '../../durable-objects/user-hub/user-hub.ts'; export const x = UserHub;`],
    [
      'worker/domains/user/jobs.ts',
      `import type { UserHub } from '../../../durable-objects/user-hub/user-hub.ts'; export type X = UserHub;`,
    ],
  ],
  'objects-stand-alone': [
    ['durable-objects/user-hub/rooms.ts', `import { CallSession } from '../call-session/call-session.ts'; export const x = CallSession;`],
    ['durable-objects/user-hub/rows.ts', `import { eq } from 'drizzle-orm'; export const x = eq;`],
    ['durable-objects/kit/money.ts', `import { pay } from '../../worker/domains/balance/service.ts'; export const x = pay;`],
  ],
  'stubs-are-types': [['worker/platform/stubs.ts', `import { amount } from '../protocol/money.ts'; export type Hub = typeof amount;`]],
  'platform-knows-no-business': [['worker/platform/auth.ts', `import { all } from '../domains/user/service.ts'; export const x = all;`]],
  'web-imports-the-protocol-only': [
    ['web/client/rules.ts', `import { rich } from '../../worker/domains/user/rules.ts'; export const x = rich;`],
    ['web/app/env.ts', `import type { Env } from '../../worker/env.ts'; export type X = Env;`],
  ],
  'web-rooms': [
    ['web/app/panel.tsx', `import { Panel } from '../panel/main.tsx'; export const X = () => <Panel />;`],
    ['web/portal/app.tsx', `import type { App } from '../app/main.tsx'; export type X = typeof App;`],
    ['web/client/hook.ts', `import { useState } from 'react'; export const x = useState;`],
  ],
  'no-drawers': [
    ['worker/platform/utils/strings.ts', 'export const x = 1;'],
    ['web/ui/helpers.ts', 'export const x = 1;'],
    ['worker/domains/user/lib/x.ts', 'export const x = 1;'],
    ['worker/domains/userV2/service.ts', 'export const x = 1;'],
  ],
  'no-cycles': [
    ['worker/domains/user/store.ts', `import { rich } from './service.ts'; export const users = () => rich;`],
    ['worker/platform/stubs.ts', `import type { Env } from '../env.ts'; export interface Hub { env: Env }`],
  ],
};

describe('the rules of the house', () => {
  it('find nothing wrong with a sound house', () => {
    expect(violationsOf(readTree(root))).toEqual([]);
  });

  it('all have a planted violation', () => {
    expect(Object.keys(plantings).sort()).toEqual([...ruleNames].sort());
  });

  for (const [rule, cases] of Object.entries(plantings))
    for (const [path, text] of cases)
      it(`${rule}: ${path} with ${text.slice(0, 70)}`, () => {
        write(path, text);
        expect(rulesBroken()).toContain(rule);
      });

  it('read every source, the ones with tsx too', () => {
    expect([...readTree(root).files.keys()].sort()).toEqual(
      Object.keys(sound)
        .filter((path) => /\.tsx?$/.test(path))
        .sort(),
    );
  });

  it('name the way from a pure file to the clock', () => {
    write('worker/domains/user/rules.ts', `import { now } from '../../platform/clock.ts'; export const rich = () => now();`);
    const [found] = violationsOf(readTree(root)).filter(({ rule }) => rule === 'pure-files-are-pure');
    expect(found?.message).toContain('by worker/platform/clock.ts');
  });
});

describe('this house', () => {
  it('breaks none of its rules', () => {
    expect(violationsOf(readTree('.'))).toEqual([]);
  });

  it('gives every domain a tier', () => {
    const domains = readdirSync('worker/domains', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(domains.map(({ name }) => name).filter((name) => tiers[name] === undefined)).toEqual([]);
  });
});
