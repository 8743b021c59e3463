import { env as bound } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { changeProfile } from '../profile/service.ts';
import { permissionsOf } from '../user/permissions.ts';
import { createUser } from '../user/service.ts';
import { readSettings } from './choices.ts';
import { notificationsOfBatch } from './consumer.ts';
import { sendMail } from './mail.ts';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from './mail-events.ts';
import { liftBounce, mailOf } from './mail-holds.ts';
import { mailAddressHash } from './mail-keys.ts';
import { mountMail } from './mail-routes.ts';
import { mailStandingOf, mayMail } from './suppressions.ts';
import { mountTemplates } from './template-routes.ts';
import { builtIn } from './words/built-in.ts';
import type { FactsOf } from './words/kinds.ts';
import type { MailGroup } from './words/mail-groups.ts';
import { sampleFacts } from './words/samples.ts';
import { mailFor } from './words.ts';

const env = bound as unknown as Env;
const NOW = Date.now();
const ctx = contextOf(env, { now: NOW, requestId: 'test', waitUntil: () => {} });
let made = 0;
const address = () => `events-${NOW}-${made++}@demo.test`;
afterEach(() => vi.restoreAllMocks());

interface Call {
  headers: Record<string, string>;
  body: string;
}
interface Seen {
  id: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  mail: { headers: Record<string, string>; asmGroup: number | null; args: Record<string, string>; settings: object };
}
const api = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(`${env.SANDBOX_ORIGIN}/api/${path}`, init)).json() as Promise<{ items: Seen[]; calls: Call[] }>;
};
const news = { title: 'News', text: 'A piano.' };
const send = async (to: string, kind: 'announcement' | 'job.failed' = 'announcement') => {
  const said = { language: 'en', timeZone: 'UTC', to, link: '/go/home' } as const;
  const mail =
    kind === 'announcement'
      ? await mailFor(ctx, { ...said, kind, facts: news })
      : await mailFor(ctx, { ...said, kind, facts: { job: 'x', at: NOW } });
  const id = newId('ntf');
  expect(await sendMail(env, id, mail)).toMatchObject({ sent: true });
  const [seen] = (await api(`messages?to=${encodeURIComponent(to)}`)).items;
  if (!seen) throw new Error('nothing arrived');
  return { id, mail, seen };
};
/** What SendGrid tells of a mail, signed. */
const callsOf = async (message: string, event: string, more: object = {}) => (await api('mail-events', { message, event, ...more })).calls;
const tell = ({ headers, body }: Call, over: Record<string, string> = {}, now = Date.now(), using: Env = env) =>
  appAs(using, mountMail, now)(undefined, 'POST', '/webhooks/sendgrid', new TextEncoder().encode(body), { ...headers, ...over });
const happens = async (to: string, event: string, more: object = {}) => {
  const { seen } = await send(to);
  for (const call of await callsOf(seen.id, event, more)) expect((await tell(call)).status).toBe(204);
};
const passing = async (to: string) => {
  const groups: readonly MailGroup[] = ['sign_in', 'calls', 'news'];
  const may = await Promise.all(groups.map((group) => mayMail(ctx, { address: to, group })));
  return groups.filter((_, n) => may[n]);
};
const rows = async (to: string) => {
  const hash = await mailAddressHash(env, to);
  return (await env.DB.prepare('SELECT * FROM mail_suppression WHERE address_hash = ?').bind(hash).all()).results;
};

