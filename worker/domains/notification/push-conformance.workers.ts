/**
 * What every push provider must do, asked of each through `sendPush` and its stand-in. A provider's own test calls
 * `conforms` and adds what is its alone.
 */
import { env as bound } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { PushPlatform } from '../../protocol/push.ts';
import type { PushDevice, PushOrder } from './push.ts';
import { sendPush } from './pushing.ts';

export const env = bound as unknown as Env;
export const contextWith = (over: Partial<Env> = {}): Context =>
  contextOf({ ...env, ...over }, { now: Date.now(), requestId: 'test', waitUntil: () => {} });

/** What the stand-in shows on a phone; see `sandbox/outbox.ts`. */
export interface Seen {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly times: number;
  readonly push: {
    readonly platform: string;
    readonly shows: 'ring' | 'card' | 'nothing';
    readonly tag: string | null;
    readonly data: Record<string, unknown>;
    readonly urgency: string;
    readonly until: string | null;
  };
}

const asked = async (method: string, path: string, body?: unknown): Promise<Response> => {
  const answer = await fetch(`${env.SANDBOX_ORIGIN}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`the sandbox refused ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
};
export const askSandbox = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await asked(method, path, body)).json();
export const tellSandbox = async (method: string, path: string, body?: unknown): Promise<void> => {
  await (await asked(method, path, body)).body?.cancel();
};
export const faultAt = (service: string, to: string, more: object): Promise<void> =>
  tellSandbox('POST', '/api/faults', { service, to, ...more });
/** The app was removed, or its permission taken back. */
export const phoneIsGone = (token: string): Promise<void> => tellSandbox('PUT', '/api/phones', { token, state: 'gone' });
export const seenBy = async (token: string): Promise<Seen[]> =>
  (await askSandbox<{ items: Seen[] }>('GET', `/api/messages?to=${encodeURIComponent(token)}`)).items;

export const orderOf = (more: Partial<PushOrder> = {}): PushOrder => ({
  id: newId('ntf'),
  kind: 'chat.message',
  words: { title: 'Grace', body: 'Good morning, how did you sleep? 🌷' },
  link: '/go/chat/chat_x',
  callId: null,
  collapseKey: 'chat:chat_x',
  urgency: 'high',
  expiresAt: Date.now() + 3_600_000,
  ...more,
});
export const ringOf = (more: Partial<PushOrder> = {}): PushOrder => {
  const callId = newId('call');
  return orderOf({
    kind: 'call.incoming',
    words: null,
    link: `/go/call/${callId}`,
    callId,
    collapseKey: `call:${callId}`,
    urgency: 'ring',
    expiresAt: Date.now() + 30_000,
    ...more,
  });
};

export interface Provider {
  /** As faults name it: `sandbox/faults.ts`. */
  readonly service: string;
  readonly platform: PushPlatform;
  /** An order of the kind that this channel takes. */
  readonly order: (more?: Partial<PushOrder>) => PushOrder;
  /** A new device that takes pushes. */
  readonly device: () => Promise<Pick<PushDevice, 'token' | 'keys'>>;
  /** The device is no more: the app was removed, the permission taken back. */
  readonly end: (token: string) => Promise<void>;
  /** From now on the provider does not know us any more, for this device at least; with these settings. */
  readonly unknown: (token: string) => Promise<Partial<Env>>;
  /** Settings with which it is off. */
  readonly off: Partial<Env>;
  /** How often a phone is told when the same push is sent twice: once where the provider knows the key, else it is counted. */
  readonly timesWhenRepeated: 1 | 2;
}

export const deviceOf = (platform: PushPlatform, more: Pick<PushDevice, 'token' | 'keys'>): PushDevice => ({
  id: newId('dev'),
  userId: newId('usr'),
  sessionId: newId('ses'),
  platform,
  ...more,
});

