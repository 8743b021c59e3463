import { buildPushPayload } from '@block65/webcrypto-web-push';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { askOutside, type Question } from '../asking.ts';
import { Outside } from '../outside.ts';
import type { MadeSubscription } from './subscriptions.ts';

const world = new Outside();
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = await exportJWK(privateKey);
const point = Buffer.concat([Buffer.of(4), Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y ?? '', 'base64url')]).toString(
  'base64url',
);
const vapid = { subject: 'mailto:hello@hearthline.test', publicKey: point, privateKey: jwk.d ?? '' };

const subscribe = async (sender: string | null = point): Promise<MadeSubscription> =>
  (await askOutside(world, '/webpush/subscriptions', { body: sender === null ? {} : { applicationServerKey: sender } }))
    .json as MadeSubscription;
const pathOf = (endpoint: string): string => `/webpush/${endpoint.slice('https://'.length)}`;

/** What a good server sends to a subscription. */
async function message(
  to: MadeSubscription,
  data: string = JSON.stringify({ id: 'ntf_1', kind: 'chat.message', title: 'Grace', body: 'Hello' }),
) {
  const { headers, body } = await buildPushPayload({ data, options: { ttl: 60, urgency: 'high', topic: 'chat' } }, to, vapid);
  return { headers: headers as unknown as Record<string, string>, body };
}
const send = (to: string, question: Question) => askOutside(world, pathOf(to), question);
const shownAt = (to: string) => world.outbox.list(to);

/** An authorization with these claims instead of good ones. */
async function signed(claims: JWTPayload, key = privateKey): Promise<string> {
  const good = { aud: 'https://updates.push.services.mozilla.com', exp: Math.floor(Date.now() / 1000) + 3600, sub: 'mailto:a@b.test' };
  return `vapid t=${await new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256' }).sign(key)}, k=${point}`;
}

describe('a message to a subscription', () => {
  it('is taken with 201 and a Location, decrypted and shown', async () => {
    const to = await subscribe();
    const answer = await send(to.endpoint, await message(to));
    expect(answer).toMatchObject({ status: 201, headers: { Location: expect.stringMatching(/^https:/), TTL: '60' } });
    expect(shownAt(to.endpoint)).toMatchObject([
      { id: 'ntf_1', subject: 'Grace', text: 'Hello', push: { shows: 'card', urgency: 'high' } },
    ]);
  });

  it('is one, however often it comes', async () => {
    const to = await subscribe();
    for (const _ of [1, 2, 3]) await send(to.endpoint, await message(to));
    expect(shownAt(to.endpoint)).toMatchObject([{ times: 3 }]);
  });

  it.each([
    ['a call', { id: 'x', kind: 'call.incoming', callId: 'call_1' }, 'ring'],
    ['something silent', { id: 'x', kind: 'call.over', callId: 'call_1' }, 'nothing'],
  ])('shows %s as what it is', async (_, data, shows) => {
    const to = await subscribe();
    await send(to.endpoint, await message(to, JSON.stringify(data)));
    expect(shownAt(to.endpoint)[0]?.push?.shows).toBe(shows);
  });

  it('is refused when it was encrypted for another', async () => {
    const [to, other] = [await subscribe(), await subscribe()];
    expect((await send(to.endpoint, await message(other))).status).toBe(400);
  });

  it('is refused by one that was ended, that never was, or that another sender has', async () => {
    const [to, bound] = [await subscribe(), await subscribe('B'.repeat(87))];
    const good = await message(to);
    expect((await send(bound.endpoint, await message(bound))).status).toBe(403);
    await askOutside(world, '/webpush/subscriptions', { method: 'DELETE', body: { endpoint: to.endpoint } });
    expect(await send(to.endpoint, good)).toMatchObject({ status: 410, json: { errno: 106 } });
    expect((await send('https://updates.push.services.mozilla.com/wpush/v2/nobody', good)).status).toBe(404);
  });

  it.each([
    ['no TTL', { ttl: '' }, 400],
    ['a TTL that is no number', { ttl: '1h' }, 400],
    ['a topic that is too long', { topic: 'x'.repeat(33) }, 400],
    ['a topic with a blank', { topic: 'a b' }, 400],
    ['an urgency that is none', { urgency: 'now' }, 400],
    ['the encoding of a draft', { 'content-encoding': 'aesgcm' }, 400],
  ])('is refused with %s', async (_, headers, status) => {
    const to = await subscribe();
    const good = await message(to);
    expect((await send(to.endpoint, { ...good, headers: { ...good.headers, ...headers } })).status).toBe(status);
    expect(shownAt(to.endpoint)).toEqual([]);
  });

  it('is refused when it is too large, cut off, or no frame at all', async () => {
    const to = await subscribe();
    const { headers, body } = await message(to);
    expect((await send(to.endpoint, { headers, body: new Uint8Array(4097) })).status).toBe(413);
    for (const wrong of [body.slice(0, 20), body.slice(0, 90), new Uint8Array(300)])
      expect((await send(to.endpoint, { headers, body: wrong })).status).toBe(400);
  });
});

describe('who sends', () => {
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  it.each([
    ['for another push service', () => signed({ aud: 'https://fcm.googleapis.com' })],
    ['with a token that is over', () => signed({ exp: inSeconds(-60) })],
    ['with a token for longer than a day', () => signed({ exp: inSeconds(86_400 + 60) })],
    ['without a subject', () => signed({ sub: '' })],
    ['with a subject that reaches nobody', () => signed({ sub: 'hearthline' })],
    ['with a token signed by another key', async () => signed({}, (await generateKeyPair('ES256')).privateKey)],
    ['without a token', async () => ''],
    ['with a token of another scheme', async () => (await signed({})).replace('vapid', 'Bearer')],
    ['without the key', async () => (await signed({})).replace(/, k=.*/, '')],
    ['with a key that is no point', async () => (await signed({})).replace(/k=.*/, `k=${'B'.repeat(87)}`)],
  ])('is refused %s', async (_, authorization) => {
    const to = await subscribe();
    const good = await message(to);
    const answer = await send(to.endpoint, { ...good, headers: { ...good.headers, authorization: await authorization() } });
    expect(answer).toMatchObject({ status: 401, json: { errno: 109 } });
  });

  it('is let in with good claims', async () => {
    const to = await subscribe();
    const good = await message(to);
    expect((await send(to.endpoint, { ...good, headers: { ...good.headers, authorization: await signed({}) } })).status).toBe(201);
  });
});

describe('a browser that fetches its messages here', () => {
  it('is given them as they came, while it is subscribed', async () => {
    const parcels: { body: Uint8Array; ttl: number; topic: string | null }[] = [];
    const states = new Map<string, 'active' | 'gone'>([['known:1', 'active']]);
    const there = new Outside({
      browsers: {
        stateOf: (token) => states.get(token) ?? 'unknown',
        senderOf: () => point,
        take: (_, parcel) => void parcels.push(parcel),
      },
    });
    const { keys } = await subscribe();
    const to = { endpoint: 'https://jmt17.google.com/fcm/send/known:1', expirationTime: null, keys };
    const good = await message(to);
    expect((await askOutside(there, pathOf(to.endpoint), good)).status).toBe(201);
    expect(parcels).toEqual([{ body: good.body, ttl: 60, topic: 'chat' }]);
    expect(there.outbox.list(to.endpoint)).toMatchObject([{ push: { sealed: true } }]);
    states.set('known:1', 'gone');
    expect((await askOutside(there, pathOf(to.endpoint), good)).status).toBe(410);
  });
});
