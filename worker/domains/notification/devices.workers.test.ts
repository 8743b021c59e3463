import { beforeAll, describe, expect, it } from 'vitest';
import { ask, bindings, contextNow, type Device, idIn, settle, signIn, signInAs, verdictOf } from '../../../tests/access/town.ts';
import { forgetDevice, forgetSilentDevices, pushDevicesOf } from './devices.ts';

beforeAll(settle);

const DAY = 24 * 60 * 60_000;
const somebody = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
const register = (by: Device | undefined, body: unknown) => ask({ method: 'PUT', path: '/me/push-devices', by, body });
const phone = (token = `${crypto.randomUUID()}:android`) => ({ platform: 'fcm', token });
async function listed(by: Device): Promise<{ id: string; platform: string; current: boolean }[]> {
  return ((await ask({ method: 'GET', path: '/me/push-devices', by })).json as { items: [] }).items;
}
const tokensOf = async ({ userId }: Device) => (await pushDevicesOf(contextNow(), userId)).map(({ token }) => token);

async function browserKeys(): Promise<{ p256dh: string; auth: string }> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])) as CryptoKeyPair;
  const url = (bytes: Uint8Array) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  const point = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  return { p256dh: url(point), auth: url(crypto.getRandomValues(new Uint8Array(16))) };
}
const browser = async (more: object = {}) => ({
  platform: 'webpush',
  subscription: {
    endpoint: `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`,
    expirationTime: null,
    keys: await browserKeys(),
    ...more,
  },
});

describe('a device', () => {
  it('is registered once, however often it says so, and shows neither token nor keys', async () => {
    const [by, wish] = [await somebody(), await browser()];
    const first = await register(by, wish);
    const again = await register(by, wish);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await listed(by)).toEqual([{ ...(again.json?.device as object), current: true, platform: 'webpush' } as never]);
    expect(idIn(again, 'device')).toBe(idIn(first, 'device'));
    expect(first.text).not.toContain(wish.subscription.keys.p256dh);
    expect(first.text).not.toContain('fcm.googleapis.com');
    const [device] = await pushDevicesOf(contextNow(), by.userId);
    expect(device).toMatchObject({ token: wish.subscription.endpoint, keys: wish.subscription.keys, sessionId: by.sessionId });
  });

  it('has one address of each platform: a new one takes the place of the old', async () => {
    const by = await somebody();
    const [apns, voip] = ['a', 'b'].map((digit) => digit.repeat(64));
    const first = await register(by, phone('first-token-of-a-phone'));
    const second = await register(by, phone('second-token-of-a-phone'));
    expect(idIn(second, 'device')).toBe(idIn(first, 'device'));
    await register(by, { platform: 'apns', token: apns?.toUpperCase() });
    await register(by, { platform: 'voip', token: voip });
    expect((await tokensOf(by)).sort()).toEqual([apns, voip, 'second-token-of-a-phone'].sort());
  });

  it('belongs to whoever registered it last, on whichever session', async () => {
    const [a, b, token] = [await somebody(), await somebody(), crypto.randomUUID()];
    await register(a, phone(token));
    await register(b, phone(token));
    expect([await tokensOf(a), await tokensOf(b)]).toEqual([[], [token]]);
  });

  it('is one of twenty at most: the one that was silent for longest makes room', async () => {
    const email = `${crypto.randomUUID()}@demo.test`;
    const devices: Device[] = [];
    for (let n = 0; n < 21; n++) {
      const by = await signInAs(email, 'member');
      await register(by, phone(`token-number-${n}-of-${email.slice(0, 8)}`));
      devices.push(by);
    }
    const tokens = await tokensOf(devices[0] as Device);
    expect(tokens).toHaveLength(20);
    expect(tokens).not.toContain(`token-number-0-of-${email.slice(0, 8)}`);
  });

  it.each([
    ['signing out', (by: Device) => ask({ method: 'POST', path: '/auth/logout', by })],
    ['a session that is revoked', async (by: Device) => ask({ method: 'DELETE', path: `/auth/sessions/${by.sessionId}`, by })],
  ])('goes with %s, and no other does', async (_, end) => {
    const email = `${crypto.randomUUID()}@demo.test`;
    const [gone, stays] = [await signInAs(email, 'member'), await signInAs(email, 'member')];
    await register(gone, phone());
    await register(stays, phone('the-other-phone-s-token'));
    expect((await end(gone)).status).toBe(204);
    expect(await tokensOf(stays)).toEqual(['the-other-phone-s-token']);
  });

  it('is not taken for a session that ended while it was asked for', async () => {
    const by = await somebody();
    await bindings.DB.prepare('UPDATE session SET revoked_at = 1 WHERE id = ?').bind(by.sessionId).run();
    const late = bindings.DB.prepare(
      "INSERT INTO push_device (id, user_id, session_id, platform, token, created_at, seen_at) VALUES ('dev_x', ?, ?, 'fcm', 'late', 1, 1)",
    ).bind(by.userId, by.sessionId);
    await expect(late.run()).rejects.toThrow('session_is_over');
  });

  it('is removed by its owner alone', async () => {
    const [a, b] = [await somebody(), await somebody()];
    const id = idIn(await register(a, phone()), 'device');
    const remove = (by: Device) => ask({ method: 'DELETE', path: `/me/push-devices/${id}`, by });
    expect([verdictOf(await remove(b)), verdictOf(await remove(a)), verdictOf(await remove(a))]).toEqual([
      '404 not_found',
      '204',
      '404 not_found',
    ]);
  });

  it('is forgotten when the provider says it is gone, unless it has a new address meanwhile', async () => {
    const by = await somebody();
    await register(by, phone('a-token-that-is-dead-now'));
    const [old] = await pushDevicesOf(contextNow(), by.userId);
    await register(by, phone('a-token-that-came-after'));
    if (!old) throw new Error('no device');
    await forgetDevice(contextNow(), old, 'UNREGISTERED');
    expect(await tokensOf(by)).toEqual(['a-token-that-came-after']);
    await forgetDevice(contextNow(), { ...old, token: 'a-token-that-came-after' }, 'UNREGISTERED');
    expect(await tokensOf(by)).toEqual([]);
  });

  it('is forgotten after sixty days of silence', async () => {
    const [old, recent] = [await somebody(), await somebody()];
    for (const by of [old, recent]) await register(by, phone());
    await bindings.DB.prepare('UPDATE push_device SET seen_at = ? WHERE user_id = ?')
      .bind(Date.now() - 61 * DAY, old.userId)
      .run();
    await forgetSilentDevices(contextNow());
    expect([(await tokensOf(old)).length, (await tokensOf(recent)).length]).toEqual([0, 1]);
  });
});

