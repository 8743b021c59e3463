import { describe, expect, it } from 'vitest';
import { conforms, contextWith, deviceOf, env, faultAt, orderOf, phoneIsGone, ringOf, seenBy } from './push-conformance.workers.ts';
import { sendPush } from './pushing.ts';

const hexToken = (): string => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const device = async () => ({ token: hexToken(), keys: null });
const refused =
  (reason: string, times = 2) =>
  (token: string) =>
    faultAt('apns', token, { status: 403, reason, times });
const unknown = async (token: string) => {
  await refused('InvalidProviderToken')(token);
  return {};
};
const shared = { service: 'apns', device, end: phoneIsGone, unknown, off: { APNS_KEY: '' }, timesWhenRepeated: 2 } as const;

conforms({ ...shared, platform: 'apns', order: orderOf });
conforms({ ...shared, platform: 'voip', order: ringOf });

const phone = async () => deviceOf('apns', await device());
const caller = async () => deviceOf('voip', await device());

describe('an alert', () => {
  it('has the words, replaces the older of its conversation, and says what the app needs', async () => {
    const [to, order] = [await phone(), orderOf()];
    const pushed = await sendPush(contextWith(), to, order);
    const [seen] = await seenBy(to.token);
    expect(pushed).toEqual({ sent: true, providerId: seen?.id });
    expect(seen).toMatchObject({
      subject: 'Grace',
      text: order.words?.body,
      push: { shows: 'card', tag: order.collapseKey, urgency: 'high' },
    });
    expect(seen?.push.data).toEqual({
      id: order.id,
      kind: order.kind,
      link: order.link,
      tag: order.collapseKey,
      expiresAt: new Date(order.expiresAt).toISOString(),
    });
    expect(seen?.push.until).toBe(new Date(Math.floor(order.expiresAt / 1000) * 1000).toISOString());
  });

  it('that is in no hurry waits until the phone is awake; a long key still collapses', async () => {
    const to = await phone();
    await sendPush(contextWith(), to, orderOf({ urgency: 'normal', collapseKey: `chat:${'x'.repeat(100)}` }));
    expect(await seenBy(to.token)).toMatchObject([{ push: { urgency: 'normal', tag: expect.stringMatching(/^[\w-]{32}$/) } }]);
  });

  it('that rings, for an app without VoIP, says nobody’s name', async () => {
    const [to, order] = [await phone(), ringOf()];
    await sendPush(contextWith(), to, order);
    expect(await seenBy(to.token)).toMatchObject([{ subject: '', text: '', push: { shows: 'ring', data: { callId: order.callId } } }]);
  });

  it('without words is silent', async () => {
    const to = await phone();
    expect(await sendPush(contextWith(), to, ringOf({ kind: 'call.over', urgency: 'high' }))).toMatchObject({ sent: true });
    expect(await seenBy(to.token)).toMatchObject([{ push: { shows: 'nothing', urgency: 'normal', data: { kind: 'call.over' } } }]);
  });
});

describe('a call by VoIP', () => {
  it('carries its id and nothing else, and is over with the ringing', async () => {
    const [to, order] = [await caller(), ringOf()];
    await sendPush(contextWith(), to, order);
    const [seen] = await seenBy(to.token);
    expect(seen?.push).toMatchObject({ platform: 'voip', shows: 'ring', tag: null });
    expect(seen?.push.data).toEqual({ callId: order.callId });
    expect(seen?.push.until).toBe(new Date(Math.floor(order.expiresAt / 1000) * 1000).toISOString());
  });

  it('is the only thing that goes there: not a message, and not that a call is over', async () => {
    const to = await caller();
    for (const order of [orderOf(), ringOf({ kind: 'call.over', urgency: 'high' })])
      expect(await sendPush(contextWith(), to, order)).toEqual({ sent: false, again: false, code: 'voip_rings_only' });
    expect(await sendPush(contextWith(), to, ringOf({ expiresAt: Date.now() - 60_000 }))).toMatchObject({ code: 'too_late' });
    expect(await seenBy(to.token)).toEqual([]);
  });
});

describe('what Apple says', () => {
  it.each([
    [400, 'BadDeviceToken', { again: false, dead: true }],
    [410, 'Unregistered', { again: false, dead: true }],
    [410, 'ExpiredToken', { again: false, dead: true }],
    [400, 'DeviceTokenNotForTopic', { again: false }],
    [400, 'TopicDisallowed', { again: false }],
    [413, 'PayloadTooLarge', { again: false }],
    [403, 'Forbidden', { again: true }],
    [429, 'TooManyRequests', { again: true }],
    [429, 'TooManyProviderTokenUpdates', { again: true }],
    [500, 'InternalServerError', { again: true }],
    [503, 'Shutdown', { again: true }],
  ])('%s %s: %o', async (status, reason, meaning) => {
    const to = await phone();
    await faultAt('apns', to.token, { status, reason });
    expect(await sendPush(contextWith(), to, orderOf())).toEqual({ sent: false, code: `apns_${reason}`, ...meaning });
  });

  it.each(['ExpiredProviderToken', 'InvalidProviderToken'])(
    '%s within twenty minutes of the token’s making: no other is made, it is tried later',
    async (reason) => {
      const to = await phone();
      await refused(reason, 1)(to.token);
      expect(await sendPush(contextWith(), to, orderOf())).toEqual({ sent: false, again: true, code: 'apns_key' });
      expect(await sendPush(contextWith(), to, orderOf())).toMatchObject({ sent: true });
    },
  );

  it('nothing is sent to where no token can be made for', async () => {
    const to = await phone();
    const nobody = { getByName: () => ({ bearer: async () => ({ ok: false, code: 'overloaded', detail: 'none' }) as const }) };
    expect(await sendPush(contextWith({ PROVIDER_TOKENS: nobody }), to, orderOf())).toEqual({
      sent: false,
      again: true,
      code: 'apns_no_token',
    });
    const broken = { getByName: () => ({ bearer: () => Promise.reject(new Error('the object is away')) }) };
    expect(await sendPush(contextWith({ PROVIDER_TOKENS: broken }), to, orderOf())).toMatchObject({ again: true, code: 'apns_no_token' });
  });

  it('a token that has aged is renewed and tried once more, and all that come after use the new one', async () => {
    const asked: (string | null)[] = [];
    const tokens = ['old', 'new'];
    const aged = {
      getByName: () => ({
        bearer: async ({ refused: token }: { refused: string | null }) => {
          asked.push(token);
          if (token === 'old' || asked.length > 1) return env.PROVIDER_TOKENS.getByName('all').bearer({ provider: 'apns', refused: null });
          return { ok: true, value: { token: tokens[0] ?? '', renewAt: Date.now() + 60_000 } } as const;
        },
      }),
    };
    const to = await phone();
    expect(await sendPush(contextWith({ PROVIDER_TOKENS: aged }), to, orderOf())).toMatchObject({ sent: true });
    expect(asked).toEqual([null, 'old']);
    expect(await sendPush(contextWith({ PROVIDER_TOKENS: aged }), to, orderOf())).toMatchObject({ sent: true });
    expect(asked).toHaveLength(2);
  });
});
