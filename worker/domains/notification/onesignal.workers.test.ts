import { describe, expect, it } from 'vitest';
import { conforms, contextWith, deviceOf, orderOf, phoneIsGone, ringOf, seenBy } from './push-conformance.workers.ts';
import { sendPush } from './pushing.ts';

const device = async () => ({ token: crypto.randomUUID() as string, keys: null });
const phone = async () => deviceOf('onesignal', await device());

conforms({
  service: 'onesignal',
  platform: 'onesignal',
  order: orderOf,
  device,
  end: phoneIsGone,
  unknown: async () => ({ ONESIGNAL_API_KEY: 'local_of-somebody-else' }),
  off: { ONESIGNAL_API_KEY: '' },
  timesWhenRepeated: 1,
});

describe('a notification by OneSignal', () => {
  it('has the words and what the app needs', async () => {
    const [to, order] = [await phone(), orderOf()];
    expect(await sendPush(contextWith(), to, order)).toMatchObject({ sent: true, providerId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [seen] = await seenBy(to.token);
    expect(seen).toMatchObject({
      subject: 'Grace',
      text: order.words?.body,
      push: { shows: 'card', tag: order.collapseKey, urgency: 'high' },
    });
    expect(seen?.push.data).toMatchObject({ id: order.id, kind: order.kind, link: order.link });
  });

  it('that rings has no words; a long key still collapses', async () => {
    const [to, order] = [await phone(), ringOf({ collapseKey: `call:${'x'.repeat(100)}` })];
    await sendPush(contextWith(), to, order);
    expect(await seenBy(to.token)).toMatchObject([
      { subject: '', text: '', push: { shows: 'ring', data: { callId: order.callId }, tag: expect.stringMatching(/^[\w-]{32}$/) } },
    ]);
  });

  it('that is refused as it is written is not tried again', async () => {
    const to = deviceOf('onesignal', { token: 'no-uuid', keys: null });
    expect(await sendPush(contextWith(), to, orderOf())).toEqual({ sent: false, again: false, code: 'onesignal_400' });
  });
});
