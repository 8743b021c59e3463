import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { changeSetting } from '../settings/service.ts';
import { goldenTariff } from './golden-tariff.ts';
import { mountBilling } from './routes.ts';

const bindings = env as unknown as Env;
const ask = appAs(bindings, mountBilling);
const admin = principal({ role: 'admin', permissions: new Set(['tariff.read', 'tariff.edit', 'tariff.publish']) });
const supervisor = principal({ role: 'supervisor', permissions: new Set(['tariff.read']) });
const [payer, payee] = goldenTariff.parties;
const { grace: _, maxSeconds: __, ...bare } = goldenTariff;

describe('POST /admin/tariffs/preview', () => {
  it('answers the golden example', async () => {
    const { status, body } = await ask(supervisor, 'POST', '/admin/tariffs/preview', { tariff: bare, durationSeconds: 120 });
    expect(status).toBe(200);
    expect(body.totals).toEqual({ payer: [{ unit: 'COIN', amount: 189 }], payee: [{ unit: 'EARN', amount: 90 }] });
    expect(body.checkpoints.at(-1)).toEqual({ party: 'payee', n: 2, atSeconds: 120, unit: 'EARN', amount: 30 });
  });

  it.each([
    ['two payers', { ...bare, parties: [payer, payer] }, 'tariff.parties.1.party'],
    ['a wrong unit', { ...bare, parties: [{ ...payer, unit: 'EARN' }, payee] }, 'tariff.parties.0.unit'],
    [
      'falling seconds',
      {
        ...bare,
        parties: [
          {
            ...payer,
            checkpoints: [
              { atSeconds: 9, amount: 1 },
              { atSeconds: 3, amount: 1 },
            ],
          },
        ],
      },
      'tariff.parties.0.checkpoints.1.atSeconds',
    ],
    [
      'an amount of 0',
      { ...bare, parties: [{ ...payer, checkpoints: [{ atSeconds: 0, amount: 0 }] }] },
      'tariff.parties.0.checkpoints.0.amount',
    ],
    ['an unknown key', { ...bare, discount: 5 }, 'tariff.discount'],
    ['no parties', { ...bare, parties: [] }, 'tariff.parties'],
    ['a receipt of megabytes', { ...bare, parties: [{ ...payer, then: { everySeconds: 1, amount: 1 } }] }, 'tariff.maxSeconds'],
  ])('refuses %s, naming where', async (_, tariff, path) => {
    const { status, body } = await ask(supervisor, 'POST', '/admin/tariffs/preview', { tariff, durationSeconds: 1 });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.fields.map((field: { path: string }) => field.path)).toContain(path);
  });

  it('refuses a duration that is none', async () => {
    for (const durationSeconds of [-1, 1.5, '60', undefined, 86_401])
      expect((await ask(supervisor, 'POST', '/admin/tariffs/preview', { tariff: bare, durationSeconds })).status).toBe(400);
  });
});

describe('a tariff over HTTP', () => {
  it('is drafted, published, listed', async () => {
    const drafted = await ask(admin, 'POST', '/admin/tariffs', { ...bare, match: { cohort: 'http' } });
    expect(drafted).toMatchObject({ status: 201, body: { tariff: { state: 'draft', version: 1, grace: { seconds: 60, perDay: 3 } } } });
    const { id } = drafted.body.tariff;
    const published = await ask(admin, 'POST', `/admin/tariffs/${id}/publish`, {});
    expect(published).toMatchObject({ status: 200, body: { tariff: { id, state: 'published' } } });
    expect(await ask(admin, 'POST', `/admin/tariffs/${id}/publish`)).toEqual(published);
    const next = await ask(admin, 'POST', '/admin/tariffs', { ...bare, replaces: id });
    expect(next.body.tariff).toMatchObject({ lineId: id, version: 2 });
    const { body } = await ask(supervisor, 'GET', '/admin/tariffs?state=published&limit=100');
    expect(body.items).toContainEqual(published.body.tariff);
  });

  it('is refused where its longest call makes a receipt of megabytes, as a draft and, once settings allow longer calls, to publish', async () => {
    const seconds = { ...bare, match: { cohort: 'seconds' }, parties: [{ ...payer, then: { everySeconds: 1, amount: 1 } }] };
    const refused = await ask(admin, 'POST', '/admin/tariffs', seconds);
    expect([refused.status, refused.body.code, refused.body.fields[0].path]).toEqual([400, 'validation_failed', 'maxSeconds']);
    expect((await ask(admin, 'POST', '/admin/tariffs', { ...seconds, maxSeconds: 600 })).status).toBe(201);

    const ctx = contextOf(bindings, { now: Date.now(), requestId: 'req', waitUntil: () => {} });
    const longest = (value: number) => changeSetting(ctx, { key: 'call.maxSeconds', value, actor: principal().userId });
    await longest(600);
    const { body: drafted } = await ask(admin, 'POST', '/admin/tariffs', seconds);
    await longest(28_800);
    const published = await ask(admin, 'POST', `/admin/tariffs/${drafted.tariff.id}/publish`);
    expect([published.status, published.body.fields[0].path]).toEqual([400, 'maxSeconds']);
    await longest(600);
    expect((await ask(admin, 'POST', `/admin/tariffs/${drafted.tariff.id}/publish`)).status).toBe(200);
    await longest(28_800);
    // In force, told again: what holds holds.
    expect((await ask(admin, 'POST', `/admin/tariffs/${drafted.tariff.id}/publish`)).status).toBe(200);
  });

  it('is read one version at a time, whatever its state', async () => {
    const { body: drafted } = await ask(admin, 'POST', '/admin/tariffs', { ...bare, match: { cohort: 'read' } });
    const path = `/admin/tariffs/${drafted.tariff.id}`;
    expect(await ask(supervisor, 'GET', path)).toMatchObject({ status: 200, body: drafted });
    const { body: retired } = await ask(admin, 'POST', `${path}/retire`);
    expect(retired.tariff.state).toBe('retired');
    expect(await ask(supervisor, 'GET', path)).toMatchObject({ status: 200, body: retired });
    const unknown = await ask(supervisor, 'GET', '/admin/tariffs/tar_01h2xcejqtf2nbrexx3vqjhp41');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
    expect((await ask(supervisor, 'GET', '/admin/tariffs/nothing')).status).toBe(404);
    expect((await ask(principal(), 'GET', path)).status).toBe(403);
  });

  it('is refused with wrong terms, as in the preview', async () => {
    const { status, body } = await ask(admin, 'POST', '/admin/tariffs', { ...bare, parties: [payee] });
    expect([status, body.fields[0].path]).toEqual([400, 'parties']);
  });

  it('needs the permission for each step', async () => {
    expect((await ask(supervisor, 'POST', '/admin/tariffs', bare)).status).toBe(403);
    const { body } = await ask(admin, 'POST', '/admin/tariffs', bare);
    expect((await ask(supervisor, 'POST', `/admin/tariffs/${body.tariff.id}/publish`)).status).toBe(403);
    expect((await ask(principal(), 'GET', '/admin/tariffs')).status).toBe(403);
    expect((await ask(undefined, 'GET', '/admin/tariffs')).status).toBe(401);
  });
});
