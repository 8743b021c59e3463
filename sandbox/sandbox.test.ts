import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from './server.ts';

const server = createSandbox();
let base = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const mail = {
  personalizations: [{ to: [{ email: 'ada@demo.test' }] }],
  from: { email: 'hello@hearthline.test', name: 'Hearthline' },
  subject: 'A code',
  content: [
    { type: 'text/plain', value: '123 456' },
    { type: 'text/html', value: '<p>123 456</p>' },
  ],
};
const sendMail = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}/v3/mail/send`, {
    method: 'POST',
    headers: { Authorization: 'Bearer SG.key', 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const account = `AC${'0'.repeat(32)}`;
const basic = (user: string, token: string) => ({ Authorization: `Basic ${btoa(`${user}:${token}`)}` });
const sms = { To: '+441632960001', From: '+15005550006', Body: '123 456 is your code' };
const sendSms = (form: Record<string, string>, headers: Record<string, string> = basic(account, 'token'), path = account) =>
  fetch(`${base}/2010-04-01/Accounts/${path}/Messages.json`, { method: 'POST', headers, body: new URLSearchParams(form) });

const messagesTo = async (to: string) => {
  const answer = await fetch(`${base}/api/messages?to=${encodeURIComponent(to)}`);
  return ((await answer.json()) as { items: { channel: string; text: string; subject: string; html: string }[] }).items;
};

describe('mail', () => {
  it('takes a good one with 202, no body and an X-Message-Id, and shows it newest first', async () => {
    const to = 'newest@demo.test';
    for (const subject of ['first', 'second']) {
      const answer = await sendMail({ ...mail, subject, personalizations: [{ to: [{ email: to }] }] });
      expect(answer.status).toBe(202);
      expect(await answer.text()).toBe('');
      expect(answer.headers.get('X-Message-Id')).toMatch(/^\S+$/);
    }
    expect((await messagesTo(to)).map(({ subject }) => subject)).toEqual(['second', 'first']);
    expect((await messagesTo('NEWEST@demo.test'))[0]).toMatchObject({ channel: 'email', text: '123 456', html: '<p>123 456</p>' });
  });

  it.each([
    ['no key', mail, { Authorization: '' }, 401],
    ['a key that is none of theirs', mail, { Authorization: 'Bearer local_SG.key' }, 401],
    ['another content type', mail, { 'Content-Type': 'text/plain' }, 415],
    ['no JSON', '{', {}, 400],
    ['an array', [mail], {}, 400],
    ['nobody to send to', { ...mail, personalizations: [{ to: [] }] }, {}, 400],
    ['no personalizations', { ...mail, personalizations: undefined }, {}, 400],
    ['an address that is none', { ...mail, personalizations: [{ to: [{ email: 'ada' }] }] }, {}, 400],
    ['no sender', { ...mail, from: undefined }, {}, 400],
    ['no subject', { ...mail, subject: undefined }, {}, 400],
    ['no content', { ...mail, content: [] }, {}, 400],
    ['an empty content', { ...mail, content: [{ type: 'text/plain', value: '' }] }, {}, 400],
    ['text after HTML', { ...mail, content: [...mail.content].reverse() }, {}, 400],
    ['an unknown property', { ...mail, colour: 'red' }, {}, 400],
    ['a header that is theirs', { ...mail, headers: { 'Reply-To': 'x@y.test' } }, {}, 400],
    ['a header that breaks its line', { ...mail, headers: { 'List-Unsubscribe': '<https://x>\r\nBcc: a@b.test' } }, {}, 400],
    ['a header that is no text', { ...mail, headers: { 'X-One': 1 } }, {}, 400],
    ['a group without a number', { ...mail, asm: { group_id: 'news' } }, {}, 400],
    ['arguments that are no text', { ...mail, custom_args: { id: 7 } }, {}, 400],
    ['arguments without end', { ...mail, custom_args: { id: 'x'.repeat(10_000) } }, {}, 400],
    ['a setting nobody knows', { ...mail, mail_settings: { be_nice: { enable: true } } }, {}, 400],
    ['a setting that is neither on nor off', { ...mail, tracking_settings: { open_tracking: { enable: 'no' } } }, {}, 400],
    [
      'two ways past their lists at once',
      { ...mail, mail_settings: { bypass_list_management: { enable: true }, bypass_spam_management: { enable: true } } },
      {},
      400,
    ],
  ])('refuses %s in their error shape', async (_, body, headers, status) => {
    const before = (await messagesTo('ada@demo.test')).length;
    const answer = await sendMail(body, headers);
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: { message: string; field: string | null }[] };
    expect(errors[0]?.message).toMatch(/\w/);
    expect((await messagesTo('ada@demo.test')).length).toBe(before);
  });

  it('names the field that is wrong', async () => {
    const answer = await sendMail({ ...mail, personalizations: [{ to: [{ email: 'ada' }] }] });
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'personalizations.0.to.0.email' }] });
  });
});

describe('what becomes of a mail', () => {
  const heard: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  const worker = createServer((asked, answer) => {
    let body = '';
    asked.on('data', (chunk) => {
      body += chunk;
    });
    asked.on('end', () => {
      heard.push({ path: asked.url, headers: asked.headers, body });
      answer.writeHead(204).end();
    });
  });
  const listening = async (one: typeof worker): Promise<string> => {
    await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
    afterAll(() => {
      one.closeAllConnections();
      one.close();
    });
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  };
  let at = '';
  beforeAll(async () => {
    at = await listening(createSandbox({ api: await listening(worker) }));
  });

  it('is told to the Worker, signed, as often as asked, always the same event', async () => {
    const to = 'told@demo.test';
    const carried = { personalizations: [{ to: [{ email: to }] }], custom_args: { message_id: 'ntf_1' }, asm: { group_id: 7 } };
    await fetch(`${at}/v3/mail/send`, {
      method: 'POST',
      headers: { Authorization: 'Bearer SG.key', 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...mail, ...carried }),
    });
    const { items } = (await (await fetch(`${at}/api/messages?to=${to}`)).json()) as { items: { id: string }[] };
    const wish = { message: items[0]?.id, event: 'group_unsubscribe', ago: 60, times: 2 };
    const answer = await fetch(`${at}/api/mail-events`, { method: 'POST', body: JSON.stringify(wish) });
    expect(await answer.json()).toEqual({ statuses: [204, 204] });
    expect(heard.map(({ path }) => path)).toEqual(['/api/v1/webhooks/sendgrid', '/api/v1/webhooks/sendgrid']);
    const [first, second] = heard;
    expect(first?.body).toBe(second?.body);
    const [event] = JSON.parse(first?.body ?? '[]');
    expect(event).toMatchObject({ email: to, event: 'group_unsubscribe', asm_group_id: 7, message_id: 'ntf_1' });
    const stamp = String(first?.headers['x-twilio-email-event-webhook-timestamp']);
    expect(Number(stamp) - event.timestamp).toBe(60);
    const key = createPublicKey({ key: Buffer.from(localKey(), 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(String(first?.headers['x-twilio-email-event-webhook-signature']), 'base64');
    expect(verify('sha256', Buffer.from(stamp + first?.body), key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(`${stamp}0${first?.body}`), key, signature)).toBe(false);
  });

  it.each([
    ['{', 400],
    ['{"message":"nobody","event":"bounce"}', 404],
    ['{"message":"x","event":"exploded"}', 400],
    ['{"message":"x","event":"toString"}', 400],
  ])('refuses %s', async (body, status) => {
    expect((await fetch(`${at}/api/mail-events`, { method: 'POST', body })).status).toBe(status);
  });
});

/** What wrangler.toml gives the Worker of this desk. */
const localKey = (): string => /SENDGRID_EVENT_KEY = "([^"]+)"/.exec(readFileSync('wrangler.toml', 'utf8'))?.[1] ?? '';

describe('SMS', () => {
  it('takes a good one with 201 and a sid', async () => {
    const answer = await sendSms({ ...sms, To: '+441632960009' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), status: 'queued', to: '+441632960009' });
    expect(await messagesTo('+441632960009')).toMatchObject([{ channel: 'sms', text: sms.Body }]);
  });

  it.each([
    ['no account', sms, {}, account, 401, 20003],
    ['another account than the path’s', sms, basic(`AC${'1'.repeat(32)}`, 'token'), account, 401, 20003],
    ['no token', sms, basic(account, ''), account, 401, 20003],
    ['a path without an account', sms, undefined, 'me', 404, 20404],
    ['no To', { ...sms, To: '' }, undefined, account, 400, 21604],
    ['a To that is no number', { ...sms, To: '0163 296' }, undefined, account, 400, 21211],
    ['no From', { ...sms, From: '' }, undefined, account, 400, 21603],
    ['a From that is no number', { ...sms, From: 'us' }, undefined, account, 400, 21212],
    ['no Body', { ...sms, Body: '' }, undefined, account, 400, 21602],
    ['a Body that is too long', { ...sms, Body: 'x'.repeat(1601) }, undefined, account, 400, 21617],
  ])('refuses %s with their code', async (_, form, headers, path, status, code) => {
    const answer = await sendSms(form, headers, path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, status });
  });

  it('refuses JSON', async () => {
    const answer = await fetch(`${base}/2010-04-01/Accounts/${account}/Messages.json`, {
      method: 'POST',
      headers: { ...basic(account, 'token'), 'Content-Type': 'application/json' },
      body: JSON.stringify(sms),
    });
    expect(answer.status).toBe(415);
  });
});

describe('the server', () => {
  it('answers only to a loopback name', async () => {
    const status = await new Promise((done, fail) => {
      const { port } = server.address() as AddressInfo;
      const call = request({ host: '127.0.0.1', port, path: '/api/messages', headers: { Host: 'evil.example' } }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      call.on('error', fail);
      call.end();
    });
    expect(status).toBe(403);
  });

  it('answers the page, its health, and 404 for services nobody stands in for', async () => {
    expect(await (await fetch(base)).text()).toContain('<h1>Sandbox</h1>');
    expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${base}/v9/charges`, { method: 'POST' })).status).toBe(404);
  });

  it('serves the page’s files, with scripts as a browser takes them, and nothing else of its folder', async () => {
    const seen = new Set<string>();
    const open = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const answer = await fetch(base + path);
      expect([answer.status, answer.headers.get('Content-Security-Policy')], path).toEqual([
        200,
        expect.stringContaining("default-src 'none'"),
      ]);
      const text = await answer.text();
      if (path.endsWith('.ts')) {
        expect(answer.headers.get('Content-Type')).toContain('text/javascript');
        expect(() => new Script(text.replace(/^(import .*|export )/gm, ''))).not.toThrow();
      }
      const next = [...text.matchAll(/(?:from '\.|(?:src|href)="\/page)(\/[^'"]+)['"]/g)].map(([, name]) => `/page${name}`);
      for (const each of next) await open(each);
    };
    for (const page of ['/', '/shop']) await open(page);
    expect([...seen].sort()).toEqual([
      '/',
      ...['element.ts', 'fate.ts', 'letters.ts', 'main.ts', 'phone.ts', 'screens.ts'].map((name) => `/page/${name}`),
      ...['shop-cards.ts', 'shop.css', 'shop.ts', 'style.css'].map((name) => `/page/${name}`),
      '/shop',
    ]);
    for (const path of ['/page/files.ts', '/page/', '/page/../server.ts', '/server.ts'])
      expect((await fetch(base + path)).status).toBe(404);
  });

  it('refuses a body that is too large and goes on', async () => {
    expect((await sendMail('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });
});
