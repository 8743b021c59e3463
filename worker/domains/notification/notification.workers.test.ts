import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env as bound } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { consume } from '../../platform/queues.ts';
import type { OtpMessage } from '../../protocol/queue/messages.ts';
import { changeProfile } from '../profile/service.ts';
import { permissionsOf } from '../user/permissions.ts';
import { createUser } from '../user/service.ts';
import { notificationsOfBatch } from './consumer.ts';
import { mountTemplates } from './template-routes.ts';
import { builtIn } from './words/built-in.ts';

const env = bound as unknown as Env;
const QUEUE = 'hearthline-local-notifications';
const NOW = Date.now();
let made = 0;
const otp = (more: Partial<OtpMessage> = {}): OtpMessage => ({
  kind: 'otp',
  id: newId('ntf'),
  channel: 'email',
  to: `reader-${NOW}-${made++}@demo.test`,
  code: '123456',
  expiresAt: NOW + 600_000,
  ...more,
});
afterEach(() => vi.restoreAllMocks());

/** Delivers as the queue does; answers the numbers of messages that were acknowledged and that come back. */
async function deliver(bodies: readonly unknown[], at: { now?: number; attempts?: number; over?: Partial<Env>; queue?: string } = {}) {
  const { now = NOW, attempts = 1, over = {}, queue = QUEUE } = at;
  const batch = createMessageBatch(
    queue,
    bodies.map((body, index) => ({ id: String(index), timestamp: new Date(now), attempts, body })),
  );
  const retries = batch.messages.map((message) => vi.spyOn(message, 'retry'));
  const execution = createExecutionContext();
  await consume(contextOf({ ...env, ...over }, { now, requestId: 'test', waitUntil: () => {} }), batch, {
    notifications: (ctx) => notificationsOfBatch(ctx),
  });
  const result = await getQueueResult(batch, execution);
  const all = bodies.map((_, index) => String(index));
  return {
    acked: result.ackAll ? all : result.explicitAcks,
    retried: result.retryBatch.retry ? all : result.retryMessages.map(({ msgId }) => msgId),
    delays: retries.flatMap((retry) => retry.mock.calls.map(([options]) => options?.delaySeconds)),
  };
}

interface Seen {
  channel: string;
  subject: string;
  text: string;
  html: string;
  from: string;
}
/** What the sandbox shows for an address. */
async function seenBy(to: string): Promise<Seen[]> {
  const answer = await fetch(`${env.SANDBOX_ORIGIN}/api/messages?to=${encodeURIComponent(to)}`);
  return ((await answer.json()) as { items: Seen[] }).items;
}

