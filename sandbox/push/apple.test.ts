import { generateKeyPair, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { askOutside } from '../asking.ts';
import { apple } from '../desk-keys.ts';
import { Outside } from '../outside.ts';
import { appleKey } from './desk.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const MINUTE = 60_000;
let world: Outside;
let bearer: string;
beforeEach(async () => {
  world = new Outside();
  bearer = await token();
});

const token = (more: { at?: number; kid?: string; iss?: string; key?: Parameters<SignJWT['sign']>[0]; alg?: string } = {}) =>
  new SignJWT({ iss: more.iss ?? apple.teamId, iat: Math.floor((more.at ?? NOW) / 1000) })
    .setProtectedHeader({ alg: more.alg ?? 'ES256', kid: more.kid ?? apple.keyId })
    .sign(more.key ?? appleKey);

const PHONE = 'ab'.repeat(32);
const alert = { aps: { alert: { title: 'Grace', body: 'Hello' } }, id: 'ntf_1', kind: 'chat.message' };
interface Wish {
  readonly to?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly at?: number;
}
const push = ({ to = PHONE, headers = {}, body = alert, at = NOW }: Wish = {}) =>
  askOutside(world, `/3/device/${to}`, {
    headers: { authorization: `bearer ${bearer}`, 'apns-topic': apple.topic, 'apns-push-type': 'alert', ...headers },
    body,
    at,
  });
const voip = { 'apns-topic': `${apple.topic}.voip`, 'apns-push-type': 'voip' };
const id = '6f1f4c1e-8a55-8c1d-9d3b-0d8a4a6f2b11';

describe('a push', () => {
  it('is taken with its id, and seen on the phone', async () => {
    expect(await push({ headers: { 'apns-id': id, 'apns-collapse-id': 'chat:x' } })).toMatchObject({
      status: 200,
      headers: { 'apns-id': id },
    });
    expect(world.outbox.list(PHONE)).toMatchObject([
      { id, subject: 'Grace', text: 'Hello', push: { platform: 'apns', shows: 'card', tag: 'chat:x', data: { id: 'ntf_1' } } },
    ]);
  });

  it('with the same id is the same, and without one gets one', async () => {
    for (const _ of [1, 2]) await push({ headers: { 'apns-id': id } });
    expect(world.outbox.list(PHONE)).toMatchObject([{ times: 2 }]);
    expect((await push()).headers?.['apns-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('by VoIP is a call, until it is over', async () => {
    const headers = { ...voip, 'apns-expiration': String(NOW / 1000 + 30) };
    expect((await push({ headers, body: { aps: {}, callId: 'call_1' } })).status).toBe(200);
    expect(world.outbox.list(PHONE)).toMatchObject([
      { push: { platform: 'voip', shows: 'ring', data: { callId: 'call_1' }, until: '2026-11-26T12:00:30.000Z' } },
    ]);
  });

  it('that is silent shows nothing', async () => {
    const headers = { 'apns-push-type': 'background', 'apns-priority': '5' };
    expect((await push({ headers, body: { aps: { 'content-available': 1 }, kind: 'call.over' } })).status).toBe(200);
    expect(world.outbox.list(PHONE)).toMatchObject([{ push: { shows: 'nothing', urgency: 'normal' } }]);
  });

  it.each<[string, Wish, number, string]>([
    ['no topic', { headers: { 'apns-topic': '' } }, 400, 'MissingTopic'],
    ['another app’s topic', { headers: { 'apns-topic': 'com.else' } }, 400, 'TopicDisallowed'],
    ['a call at the app’s own topic', { headers: { ...voip, 'apns-topic': apple.topic } }, 400, 'TopicDisallowed'],
    ['an alert at the calls’ topic', { headers: { 'apns-topic': `${apple.topic}.voip` } }, 400, 'TopicDisallowed'],
    ['no type', { headers: { 'apns-push-type': '' } }, 400, 'InvalidPushType'],
    ['a priority that is none', { headers: { 'apns-priority': '7' } }, 400, 'BadPriority'],
    ['something silent in a hurry', { headers: { 'apns-push-type': 'background', 'apns-priority': '10' } }, 400, 'BadPriority'],
    ['an id that is no UUID', { headers: { 'apns-id': 'ntf_1' } }, 400, 'BadMessageId'],
    ['an expiration that is a date', { headers: { 'apns-expiration': 'tomorrow' } }, 400, 'BadExpirationDate'],
    ['an expiration in ms', { headers: { 'apns-expiration': String(NOW) } }, 400, 'BadExpirationDate'],
    ['a collapse id that is too long', { headers: { 'apns-collapse-id': 'x'.repeat(65) } }, 400, 'BadCollapseId'],
    ['no payload', { body: '' }, 400, 'PayloadEmpty'],
    ['a payload without aps', { body: { callId: 'x' } }, 400, 'PayloadEmpty'],
    ['a payload that is too large', { body: { ...alert, x: 'x'.repeat(4096) } }, 413, 'PayloadTooLarge'],
    ['a call that is too large', { headers: voip, body: { aps: {}, x: 'x'.repeat(5120) } }, 413, 'PayloadTooLarge'],
    ['a token that is none', { to: 'xyz' }, 400, 'BadDeviceToken'],
    ['no token', { to: '' }, 400, 'MissingDeviceToken'],
  ])('is refused with %s', async (_, wish, status, reason) => {
    expect(await push(wish)).toMatchObject({ status, json: { reason } });
    expect(world.outbox.list()).toEqual([]);
  });

  it('by VoIP may be larger than others', async () => {
    expect((await push({ headers: voip, body: { aps: {}, x: 'x'.repeat(5000) } })).status).toBe(200);
  });

  it('to a phone that is gone is 410, with since when', async () => {
    await askOutside(world, '/api/phones', { method: 'PUT', body: { token: PHONE.toUpperCase(), state: 'gone' }, at: NOW - 5 });
    expect(await push()).toEqual({ status: 410, json: { reason: 'Unregistered', timestamp: NOW - 5 } });
    await askOutside(world, '/api/phones', { method: 'PUT', body: { token: PHONE, state: 'of_another_sender' } });
    expect(await push()).toMatchObject({ status: 400, json: { reason: 'DeviceTokenNotForTopic' } });
  });

  it('is sent by POST, to a device', async () => {
    expect(await askOutside(world, `/3/device/${PHONE}`, { method: 'GET' })).toMatchObject({ status: 405 });
    expect(await askOutside(world, '/3/devices')).toMatchObject({ status: 404, json: { reason: 'BadPath' } });
  });
});

describe('who pushes', () => {
  it.each<[string, () => Promise<string>, number, string]>([
    ['without a token', async () => '', 403, 'MissingProviderToken'],
    ['with a key they don’t know', () => token({ kid: 'OTHERKEY01' }), 403, 'InvalidProviderToken'],
    ['of another team', () => token({ iss: 'OTHERTEAM1' }), 403, 'InvalidProviderToken'],
    ['signed by another key', async () => token({ key: (await generateKeyPair('ES256')).privateKey }), 403, 'InvalidProviderToken'],
    ['signed by a shared secret', () => token({ alg: 'HS256', key: new TextEncoder().encode(apple.keyId) }), 403, 'InvalidProviderToken'],
    ['from the future', () => token({ at: NOW + 5 * MINUTE }), 403, 'InvalidProviderToken'],
    ['with a token older than an hour', () => token({ at: NOW - 61 * MINUTE }), 403, 'ExpiredProviderToken'],
    ['with what is no token', async () => 'x.y.z', 403, 'InvalidProviderToken'],
  ])('is refused %s', async (_, make, status, reason) => {
    const made = await make();
    expect(await push({ headers: { authorization: made && `bearer ${made}` } })).toMatchObject({ status, json: { reason } });
  });

  it('may renew after twenty minutes, and goes on with the old token', async () => {
    const [first, second] = [bearer, await token({ at: NOW + 19 * MINUTE })];
    expect((await push()).status).toBe(200);
    const early = await push({ headers: { authorization: `bearer ${second}` }, at: NOW + 19 * MINUTE });
    expect(early).toMatchObject({ status: 429, json: { reason: 'TooManyProviderTokenUpdates' } });
    expect((await push({ headers: { authorization: `bearer ${second}` }, at: NOW + 20 * MINUTE })).status).toBe(200);
    expect((await push({ headers: { authorization: `bearer ${first}` }, at: NOW + 21 * MINUTE })).status).toBe(200);
  });
});
