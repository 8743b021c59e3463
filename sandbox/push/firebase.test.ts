import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { askOutside } from '../asking.ts';
import { google } from '../desk-keys.ts';
import { Outside } from '../outside.ts';
import { googleKey } from './desk.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const SECONDS = NOW / 1000;
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
let world: Outside;
beforeEach(() => {
  world = new Outside();
});

interface Made {
  readonly claims?: JWTPayload;
  readonly kid?: string;
  readonly alg?: string;
  readonly key?: Parameters<SignJWT['sign']>[0];
}
const statement = ({ claims = {}, kid = google.keyId, alg = 'RS256', key = googleKey }: Made = {}) =>
  new SignJWT({ iss: google.clientEmail, aud: google.tokenUri, scope: SCOPE, iat: SECONDS, exp: SECONDS + 3600, ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(key);
const trade = (assertion: string, more: Record<string, string> = {}, type = 'application/x-www-form-urlencoded;charset=UTF-8') =>
  askOutside(world, '/token', {
    headers: { 'content-type': type },
    body: new URLSearchParams({ grant_type: GRANT, assertion, ...more }).toString(),
    at: NOW,
  });
const bearer = async (): Promise<string> => ((await trade(await statement())).json as { access_token: string }).access_token;

const PHONE = `${'a'.repeat(22)}:${'B-_9'.repeat(30)}`;
const good = {
  token: PHONE,
  data: { id: 'ntf_1', kind: 'chat.message' },
  notification: { title: 'Grace', body: 'Hello' },
  android: { priority: 'HIGH', ttl: '60s', notification: { tag: 'chat:x', channel_id: 'chat_message' } },
};
async function send(message: unknown, more: { at?: number; project?: string; authorization?: string } = {}) {
  return askOutside(world, `/v1/projects/${more.project ?? google.projectId}/messages:send`, {
    headers: { authorization: more.authorization ?? `Bearer ${await bearer()}` },
    body: { message },
    at: more.at ?? NOW,
  });
}
const ofOwn = (errorCode: string) => ({ json: { error: { details: [{ errorCode }] } } });

describe('a bearer', () => {
  it('is traded for a statement of the service account', async () => {
    expect(await trade(await statement())).toMatchObject({
      status: 200,
      json: { access_token: expect.stringMatching(/^ya29\./), expires_in: 3599 },
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['of another account', () => statement({ claims: { iss: 'else@hearthline-local.iam.gserviceaccount.com' } })],
    ['for another endpoint', () => statement({ claims: { aud: 'https://oauth2.googleapis.com/other' } })],
    ['for something else', () => statement({ claims: { scope: 'https://www.googleapis.com/auth/drive' } })],
    ['that is over', () => statement({ claims: { iat: SECONDS - 3700, exp: SECONDS - 100 } })],
    ['for longer than an hour', () => statement({ claims: { exp: SECONDS + 3601 } })],
    ['from the future', () => statement({ claims: { iat: SECONDS + 120, exp: SECONDS + 3000 } })],
    ['by a key they don’t know', () => statement({ kid: 'other' })],
    ['signed by another key', async () => statement({ key: (await generateKeyPair('RS256')).privateKey })],
    ['signed by a shared secret', () => statement({ alg: 'HS256', key: new TextEncoder().encode(google.publicKey.n) })],
    ['that is none', async () => 'x.y.z'],
  ])('is refused for a statement %s', async (_, make) => {
    expect(await trade(await make())).toMatchObject({ status: 400, json: { error: expect.stringMatching(/^invalid_/) } });
  });

  it('is refused for another grant, and for JSON', async () => {
    expect(await trade(await statement(), { grant_type: 'password' })).toMatchObject({ status: 400 });
    expect(await trade(await statement(), {}, 'application/json')).toMatchObject({ status: 400 });
  });
});

describe('a message', () => {
  it('is taken with a name, and seen on the phone', async () => {
    expect(await send(good)).toMatchObject({
      status: 200,
      json: { name: expect.stringMatching(/^projects\/hearthline-local\/messages\/0:/) },
    });
    expect(world.outbox.list(PHONE)).toMatchObject([
      {
        id: 'ntf_1',
        subject: 'Grace',
        push: { platform: 'fcm', shows: 'card', tag: 'chat:x', urgency: 'high', until: '2026-11-26T12:01:00.000Z' },
      },
    ]);
  });

  it('of data alone is a call or nothing to see', async () => {
    await send({
      token: PHONE,
      data: { id: 'a', kind: 'call.incoming', callId: 'call_1' },
      android: { priority: 'HIGH', collapse_key: 'call:1' },
    });
    await send({ token: PHONE, data: { id: 'b', kind: 'call.over' } });
    expect(world.outbox.list(PHONE).map(({ push }) => push?.shows)).toEqual(['nothing', 'ring']);
  });

  it.each<[string, object, string]>([
    ['a field that there is not', { ...good, priority: 'high' }, 'Unknown name'],
    ['a field of Android’s in its words', { ...good, notification: { title: 'x', tag: 'y' } }, 'Unknown name'],
    ['data that is no text', { ...good, data: { n: 1 } }, 'TYPE_STRING'],
    ['a ttl in ms', { ...good, android: { ttl: 60_000 } }, 'ttl'],
    ['a ttl of more than four weeks', { ...good, android: { ttl: '2419201s' } }, 'ttl'],
    ['a priority in small letters', { ...good, android: { priority: 'high' } }, 'priority'],
  ])('is misread with %s', async (_, message, words) => {
    const answer = await send(message);
    expect(answer).toMatchObject({ status: 400, json: { error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining(words) } } });
    expect(JSON.stringify(answer.json)).toContain('google.rpc.BadRequest');
  });

  it.each<[string, object, string]>([
    ['a token that is none', { ...good, token: 'not a token' }, 'registration token'],
    ['nobody', { data: {} }, 'token, topic'],
    ['a key of data that is theirs', { ...good, data: { from: 'x' } }, 'data payload key'],
    ['another', { ...good, data: { 'google.x': 'x' } }, 'data payload key'],
    ['too much', { ...good, data: { text: 'x'.repeat(4096) } }, 'too big'],
  ])('is refused with %s', async (_, message, words) => {
    const answer = await send(message);
    expect(answer).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining(words) } } });
    expect(answer).toMatchObject(ofOwn('INVALID_ARGUMENT'));
    expect(world.outbox.list()).toEqual([]);
  });

  it('to a phone that is gone, or of another sender, is refused in their words', async () => {
    const say = (state: string) => askOutside(world, '/api/phones', { method: 'PUT', body: { token: PHONE, state } });
    await say('gone');
    expect(await send(good)).toMatchObject({ status: 404, ...ofOwn('UNREGISTERED') });
    await say('of_another_sender');
    expect(await send(good)).toMatchObject({ status: 403, ...ofOwn('SENDER_ID_MISMATCH') });
    await say('active');
    expect((await send(good)).status).toBe(200);
    expect((await say('asleep')).status).toBe(400);
  });

  it('is sent with a bearer from here that has not ended, to our own project', async () => {
    const mine = `Bearer ${await bearer()}`;
    for (const authorization of ['', 'Bearer ya29.made-up', mine.toLowerCase()])
      expect(await send(good, { authorization })).toMatchObject({ status: 401, json: { error: { status: 'UNAUTHENTICATED' } } });
    expect((await send(good, { authorization: mine, at: NOW + 3_598_000 })).status).toBe(200);
    expect((await send(good, { authorization: mine, at: NOW + 3_599_000 })).status).toBe(401);
    expect((await send(good, { project: 'another' })).status).toBe(403);
  });
});
