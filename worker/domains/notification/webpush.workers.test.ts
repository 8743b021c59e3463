import { describe, expect, it, vi } from 'vitest';
import type { PushDevice } from './push.ts';
import { askSandbox, conforms, contextWith, deviceOf, env, orderOf, ringOf, seenBy, tellSandbox } from './push-conformance.workers.ts';
import { sendPush } from './pushing.ts';

interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}
const subscribe = (sender = env.VAPID_PUBLIC_KEY): Promise<Subscription> =>
  askSandbox('POST', '/webpush/subscriptions', { applicationServerKey: sender });
const device = async (): Promise<Pick<PushDevice, 'token' | 'keys'>> => {
  const { endpoint, keys } = await subscribe();
  return { token: endpoint, keys };
};
const end = (endpoint: string) => tellSandbox('DELETE', '/webpush/subscriptions', { endpoint });

/** Another pair than the one that browsers subscribed with. */
async function anotherKey(): Promise<{ VAPID_PUBLIC_KEY: string; VAPID_PRIVATE_KEY: string }> {
  const { privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])) as CryptoKeyPair;
  const { x = '', y = '', d = '' } = (await crypto.subtle.exportKey('jwk', privateKey)) as JsonWebKey;
  const bytes = (text: string) => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const point = btoa(`\u0004${bytes(x)}${bytes(y)}`)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return { VAPID_PUBLIC_KEY: point, VAPID_PRIVATE_KEY: `local_${d}` };
}

conforms({
  service: 'webpush',
  platform: 'webpush',
  order: orderOf,
  device,
  end,
  unknown: anotherKey,
  off: { VAPID_PRIVATE_KEY: '' },
  timesWhenRepeated: 2,
});

describe('a Web Push message', () => {
  it('is decrypted by the browser alone and says what a service worker needs', async () => {
    const to = deviceOf('webpush', await device());
    const order = orderOf();
    await sendPush(contextWith(), to, order);
    const [seen] = await seenBy(to.token);
    expect(seen).toMatchObject({
      id: order.id,
      subject: 'Grace',
      text: order.words?.body,
      push: { shows: 'card', tag: order.collapseKey, urgency: 'high' },
    });
    expect(seen?.push.data).toEqual({
      id: order.id,
      kind: 'chat.message',
      title: 'Grace',
      body: order.words?.body,
      link: order.link,
      tag: order.collapseKey,
      expiresAt: new Date(order.expiresAt).toISOString(),
    });
  });

  it('that rings says the call’s id and nobody’s name, and is over with the ringing', async () => {
    const to = deviceOf('webpush', await device());
    const order = ringOf();
    await sendPush(contextWith(), to, order);
    const [seen] = await seenBy(to.token);
    expect(seen?.push).toMatchObject({ shows: 'ring', urgency: 'high', data: { callId: order.callId } });
    expect(Object.keys(seen?.push.data ?? {}).sort()).toEqual(['callId', 'expiresAt', 'id', 'kind', 'link', 'tag']);
    expect(Math.abs(Date.parse(seen?.push.until ?? '') - order.expiresAt)).toBeLessThan(2_500);
  });

  it('is as long as any other, so that nobody on the way learns how much was said', async () => {
    const fetched: number[] = [];
    const real = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (init?.body instanceof Uint8Array) fetched.push(init.body.byteLength);
      return real(input, init);
    });
    const to = deviceOf('webpush', await device());
    for (const body of ['Hi', 'A much longer message, with a lot to say about the garden.'])
      await sendPush(contextWith(), to, orderOf({ words: { title: 'Grace', body } }));
    expect(fetched).toEqual([4096, 4096]);
  });

  it('is not sent to an address that is no push service’s, even where it stands in the table', async () => {
    const { keys } = await device();
    for (const token of ['https://10.0.0.1/push', 'http://127.0.0.1:8799/api/faults', 'https://fcm.googleapis.com:8443/fcm/send/x'])
      expect(await sendPush(contextWith(), deviceOf('webpush', { token, keys }), orderOf())).toMatchObject({
        dead: true,
        code: 'webpush_endpoint',
      });
  });

  it('for a browser that subscribed elsewhere goes to the stand-in all the same, which can’t read it', async () => {
    const { keys } = await subscribe();
    const token = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`;
    expect(await sendPush(contextWith(), deviceOf('webpush', { token, keys }), orderOf())).toMatchObject({ sent: true });
    expect(await seenBy(token)).toMatchObject([{ subject: '', text: '', push: { sealed: true } }]);
  });

  it('to an endpoint that never was is dead', async () => {
    const { keys } = await subscribe();
    const token = 'https://updates.push.services.mozilla.com/wpush/v2/nobody';
    expect(await sendPush(contextWith(), deviceOf('webpush', { token, keys }), orderOf())).toMatchObject({
      dead: true,
      code: 'webpush_404',
    });
  });
});
