import { env as bound } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { readAuditPage } from '../event_log/service.ts';
import { permissionsOf } from '../user/permissions.ts';
import { mountTemplates } from './template-routes.ts';
import { wordsFor } from './words.ts';

const env = bound as unknown as Env;
const NOW = 1_800_000_000_000;
const at = (now: number) => appAs(env, mountTemplates, now);
const ask = at(NOW);
const ctx = contextOf(env, { now: NOW + 1, requestId: 'req-1', waitUntil: () => {} });
const alex = principal({ role: 'admin', permissions: permissionsOf('admin'), email: 'alex@demo.test' });
afterEach(() => vi.restoreAllMocks());

const BASE = '/admin/notification-templates';
const words = (title: string) => ({ en: { title, body: 'Somebody rang.' }, de: { title, body: 'Jemand hat angerufen.' } });
const draft = (title: string, more: object = {}) =>
  ask(alex, 'POST', BASE, { kind: 'call.missed', channel: 'push', texts: words(title), ...more });
const publish = (id: string, now = NOW) => at(now)(alex, 'POST', `${BASE}/${id}/publish`, {});
const retire = (id: string, now = NOW) => at(now)(alex, 'POST', `${BASE}/${id}/retire`, {});
const versions = async () => (await ask(alex, 'GET', `${BASE}/call.missed/push/versions`)).body.items;
const saidNow = async () =>
  (await wordsFor(ctx, { kind: 'call.missed', channel: 'push', language: 'en', timeZone: 'UTC', facts: { name: 'Ada', at: NOW } })).title;
/** Nothing but the built-in words in force. */
const clear = async () => {
  for (const { id, state } of await versions()) if (id && state !== 'retired') await retire(id);
};

