import { beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, problemOf } from '../fake-server.ts';
import { type PushBrowser, PushHere } from './here.ts';

const KEY = 'BAKUMOWeahWtZsUZz2RYfpBKVmNfzD4jAWoWMSgW0Zx-LcWNOqWE_Cz8DCVf75yVMqPMrE-gCMb1CA8v3RXPdxs';
const OTHER_KEY = `${KEY.slice(0, -1)}A`;
const deviceId = 'dev_01m7xz2gcdfvm8xwv1ha7afe0s';
const bytesOf = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)).buffer;

/** A browser's push manager: one subscription, each a new address. */
class FakeManager {
  made = 0;
  present: PushSubscription | null = null;
  broken = false;

  getSubscription = async () => this.present;
  subscribe = async ({ applicationServerKey, userVisibleOnly }: PushSubscriptionOptionsInit = {}) => {
    if (this.broken) throw new DOMException('Registration failed - push service error', 'AbortError');
    expect(userVisibleOnly).toBe(true);
    return this.keep(String(applicationServerKey));
  };
  keep(key: string): PushSubscription {
    this.made += 1;
    const endpoint = `https://fcm.googleapis.com/fcm/send/${this.made}`;
    this.present = {
      endpoint,
      options: { applicationServerKey: bytesOf(key), userVisibleOnly: true },
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: async () => {
        this.present = null;
        return true;
      },
    } as unknown as PushSubscription;
    return this.present;
  }
}

let manager: FakeManager;
let server: FakeServer;
let answers: { config: { status?: number; body?: unknown }; register: { status?: number; body?: unknown } };
let browser: { -readonly [K in keyof PushBrowser]: PushBrowser[K] } & { now: NotificationPermission; choice: 'off' | null; asked: number };
beforeEach(() => {
  manager = new FakeManager();
  answers = { config: { body: { platforms: ['webpush'], vapidPublicKey: KEY } }, register: { body: {} } };
  server = new FakeServer(({ method, path }) => {
    if (path === '/push/config') return answers.config;
    if (method === 'PUT') return answers.register;
    if (method === 'GET') return { body: { items: [{ id: deviceId, platform: 'webpush', current: true }], nextCursor: null } };
    return { status: 204 };
  });
  browser = {
    now: 'default',
    choice: null,
    asked: 0,
    manager: async () => manager as unknown as PushManager,
    mustBeInstalled: false,
    permission: () => browser.now,
    ask: async () => {
      browser.asked += 1;
      if (browser.now === 'default') browser.now = 'granted';
      return browser.now;
    },
    memory: {
      read: () => browser.choice,
      write: (choice) => {
        browser.choice = choice;
      },
    },
  };
});
const made = () => new PushHere(server.api, browser);
const told = () =>
  server.asked
    .filter(({ method }) => method === 'PUT')
    .map(({ body }) => (body as { subscription: { endpoint: string } }).subscription.endpoint);

describe('at a start', () => {
  it('nobody is asked, and nothing is subscribed that was not allowed', async () => {
    const here = made();
    await here.begin();
    expect([here.telling.get(), browser.asked, manager.made, server.asked]).toEqual(['off', 0, 0, []]);
  });

  it('what was allowed is told to the server again, at the address there is', async () => {
    browser.now = 'granted';
    manager.keep(KEY);
    const here = made();
    await here.begin();
    expect([here.telling.get(), manager.made, told()]).toEqual(['on', 1, ['https://fcm.googleapis.com/fcm/send/1']]);
  });

  it('a subscription for another key is replaced: the server could not use it', async () => {
    browser.now = 'granted';
    manager.keep(OTHER_KEY);
    await made().begin();
    expect(told()).toEqual(['https://fcm.googleapis.com/fcm/send/2']);
  });

  it('what was turned off stays off although the browser would allow it', async () => {
    browser.now = 'granted';
    browser.choice = 'off';
    const here = made();
    await here.begin();
    expect([here.telling.get(), server.asked]).toEqual(['off', []]);
  });

  it.each([
    ['refused', { now: 'denied' as const }],
    ['install', { mustBeInstalled: true }],
    ['unsupported', { manager: async (): Promise<null> => null }],
    ['unsupported', { manager: () => Promise.reject(new Error('no worker')) }],
  ] as const)('says %s where it is so', async (telling, change) => {
    Object.assign(browser, change);
    const here = made();
    await here.begin();
    expect([here.telling.get(), server.asked]).toEqual([telling, []]);
  });

  it.each([
    ['unreachable', { broken: true }],
    ['unreachable', { register: problemOf(503, 'overloaded') }],
    ['unsupported', { config: { body: { platforms: [], vapidPublicKey: null } } }],
  ] as const)('says %s where it could not be arranged', async (telling, change) => {
    browser.now = 'granted';
    if ('broken' in change) manager.broken = true;
    else Object.assign(answers, change);
    const here = made();
    await here.begin();
    expect(here.telling.get()).toBe(telling);
  });
});

describe('from a tap', () => {
  it('the browser asks, and then this device tells', async () => {
    browser.choice = 'off';
    const here = made();
    await here.turnOn();
    expect([here.telling.get(), browser.asked, browser.choice, told().length]).toEqual(['on', 1, null, 1]);
  });

  it('a no of the person is final, a question put off is not', async () => {
    const here = made();
    browser.ask = async () => 'denied';
    await here.turnOn();
    expect(here.telling.get()).toBe('refused');
    browser.ask = async () => 'default';
    await here.turnOn();
    expect([here.telling.get(), server.asked]).toEqual(['off', []]);
  });

  it('turning it off forgets the device on the server and in the browser, and is remembered', async () => {
    const here = made();
    await here.turnOn();
    await here.turnOff();
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: `/me/push-devices/${deviceId}` });
    expect([here.telling.get(), manager.present, browser.choice]).toEqual(['off', null, 'off']);
  });

  it('stays on where the server could not be told', async () => {
    const here = made();
    await here.turnOn();
    server.answerWith(() => problemOf(503, 'overloaded'));
    await expect(here.turnOff()).rejects.toMatchObject({ code: 'overloaded' });
    expect([here.telling.get(), manager.present === null, browser.choice]).toEqual(['on', false, null]);
  });
});