describe('what is no device', () => {
  it.each([
    ['an address inside a network', { endpoint: 'https://10.0.0.1/push' }, 'subscription.endpoint'],
    ['an address of this machine', { endpoint: 'http://127.0.0.1:8787/api/v1/me' }, 'subscription.endpoint'],
    ['another page of the stand-in', { endpoint: 'http://127.0.0.1:8799/api/messages' }, 'subscription.endpoint'],
    ['a name that looks like a push service', { endpoint: 'https://fcm.googleapis.com.evil.example/x' }, 'subscription.endpoint'],
    ['a key that is no point', { keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) } }, 'subscription.keys.p256dh'],
    ['a key that is too short', { keys: { p256dh: 'BAAA', auth: 'A'.repeat(22) } }, 'subscription.keys.p256dh'],
    ['no keys', { keys: undefined }, 'subscription.keys'],
  ])('%s is refused', async (_, more, field) => {
    const answer = await register(await somebody(), await browser(more));
    expect([answer.status, answer.json?.fields]).toEqual([400, [expect.objectContaining({ path: field })]]);
  });

  it.each([
    { platform: 'pager', token: 'x'.repeat(30) },
    { platform: 'apns', token: 'not-hex' },
    { platform: 'fcm', token: 'has blanks in it, and more than one' },
    { platform: 'fcm', token: '' },
    { platform: 'onesignal', token: 'x' },
    { platform: 'voip' },
  ])('%o is refused', async (body) => expect(verdictOf(await register(await somebody(), body))).toBe('400 validation_failed'));
});

it('the config names the channels that are on, and the key of this environment', async () => {
  const { json } = await ask({ method: 'GET', path: '/push/config', by: await signIn('ada') });
  expect(json).toEqual({ platforms: ['webpush', 'apns', 'voip', 'fcm', 'onesignal'], vapidPublicKey: bindings.VAPID_PUBLIC_KEY });
});