describe('words of a kind on a channel', () => {
  it('are built in as version 1 until staff publish others, and again when those are retired', async () => {
    expect(await versions()).toMatchObject([{ id: null, version: 1, state: 'published', texts: { en: { title: 'Missed call' } } }]);
    expect(await saidNow()).toBe('Missed call');
    const { template } = (await draft('{{name}} rang')).body;
    expect(template).toMatchObject({ version: 2, state: 'draft' });
    expect(await saidNow()).toBe('Missed call');
    expect((await publish(template.id)).body.template).toMatchObject({ state: 'published', publishedAt: new Date(NOW).toISOString() });
    expect(await saidNow()).toBe('Ada rang');
    expect((await versions()).map((one: { version: number; state: string }) => [one.version, one.state])).toEqual([
      [2, 'published'],
      [1, 'retired'],
    ]);
    await retire(template.id, NOW + 5);
    expect(await saidNow()).toBe('Missed call');
  });

  it('have one version in force: publishing the next ends the one before it', async () => {
    const [first, second] = [(await draft('one')).body.template, (await draft('two')).body.template];
    await publish(first.id);
    await publish(second.id, NOW + 10);
    const [newest, before] = await versions();
    expect(newest).toMatchObject({ id: second.id, state: 'published' });
    expect(before).toMatchObject({ id: first.id, state: 'retired', retiredAt: new Date(NOW + 10).toISOString() });
    expect(await saidNow()).toBe('two');
    await clear();
  });

  it('answer the same when published or retired again, and never come back', async () => {
    const { template } = (await draft('again')).body;
    const [once, twice] = [await publish(template.id), await publish(template.id, NOW + 7)];
    expect(twice.body).toEqual(once.body);
    const [gone, still] = [await retire(template.id, NOW + 8), await retire(template.id, NOW + 9)];
    expect(still.body).toEqual(gone.body);
    expect(await publish(template.id)).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
  });

  it('are not replaced by a draft that is older than what was in force', async () => {
    const [older, newer] = [(await draft('older')).body.template, (await draft('newer')).body.template];
    await publish(newer.id);
    expect(await publish(older.id)).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(await saidNow()).toBe('newer');
    await clear();
  });

  it('published by two at once are published once', async () => {
    const { template } = (await draft('race')).body;
    const answers = await Promise.all([publish(template.id), publish(template.id), publish(template.id)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { items } = await readAuditPage(ctx, { subject: template.id, limit: 10 });
    expect(items.map(({ action }) => action).sort()).toEqual(['template.edit', 'template.publish']);
    await clear();
  });

  it('tell an editor that somebody was quicker', async () => {
    const [{ version }] = await versions();
    expect((await draft('mine', { seenVersion: version })).status).toBe(201);
    expect(await draft('yours', { seenVersion: version })).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    expect(await draft('far ahead', { seenVersion: version + 5 })).toMatchObject({ status: 409 });
    await clear();
  });

  it('go through pages, the built-in ones last', async () => {
    const all = await versions();
    const first = (await ask(alex, 'GET', `${BASE}/call.missed/push/versions?limit=2`)).body;
    const rest = (await ask(alex, 'GET', `${BASE}/call.missed/push/versions?limit=100&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...rest.items]).toEqual(all);
    expect(rest.nextCursor).toBeNull();
    expect(all.at(-1)).toMatchObject({ id: null, version: 1 });
  });

  it('stand in the audit with what they were and are', async () => {
    const { template } = (await draft('audited')).body;
    await publish(template.id);
    const { items } = await readAuditPage(ctx, { subject: template.id, limit: 10 });
    expect(items).toMatchObject([
      { action: 'template.publish', actor: alex.userId, after: { state: 'published', kind: 'call.missed', channel: 'push' } },
      { action: 'template.edit', before: { en: { title: 'Missed call' } }, after: words('audited') },
    ]);
    await clear();
  });

  it('that the code has outgrown give way to what is built in, and are told of in the log', async () => {
    const id = newId('ntt');
    await env.DB.prepare(
      `INSERT INTO notification_template (id, kind, channel, version, texts, created_at, created_by, published_at)
       SELECT ?, 'call.missed', 'push', max(version) + 1, ?, ?, ?, ? FROM notification_template WHERE kind = 'call.missed' AND channel = 'push'`,
    )
      .bind(id, JSON.stringify({ en: { title: '{{gone}}', body: 'x' } }), NOW, alex.userId, NOW)
      .run();
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
    expect(await saidNow()).toBe('Missed call');
    expect(lines.join()).toContain(id);
    await clear();
  });
});

it('leads members to their app, and staff to the panel', async () => {
  const said = { language: 'en', timeZone: 'UTC', channel: 'mail' } as const;
  const work = await wordsFor(ctx, { ...said, kind: 'job.failed', facts: { job: 'video.sweep', at: NOW } }, { link: '/go/jobs' });
  expect(work.text).toContain(`${env.PANEL_ORIGIN}/go/jobs`);
  const own = await wordsFor(ctx, { ...said, kind: 'case.decided', facts: { at: NOW } }, { link: '/go/inbox' });
  expect(own.text).toContain(`${env.ALLOWED_ORIGINS.split(',')[0]}/go/inbox`);
});

describe('the table', () => {
  it.each([
    ["UPDATE notification_template SET texts = '{}' WHERE id = ?", 'template_is_fixed'],
    ['UPDATE notification_template SET published_at = 1 WHERE id = ?', 'template_is_settled'],
    ['DELETE FROM notification_template WHERE id = ?', 'template_is_fixed'],
    ['INSERT OR REPLACE INTO notification_template SELECT * FROM notification_template WHERE id = ?', 'template_is_fixed'],
  ])('refuses %s', async (sql, word) => {
    const { template } = (await draft('fixed')).body;
    await publish(template.id);
    await expect(env.DB.prepare(sql).bind(template.id).run()).rejects.toThrow(word);
    await clear();
  });
});

describe('bad words', () => {
  it.each([
    [{ texts: { en: words('x').en } }, 'texts.de'],
    [{ texts: words('{{who}}') }, 'texts.en.title'],
    [{ texts: { ...words('x'), fr: {} } }, 'texts.fr'],
    [{ texts: { ...words('x'), en: { title: 7, body: 'x' } } }, 'texts.en.title'],
    [{ texts: words('x'.repeat(6_000)) }, 'texts.en.title'],
    [{ texts: { ...words('x'), de: { title: { one: 'a' }, body: 'b' } } }, 'texts.de.title'],
    [{ texts: null }, 'texts'],
    [{ channel: 'fax' }, 'channel'],
    [{ colour: 'red' }, 'colour'],
    [{ seenVersion: 0 }, 'seenVersion'],
  ])('are refused by the field: %j', async (more, path) => {
    const answer = await draft('x', more);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.fields.map((field: { path: string }) => field.path).join(' ')).toContain(path);
  });
  it('of what nobody is told are not found', async () => {
    for (const more of [{ kind: 'call.incoming' }, { kind: 'otp' }, { kind: '__proto__' }])
      expect(await draft('x', more)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await publish(newId('ntt'))).toMatchObject({ status: 404 });
    expect(await ask(alex, 'POST', `${BASE}/ntt_x/publish`, {})).toMatchObject({ status: 404 });
  });
});

describe('the list', () => {
  it('has every kind on every channel, what it may say and what waits', async () => {
    const { template } = (await draft('waits')).body;
    const { items } = (await ask(alex, 'GET', BASE)).body;
    const line = items.find((one: { kind: string; channel: string }) => one.kind === 'call.missed' && one.channel === 'push');
    expect(line).toMatchObject({ inForce: { id: null, version: 1, state: 'published' }, draft: { id: template.id, state: 'draft' } });
    expect(line.facts.map(({ name }: { name: string }) => name)).toEqual(['name', 'at']);
    await clear();
  });
});