describe('a mail', () => {
  it('that can be stopped says how, to programs and to people, and which group it is', async () => {
    const { id, mail, seen } = await send(address());
    expect(seen.mail.headers).toEqual({
      'List-Unsubscribe': `<${mail.stopUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(seen.mail).toMatchObject({ asmGroup: 101, args: { message_id: id }, settings: {} });
    for (const part of [mail.text, mail.html]) expect(part).toContain('Stop mails like this one');
  });

  it.each(['en', 'de'] as const)('looks as its preview does, byte for byte, in %s', async (language) => {
    const to = address();
    const staff = principal({ permissions: permissionsOf('admin'), email: to });
    const zone = { private: { timeZone: 'Europe/Berlin' } };
    await changeProfile(ctx, staff.userId, zone);
    const wish = { kind: 'call.missed_digest', channel: 'mail', texts: builtIn('call.missed_digest', 'mail'), language, count: 3 };
    const { body } = await appAs(env, mountTemplates, NOW)(staff, 'POST', '/admin/notification-templates/preview', wish);
    const facts = sampleFacts('call.missed_digest', { language, count: 3, now: NOW }) as FactsOf<'call.missed_digest'>;
    const said = { language, timeZone: 'Europe/Berlin', to, link: '/go/missed' } as const;
    expect(await sendMail(env, newId('ntf'), await mailFor(ctx, { ...said, kind: 'call.missed_digest', facts }))).toMatchObject({
      sent: true,
    });
    const [seen] = (await api(`messages?to=${encodeURIComponent(to)}`)).items;
    expect({ from: seen?.from, subject: seen?.subject, text: seen?.text, html: seen?.html }).toEqual(body);
  });

  it('that an account can’t do without has nothing to stop it, and passes SendGrid’s own lists', async () => {
    const { mail, seen } = await send(address(), 'job.failed');
    expect(mail.stopUrl).toBeNull();
    expect(seen.mail).toMatchObject({
      headers: {},
      asmGroup: null,
      settings: { bypass_spam_management: { enable: true }, bypass_unsubscribe_management: { enable: true } },
    });
    expect(mail.html).not.toContain('Stop mails');
  });
});

describe('an event of SendGrid', () => {
  it.each([
    ['bounce', []],
    ['dropped', []],
    ['blocked', ['sign_in', 'calls', 'news']],
    ['spamreport', ['sign_in']],
    ['unsubscribe', ['sign_in', 'calls']],
    ['group_unsubscribe', ['sign_in', 'calls']],
    ['delivered', ['sign_in', 'calls', 'news']],
    ['open', ['sign_in', 'calls', 'news']],
  ])('%s leaves %j', async (event, groups) => {
    const to = address();
    await happens(to, event);
    expect(await passing(to)).toEqual(groups);
    expect(await passing(to.toUpperCase())).toEqual(groups);
  });

  it('that bounced stops even a code: nobody is there to read it', async () => {
    const to = address();
    await happens(to, 'bounce');
    const code = { kind: 'otp', id: newId('ntf'), channel: 'email', to, code: '123456', expiresAt: NOW + 600_000 };
    expect(await notificationsOfBatch(ctx)(ctx, code, 1, 'code')).toEqual({ drop: true, code: 'suppressed' });
    const row = await env.DB.prepare('SELECT failed_code, sent_at FROM notification_delivery WHERE id = ?').bind(code.id).first();
    expect(row).toEqual({ failed_code: 'suppressed', sent_at: null });
  });

  it('told twice, late or in another order ends the same', async () => {
    const to = address();
    const { seen } = await send(to);
    const [left] = await callsOf(seen.id, 'group_unsubscribe', { ago: 300 });
    const [back, again] = await callsOf(seen.id, 'group_resubscribe', { ago: 100, times: 2 });
    if (!left || !back || !again) throw new Error('nothing was told');
    for (const call of [back, left, again, left, back]) expect((await tell(call)).status).toBe(204);
    expect(await passing(to)).toEqual(['sign_in', 'calls', 'news']);
    expect(await rows(to)).toMatchObject([{ cause: 'group_unsubscribe', mail_group: 'news', lifted: 1 }]);
    const kept = await env.DB.prepare('SELECT type FROM mail_event WHERE message_id = ?').bind(seen.mail.args.message_id).all();
    expect(kept.results.map(({ type }) => type).sort()).toEqual(['group_resubscribe', 'group_unsubscribe']);
  });

  it('that happened hours ago counts, so long as it is told now', async () => {
    const to = address();
    await happens(to, 'bounce', { ago: 20 * 3_600 });
    expect(await passing(to)).toEqual([]);
  });

  it('stands in no row with the address, and in no log line', async () => {
    const lines: string[] = [];
    for (const level of ['log', 'warn', 'error'] as const)
      vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
    const to = address();
    await happens(to, 'spamreport');
    const { seen } = await send(to);
    const [call] = await callsOf(seen.id, 'bounce');
    await tell(call as Call, { [TIMESTAMP_HEADER]: '1' });
    const tables = await Promise.all(['mail_suppression', 'mail_event'].map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()));
    expect(JSON.stringify([tables, lines])).not.toContain(to);
  });

  it('is what the settings of a person say', async () => {
    const to = address();
    expect(await mailStandingOf(ctx, to)).toEqual({ reaches: true, reported: false, stopped: [] });
    await happens(to, 'group_unsubscribe');
    await happens(to, 'bounce');
    expect(await mailStandingOf(ctx, to)).toEqual({ reaches: false, reported: false, stopped: ['news'] });
    const who = { userId: newId('usr'), role: 'member' } as const;
    expect((await readSettings(ctx, { ...who, email: to })).mail).toEqual({ reaches: false, reported: false, stopped: ['news'] });
    expect((await readSettings(ctx, { ...who, email: null })).mail).toBeNull();
  });
});

describe('mail that came back, and staff who know better', () => {
  const staff = { actor: newId('usr'), reason: 'They have a mailbox again.' };
  const at = (now = Date.now()) => contextOf(env, { now, requestId: 'test', waitUntil: () => {} });
  const member = async (to: string) => (await createUser(at(), { email: to, role: 'member', monetizationVersion: 'tokens' })).id;
  const causes = async (userId: UserId) => (await mailOf(at(), userId)).holds.map(({ cause, liftable }) => [cause, liftable]);
  const audits = async (userId: UserId) => {
    const sql = "SELECT before, after FROM audit_entry WHERE action = 'mail.lift' AND subject = ?";
    return (await env.DB.prepare(sql).bind(userId).all()).results;
  };
  const onTheirList = async (to: string) => {
    const headers = { Authorization: 'Bearer SG.key' };
    const answer = await fetch(`${env.SANDBOX_ORIGIN}/v3/suppression/bounces/${encodeURIComponent(to)}`, { headers });
    return ((await answer.json()) as unknown[]).length > 0;
  };

  it('is sent again once they lift it, with a reason, here and at the mail service; and stops when it comes back again', async () => {
    const to = address();
    const userId = await member(to);
    expect(await mailOf(at(), userId)).toEqual({ hasAddress: true, holds: [] });
    await happens(to, 'bounce', { ago: 60 });
    expect([await causes(userId), await onTheirList(to), await passing(to)]).toEqual([[['bounce', true]], true, []]);
    expect(await liftBounce(at(), { ...staff, userId })).toEqual({ hasAddress: true, holds: [] });
    expect([await onTheirList(to), await passing(to)]).toEqual([false, ['sign_in', 'calls', 'news']]);
    // Again: nothing is left to lift.
    await liftBounce(at(), { ...staff, userId });
    const [entry, ...more] = await audits(userId);
    expect([JSON.parse(String(entry?.before)), JSON.parse(String(entry?.after)), more]).toEqual([
      { heldFor: 'bounce', since: expect.any(String) },
      { heldFor: null, reason: staff.reason },
      [],
    ]);
    expect(JSON.stringify(entry)).not.toContain(to);
    // What they knew before is told late, and changes nothing; what comes back now does.
    await happens(to, 'bounce', { ago: 3_600 });
    expect(await causes(userId)).toEqual([]);
    await happens(to, 'bounce');
    expect(await causes(userId)).toEqual([['bounce', true]]);
  });

  it('stays held back where the mail service does not take the address off its list', async () => {
    const to = address();
    const userId = await member(to);
    await happens(to, 'bounce');
    const fault = { service: 'sendgrid', to, status: 403, times: 1 };
    expect((await fetch(`${env.SANDBOX_ORIGIN}/api/faults`, { method: 'POST', body: JSON.stringify(fault) })).status).toBe(204);
    await expect(liftBounce(at(), { ...staff, userId })).rejects.toMatchObject({ code: 'overloaded' });
    expect([await causes(userId), await audits(userId)]).toEqual([[['bounce', true]], []]);
  });

  it('what a reader asked for is theirs: a report of spam and what they stopped stay', async () => {
    const to = address();
    const userId = await member(to);
    for (const event of ['spamreport', 'unsubscribe', 'group_unsubscribe', 'bounce']) await happens(to, event);
    const own = [
      ['group_unsubscribe', false],
      ['spam_report', false],
      ['unsubscribe', false],
    ];
    expect((await causes(userId)).toSorted()).toEqual([['bounce', true], ...own]);
    await liftBounce(at(), { ...staff, userId });
    expect((await causes(userId)).toSorted()).toEqual(own);
    await liftBounce(at(), { ...staff, userId });
    expect([(await causes(userId)).length, (await audits(userId)).length]).toEqual([3, 1]);
  });
});

describe('the door of the webhook', () => {
  const aCall = async () => {
    const { seen } = await send(address());
    const [call] = await callsOf(seen.id, 'bounce');
    if (!call) throw new Error('nothing was told');
    return call;
  };

  it('is shut to another signature, another body, another time and another key', async () => {
    const call = await aCall();
    const other = await aCall();
    const signature = (text: string) => ({ [SIGNATURE_HEADER]: text });
    const minute = String(Number(call.headers[TIMESTAMP_HEADER]) + 60);
    const another = { ...env, SENDGRID_EVENT_KEY: `${env.SENDGRID_EVENT_KEY.slice(0, -6)}AAAA==` };
    const refused = [
      await tell(call, signature(other.headers[SIGNATURE_HEADER] ?? '')),
      await tell(call, signature('')),
      await tell(call, signature('AAAA')),
      await tell(call, signature('MAYCAQACAQA=')),
      await tell({ ...call, body: call.body.replace('bounce', 'bounde') }),
      await tell({ ...call, body: call.body.trimEnd() }),
      await tell(call, { [TIMESTAMP_HEADER]: minute }),
      await tell(call, { [TIMESTAMP_HEADER]: '' }),
      await tell(call, { [TIMESTAMP_HEADER]: '-1' }),
    ];
    for (const answer of refused) expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await expect(tell(call, {}, Date.now(), another).then(({ status }) => status)).resolves.toBeGreaterThanOrEqual(400);
    expect((await tell(call)).status).toBe(204);
  });

  it('is shut to what was recorded: ten minutes later it holds no more', async () => {
    const call = await aCall();
    const told = Number(call.headers[TIMESTAMP_HEADER]) * 1000;
    expect((await tell(call, {}, told + 10 * 60_000)).status).toBe(204);
    expect((await tell(call, {}, told + 10 * 60_000 + 1)).status).toBe(403);
    expect((await tell(call, {}, told - 10 * 60_000 - 1)).status).toBe(403);
  });

  it('is not there where no key is set', async () => {
    expect((await tell(await aCall(), {}, Date.now(), { ...env, SENDGRID_EVENT_KEY: '' })).status).toBe(404);
  });

  it('takes nothing without end', async () => {
    const call = await aCall();
    expect((await tell({ ...call, body: `[${' '.repeat(4 * 1024 * 1024)}]` })).status).toBe(413);
  });
});

describe('the link that stops mails', () => {
  const page = (method: 'GET' | 'POST', url: string, form?: string, type = 'application/x-www-form-urlencoded') => {
    const { pathname, search } = new URL(url);
    const body = form === undefined ? undefined : new TextEncoder().encode(form);
    return appAs(env, mountMail, Date.now())(undefined, method, `${pathname.replace('/api/v1', '')}${search}`, body, {
      'Content-Type': type,
    });
  };
  const textOf = ({ body }: { body: unknown }) => new TextDecoder().decode(body as Uint8Array);

  it('changes nothing when it is opened, however often, and stops them with one click', async () => {
    const to = address();
    const stopUrl = (await send(to)).mail.stopUrl ?? '';
    for (let n = 0; n < 3; n++) expect(textOf(await page('GET', stopUrl))).toContain('Nothing has changed yet');
    expect(await rows(to)).toEqual([]);
    const clicked = await page('POST', stopUrl, 'List-Unsubscribe=One-Click');
    expect(clicked.status).toBe(200);
    expect(textOf(clicked)).toContain('We have stopped them');
    expect(await passing(to)).toEqual(['sign_in', 'calls']);
    expect(textOf(await page('GET', stopUrl))).toContain('We have stopped them');
  });

  it('takes the click as a multipart form too', async () => {
    const to = address();
    const stopUrl = (await send(to)).mail.stopUrl ?? '';
    const form = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    expect((await page('POST', stopUrl, form, 'multipart/form-data; boundary=b')).status).toBe(200);
    expect(await passing(to)).toEqual(['sign_in', 'calls']);
  });

  it('has a way back, which also lifts having left all lists', async () => {
    const to = address();
    await happens(to, 'unsubscribe', { ago: 60 });
    const stopUrl = (await send(to)).mail.stopUrl ?? '';
    expect(textOf(await page('GET', stopUrl))).toContain('We have stopped them');
    expect(textOf(await page('POST', stopUrl, 'again=yes'))).toContain('We send them again');
    expect(await passing(to)).toEqual(['sign_in', 'calls', 'news']);
  });

  it('is no one’s but ours: another group, another address, a cut or empty one open nothing', async () => {
    const to = address();
    const stopUrl = (await send(to)).mail.stopUrl ?? '';
    const wrong = [
      stopUrl.replace('.news.', '.calls.'),
      stopUrl.replace(/leave=../, 'leave=AA'),
      stopUrl.slice(0, -1),
      stopUrl.replace(/leave=.*/, 'leave='),
      `${stopUrl}x`,
    ];
    for (const url of wrong)
      for (const answer of [await page('GET', url), await page('POST', url, 'List-Unsubscribe=One-Click')]) {
        expect(answer.status).toBe(404);
        expect(textOf(answer)).toContain('This link does not work');
      }
    expect(await rows(to)).toEqual([]);
  });

  it('does nothing that was not said', async () => {
    const to = address();
    const stopUrl = (await send(to)).mail.stopUrl ?? '';
    for (const form of ['', 'List-Unsubscribe=No', 'again=no', '\u0000']) expect((await page('POST', stopUrl, form)).status).toBe(400);
    expect((await page('POST', stopUrl, 'x'.repeat(5_000))).status).toBe(413);
    expect(await rows(to)).toEqual([]);
  });

  it('speaks the language of the mail, and says nothing of whose it is', async () => {
    const said = { language: 'de', timeZone: 'UTC', kind: 'announcement', facts: news } as const;
    const to = address();
    const { stopUrl } = await mailFor(ctx, { ...said, to });
    const answer = await page('GET', stopUrl ?? '');
    expect(textOf(answer)).toContain('Diese Mails nicht mehr senden?');
    expect(textOf(answer) + stopUrl).not.toContain(to);
    expect(answer.headers.get('Content-Security-Policy')).toContain("form-action 'self'");
  });
});
