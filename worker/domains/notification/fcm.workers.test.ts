import { describe, expect, it } from 'vitest';
import { conforms, contextWith, deviceOf, faultAt, orderOf, phoneIsGone, ringOf, seenBy, tellSandbox } from './push-conformance.workers.ts';
import { sendPush } from './pushing.ts';

const device = async () => ({ token: `${crypto.randomUUID().slice(0, 22)}:${crypto.randomUUID()}`, keys: null });
const phone = async () => deviceOf('fcm', await device());

conforms({
  service: 'fcm',
  platform: 'fcm',
  order: orderOf,
  device,
  end: phoneIsGone,
  unknown: async (token) => {
    await faultAt('fcm', token, { status: 401, times: 2 });
    return {};
  },
  off: { FCM_SERVICE_ACCOUNT: '' },
  timesWhenRepeated: 2,
});

describe('a message to Android', () => {
  it('shows its words, replaces the older of its conversation, and says what the app needs', async () => {
    const [to, order] = [await phone(), orderOf({ expiresAt: Date.now() + 60_000 })];
    const pushed = await sendPush(contextWith(), to, order);
    expect(pushed).toMatchObject({ sent: true, providerId: expect.stringMatching(/^projects\//) });
    const [seen] = await seenBy(to.token);
    expect(seen).toMatchObject({ id: order.id, subject: 'Grace', text: order.words?.body });
    expect(seen?.push).toMatchObject({ shows: 'card', tag: order.collapseKey, urgency: 'high' });
    expect(seen?.push.data).toEqual({
      id: order.id,
      kind: order.kind,
      link: order.link,
      tag: order.collapseKey,
      expiresAt: new Date(order.expiresAt).toISOString(),
    });
    expect(Math.abs(Date.parse(seen?.push.until ?? '') - order.expiresAt)).toBeLessThan(2_500);
  });

  it('that rings is data alone, wakes the phone and says nobody’s name; its end is as silent', async () => {
    const [to, order] = [await phone(), ringOf()];
    await sendPush(contextWith(), to, order);
    await sendPush(contextWith(), to, ringOf({ kind: 'call.over', urgency: 'high', collapseKey: order.collapseKey }));
    const [over, ring] = await seenBy(to.token);
    expect(ring).toMatchObject({ subject: '', text: '', push: { shows: 'ring', urgency: 'high', tag: order.collapseKey } });
    expect(Object.keys(ring?.push.data ?? {}).sort()).toEqual(['callId', 'expiresAt', 'id', 'kind', 'link', 'tag']);
    expect(over?.push).toMatchObject({ shows: 'nothing', tag: order.collapseKey });
  });

  it('that is in no hurry does not wake it', async () => {
    const to = await phone();
    await sendPush(contextWith(), to, orderOf({ urgency: 'normal' }));
    expect(await seenBy(to.token)).toMatchObject([{ push: { urgency: 'normal' } }]);
  });
});

describe('what Firebase says', () => {
  it.each([
    [404, 'UNREGISTERED', { again: false, dead: true }],
    [400, 'INVALID_ARGUMENT', { again: false }],
    [403, 'SENDER_ID_MISMATCH', { again: false }],
    [403, 'PERMISSION_DENIED', { again: true }],
    [404, 'NOT_FOUND', { again: true }],
    [401, 'THIRD_PARTY_AUTH_ERROR', { again: true }],
    [429, 'QUOTA_EXCEEDED', { again: true }],
    [503, 'UNAVAILABLE', { again: true }],
    [500, 'INTERNAL', { again: true }],
  ])('%s %s: %o', async (status, reason, meaning) => {
    const to = await phone();
    await faultAt('fcm', to.token, { status, reason });
    expect(await sendPush(contextWith(), to, orderOf())).toEqual({ sent: false, code: `fcm_${reason}`, ...meaning });
  });

  it('a token that is none is dead', async () => {
    expect(await sendPush(contextWith(), deviceOf('fcm', { token: 'short', keys: null }), orderOf())).toEqual({
      sent: false,
      again: false,
      dead: true,
      code: 'fcm_INVALID_ARGUMENT',
    });
  });

  it('another sender’s phone is not ours to forget', async () => {
    const to = await phone();
    await tellSandbox('PUT', '/api/phones', { token: to.token, state: 'of_another_sender' });
    expect(await sendPush(contextWith(), to, orderOf())).toEqual({ sent: false, again: false, code: 'fcm_SENDER_ID_MISMATCH' });
  });
});