describe('a code', () => {
  it('arrives as a mail', async () => {
    const message = otp();
    expect(await deliver([message])).toMatchObject({ acked: ['0'], retried: [] });
    const mails = await seenBy(message.to);
    expect(mails).toMatchObject([{ channel: 'email', subject: '123 456 is your Hearthline code' }]);
    expect(mails[0]?.text).toContain('123 456');
    expect(mails[0]?.from).toContain(env.MAIL_FROM);
  });

  it('is written in what the account chose, else in what the browser asked for', async () => {
    const [fresh, chose] = [otp({ language: 'de' }), otp({ language: 'de' })];
    const ctx = contextOf(env, { now: NOW, requestId: 'test', waitUntil: () => {} });
    const { id } = await createUser(ctx, { email: chose.to, role: 'member', monetizationVersion: 'tokens' });
    await deliver([otp({ to: chose.to, language: 'de' })]);
    await changeProfile(ctx, id, { comfort: { language: 'en' } });
    await deliver([fresh, chose]);
    expect(await seenBy(fresh.to)).toMatchObject([{ subject: '123 456 ist Ihr Code für Hearthline' }]);
    expect((await seenBy(chose.to)).map(({ subject }) => subject)).toEqual([
      '123 456 is your Hearthline code',
      '123 456 ist Ihr Code für Hearthline',
    ]);
  });

  it('looks as its preview does, byte for byte', async () => {
    const mail = otp();
    const sms = otp({ channel: 'sms', to: '+441632960771' });
    await deliver([mail, sms]);
    const ask = appAs(env, mountTemplates, NOW);
    const staff = principal({ permissions: permissionsOf('admin') });
    const preview = async (channel: 'mail' | 'sms') => {
      const wish = { kind: 'otp', channel, texts: builtIn('otp', channel), language: 'en' };
      return (await ask(staff, 'POST', '/admin/notification-templates/preview', wish)).body;
    };
    const [seen] = await seenBy(mail.to);
    expect(await preview('mail')).toEqual({ from: seen?.from, subject: seen?.subject, text: seen?.text, html: seen?.html });
    expect(await preview('sms')).toEqual({ text: (await seenBy(sms.to))[0]?.text });
  });

  it('arrives as an SMS', async () => {
    const message = otp({ channel: 'sms', to: '+441632960777' });
    expect(await deliver([message])).toMatchObject({ acked: ['0'] });
    expect(await seenBy(message.to)).toMatchObject([{ channel: 'sms', from: env.SMS_FROM }]);
  });

  it('is sent once, however often the queue delivers it', async () => {
    const message = otp();
    expect(await deliver([message, message])).toMatchObject({ acked: [expect.any(String)], retried: [expect.any(String)] });
    expect(await deliver([message], { now: NOW + 30_000, attempts: 2 })).toMatchObject({ acked: ['0'], retried: [] });
    expect(await seenBy(message.to)).toHaveLength(1);
  });

  it('is not sent when it no longer works', async () => {
    const message = otp({ expiresAt: NOW });
    expect(await deliver([message])).toMatchObject({ acked: ['0'], retried: [] });
    expect(await seenBy(message.to)).toEqual([]);
  });

  it('comes back with a growing delay while the provider is down, and goes out when it is up', async () => {
    const message = otp();
    const down = { SANDBOX_ORIGIN: 'http://127.0.0.1:9' };
    expect(await deliver([message], { over: down })).toEqual({ acked: [], retried: ['0'], delays: [5] });
    expect(await deliver([message], { over: down, attempts: 3 })).toEqual({ acked: [], retried: ['0'], delays: [20] });
    expect(await deliver([message], { attempts: 4 })).toMatchObject({ acked: ['0'] });
    expect(await seenBy(message.to)).toHaveLength(1);
  });

  it('comes back while the key is refused, and is dropped when the message itself is', async () => {
    const sms = otp({ channel: 'sms', to: '+441632960778' });
    expect(await deliver([sms], { over: { SMS_API_KEY: 'local_wrong:key' } })).toMatchObject({ retried: ['0'] });
    const mail = otp();
    expect(await deliver([mail], { over: { SENDGRID_API_KEY: 'local_wrong' } })).toMatchObject({ retried: ['0'] });
    const nowhere = otp({ to: 'nowhere' });
    expect(await deliver([nowhere])).toMatchObject({ acked: ['0'], retried: [] });
    const row = await env.DB.prepare('SELECT failed_code, sent_at FROM notification_delivery WHERE id = ?').bind(nowhere.id).first();
    expect(row).toEqual({ failed_code: 'sendgrid_400', sent_at: null });
  });

  it('stands in no row and no log line', async () => {
    const lines: string[] = [];
    for (const level of ['log', 'warn', 'error'] as const)
      vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
    const message = otp({ code: '918273' });
    await deliver([message], { over: { SANDBOX_ORIGIN: 'http://127.0.0.1:9' } });
    await deliver([message], { attempts: 2 });
    const { results } = await env.DB.prepare('SELECT * FROM notification_delivery').all();
    for (const place of [JSON.stringify(results), lines.join('\n')]) {
      expect(place).not.toContain('918273');
      expect(place).not.toContain(message.to);
    }
  });
});

describe('the queue', () => {
  it('lets no bad message hold up a good one', async () => {
    const good = otp();
    expect(await deliver([{ kind: 'nonsense' }, good, null])).toMatchObject({ acked: ['0', '1', '2'], retried: [] });
    expect(await seenBy(good.to)).toHaveLength(1);
  });

  it('gives back what nobody consumes', async () => {
    expect(await deliver([otp()], { queue: 'hearthline-local-else' })).toMatchObject({ acked: [], retried: ['0'] });
  });
});