export function conforms(provider: Provider): void {
  const { service, platform, order } = provider;
  const aDevice = async (): Promise<PushDevice> => deviceOf(platform, await provider.device());
  const fault = (device: PushDevice, more: object) => faultAt(service, device.token, more);
  afterEach(() => void vi.restoreAllMocks());

  describe(`${platform}, as every provider`, () => {
    it('is taken, and seen on the phone', async () => {
      const device = await aDevice();
      expect(await sendPush(contextWith(), device, order())).toMatchObject({ sent: true });
      expect(await seenBy(device.token)).toMatchObject([{ times: 1, push: { platform } }]);
    });

    it('sent again it is the same message, on this device and no other', async () => {
      const [device, other, same] = [await aDevice(), await aDevice(), order()];
      for (const to of [device, device, other]) expect(await sendPush(contextWith(), to, same)).toMatchObject({ sent: true });
      expect(await seenBy(device.token)).toMatchObject([{ times: provider.timesWhenRepeated }]);
      expect(await seenBy(other.token)).toMatchObject([{ times: 1 }]);
    });

    it('a device that is no more is dead', async () => {
      const device = await aDevice();
      await provider.end(device.token);
      expect(await sendPush(contextWith(), device, order())).toMatchObject({ sent: false, again: false, dead: true });
      expect(await seenBy(device.token)).toEqual([]);
    });

    it.each([
      ['too many requests', { status: 429, retryAfter: 7 }, { again: true, retryAfterMs: 7_000 }],
      ['too many requests, without a word on how long', { status: 429 }, { again: true }],
      ['out of order for a while', { status: 503, retryAfter: 120 }, { again: true, retryAfterMs: 120_000 }],
      ['broken', { status: 500 }, { again: true }],
      ['a message that is too large', { status: 413 }, { again: false }],
      ['an address somewhere else', { status: 307 }, { again: false }],
    ])('%s: %o', async (_, wrong, meaning) => {
      const device = await aDevice();
      await fault(device, wrong);
      const pushed = await sendPush(contextWith(), device, order());
      expect(pushed).toMatchObject({ sent: false, ...meaning, code: expect.stringContaining('_') });
      expect(pushed).not.toHaveProperty('dead');
      if (!('retryAfterMs' in meaning)) expect(pushed).not.toHaveProperty('retryAfterMs');
      expect(await seenBy(device.token)).toEqual([]);
      // What passed, passed: the same one goes out when the provider is well again.
      expect(await sendPush(contextWith(), device, order())).toMatchObject({ sent: true });
    });

    it('no answer in time is another try', async () => {
      const device = await aDevice();
      // Whatever it has to know beforehand, it knows.
      await sendPush(contextWith(), device, order());
      await fault(device, { status: 'silence' });
      const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
        expect(ms).toBe(10_000);
        const controller = new AbortController();
        setTimeout(() => controller.abort(new DOMException('too long', 'TimeoutError')), 200);
        return controller.signal;
      });
      expect(await sendPush(contextWith(), device, order())).toEqual({ sent: false, again: true, code: `${service}_timeout` });
      expect(patience).toHaveBeenCalled();
    });

    it('a line that breaks is another try', async () => {
      const device = await aDevice();
      // Whatever it has to know beforehand, it knows.
      await sendPush(contextWith(), device, order());
      vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Network connection lost.'));
      expect(await sendPush(contextWith(), device, order())).toEqual({ sent: false, again: true, code: `${service}_unreachable` });
    });

    it('a key that is refused is another try, for whoever sets it right', async () => {
      const device = await aDevice();
      const pushed = await sendPush(contextWith(await provider.unknown(device.token)), device, order());
      expect(pushed).toMatchObject({ sent: false, again: true });
      expect(pushed).not.toHaveProperty('dead');
      expect(await seenBy(device.token)).toEqual([]);
    });

    it('is not sent when it is too late, and not where the channel is off', async () => {
      const device = await aDevice();
      expect(await sendPush(contextWith(), device, order({ expiresAt: Date.now() - 60_000 }))).toEqual({
        sent: false,
        again: false,
        code: 'too_late',
      });
      expect(await sendPush(contextWith(provider.off), device, order())).toEqual({ sent: false, again: false, code: `${platform}_off` });
      expect(await seenBy(device.token)).toEqual([]);
    });

    it('fits, whatever was written', async () => {
      for (const text of ['👩‍👩‍👧‍👦'.repeat(5_000), '"\\\u0000\n'.repeat(9_000), 'ä\u0301'.repeat(9_000)]) {
        const device = await aDevice();
        const long = order().words && { title: text, body: text };
        expect(await sendPush(contextWith(), device, order({ words: long }))).toMatchObject({ sent: true });
      }
    });

    it('no log line has a token, a key or a word of it', async () => {
      const lines: string[] = [];
      for (const level of ['log', 'warn', 'error'] as const)
        vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
      const device = await aDevice();
      await sendPush(contextWith(), device, order());
      await sendPush(contextWith(await provider.unknown(device.token)), device, order());
      await fault(device, { status: 500 });
      await sendPush(contextWith(), device, order());
      const secrets = [device.token, 'Grace', 'Good morning', ...Object.values(device.keys ?? {}), 'Bearer ', 'eyJ'];
      for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret);
    });
  });
}
