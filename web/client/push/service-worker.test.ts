import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PushPayload } from '../../../worker/protocol/push.ts';
import type { NoticeData } from './notice.ts';
import { tellByPush } from './service-worker.ts';

const ORIGIN = 'http://127.0.0.1:5173';
const callId = 'call_01m7xz2gcdfvm8xwv1ha7afe0s';
const ringPush: PushPayload = {
  id: 'ntf_01m7xz2gcdfvm8xwv1ha7afe0s',
  kind: 'call.incoming',
  link: `/go/call/${callId}`,
  tag: `call:${callId}`,
  callId,
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
};
const chatPush: PushPayload = { ...ringPush, kind: 'chat.message', title: 'Ada', body: 'Hello', link: '/go/chat/c', tag: 'chat:c' };

/** A page, as a service worker sees it. */
class Window {
  readonly told: unknown[] = [];
  focused = 0;
  readonly url: string;
  readonly visibilityState: 'visible' | 'hidden';

  constructor(path: string, visibilityState: 'visible' | 'hidden' = 'hidden') {
    this.url = ORIGIN + path;
    this.visibilityState = visibilityState;
  }

  postMessage = (message: unknown) => this.told.push(message);
  focus = async () => {
    this.focused += 1;
    return this;
  };
}

let shown: { title: string; tag: string; data: NoticeData; close: () => void }[];
let windows: Window[];
let opened: string[];
let asked: string[];
let call: { state: string; endReason: string | null };
const hear = new Map<string, (event: unknown) => void>();

/** Something happens to the worker; resolves when it is done with it. */
async function happens(type: string, more: object): Promise<void> {
  const waiting: Promise<unknown>[] = [];
  hear.get(type)?.({ ...more, waitUntil: (work: Promise<unknown>) => waiting.push(work) });
  await Promise.all(waiting);
}
const pushed = (payload: unknown) => happens('push', { data: { json: () => payload } });
const tapped = (action: string, data: unknown = { link: ringPush.link, callId }) =>
  happens('notificationclick', { action, notification: { data, close: () => undefined } });

beforeEach(() => {
  [shown, windows, opened, asked] = [[], [], [], []];
  call = { state: 'ringing', endReason: null };
  hear.clear();
  vi.stubGlobal('WindowClient', Window);
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const path = input.replace('/api/v1', '');
    asked.push(`${init.method} ${path} ${(init.headers as Record<string, string>)['X-Hearthline-App']}`);
    const person = { displayName: 'Ada' };
    if (path.startsWith('/calls?')) return Response.json({ items: [{ call: { id: callId, media: 'audio', ...call }, caller: person }] });
    if (path === '/me') return Response.json({ user: { comfort: { language: 'de', vibration: true } } });
    return Response.json({ call });
  });
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: (event: unknown) => void) => hear.set(type, listener),
    clients: { matchAll: async () => windows, openWindow: async (address: string) => opened.push(address) },
    registration: {
      getNotifications: async ({ tag }: { tag: string }) => shown.filter((notice) => notice.tag === tag),
      showNotification: async (title: string, { tag, data }: { tag: string; data: NoticeData }) => {
        const close = (): void => {
          shown = shown.filter((notice) => notice.close !== close);
        };
        shown = [...shown.filter((notice) => notice.tag !== tag), { title, tag, data, close }];
      },
    },
  });
});

describe('a push', () => {
  it('of a ring asks, as the app it belongs to, who rings, and says it in the person’s language', async () => {
    tellByPush('portal', '/portal');
    await pushed(ringPush);
    expect(shown.map(({ title }) => title)).toEqual(['Ada ruft an']);
    expect(asked.sort()).toEqual(['GET /calls?direction=incoming&limit=10 portal', 'GET /me portal']);
  });

  it('shows nothing where a page of its app is in sight, and hurries that page', async () => {
    tellByPush('app', '');
    windows = [new Window('/calls', 'visible'), new Window('/portal/', 'hidden')];
    await pushed(ringPush);
    expect([shown, asked, windows.map(({ told }) => told)]).toEqual([[], [], [[{ hearthline: 'hurry' }], []]]);
  });

  it('is shown although a page of the other app is in sight', async () => {
    tellByPush('portal', '/portal');
    windows = [new Window('/', 'visible')];
    await pushed(ringPush);
    expect(shown.length).toBe(1);
  });

  it('with words of its own asks nobody', async () => {
    tellByPush('app', '');
    await pushed(chatPush);
    expect([shown.map(({ title }) => title), asked]).toEqual([['Ada'], []]);
  });

  it('that says the ring is over takes the ring away', async () => {
    tellByPush('app', '');
    await pushed(ringPush);
    call = { state: 'ended', endReason: 'declined' };
    vi.useFakeTimers();
    await pushed({ ...ringPush, kind: 'call.over' });
    expect(shown.map(({ title }) => title)).toEqual(['Klingelt nicht mehr']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown).toEqual([]);
    vi.useRealTimers();
  });

  it('that is none of ours is passed over', async () => {
    tellByPush('app', '');
    for (const payload of [undefined, null, 'hello', {}, { ...chatPush, link: 5 }]) await pushed(payload);
    await happens('push', { data: null });
    await happens('push', {
      data: {
        json: () => {
          throw new SyntaxError('no JSON');
        },
      },
    });
    expect(shown).toEqual([]);
  });
});

describe('a tap', () => {
  it('goes to the page that is open and says where to', async () => {
    tellByPush('app', '');
    const [page, other] = [new Window('/wallet'), new Window('/portal/')];
    windows = [other, page];
    await tapped('', { link: '/go/chat/c', callId: null });
    expect([page.focused, page.told, opened, other.told]).toEqual([1, [{ hearthline: 'open', link: '/go/chat/c', answer: null }], [], []]);
  });

  it('opens a page of its app where there is none', async () => {
    tellByPush('portal', '/portal');
    windows = [new Window('/')];
    await tapped('', { link: '/go/chat/c', callId: null });
    expect(opened).toEqual(['/portal/go/chat/c']);
  });

  it('on “Answer” opens a page, which learns which call when it asks, once, and no other app’s page does', async () => {
    tellByPush('portal', '/portal');
    await tapped('answer');
    expect(opened).toEqual([`/portal${ringPush.link}`]);
    const [page, other] = [new Window('/portal/go/call/x'), new Window('/')];
    const here = { hearthline: 'here' };
    await happens('message', { data: here, source: other });
    await happens('message', { data: { hearthline: 'hurry' }, source: page });
    expect([page.told, other.told]).toEqual([[], []]);
    await happens('message', { data: here, source: page });
    await happens('message', { data: here, source: page });
    expect(page.told).toEqual([{ hearthline: 'open', link: null, answer: callId }]);
  });

  it('beside the buttons answers nothing', async () => {
    tellByPush('app', '');
    await tapped('');
    const page = new Window('/');
    await happens('message', { data: { hearthline: 'here' }, source: page });
    expect([opened, page.told]).toEqual([[ringPush.link], []]);
  });

  it('on “Not now” turns the call down and opens nothing', async () => {
    tellByPush('app', '');
    await tapped('later');
    expect([asked, opened]).toEqual([[`POST /calls/${callId}/decline app`], []]);
  });

  it('on what a page had shown by itself leads home', async () => {
    tellByPush('app', '');
    await tapped('', null);
    expect(opened).toEqual(['/']);
  });
});

it('a subscription that the browser took away is made anew', async () => {
  const key = 'BAKUMOWeahWtZsUZz2RYfpBKVmNfzD4jAWoWMSgW0Zx-LcWNOqWE_Cz8DCVf75yVMqPMrE-gCMb1CA8v3RXPdxs';
  const made: unknown[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    asked.push(`${init.method} ${input}`);
    return Response.json(input.endsWith('/push/config') ? { vapidPublicKey: key } : {});
  });
  const { registration } = self as unknown as ServiceWorkerGlobalScope;
  Object.assign(registration, {
    pushManager: {
      getSubscription: async () => null,
      subscribe: async (options: unknown) => {
        made.push(options);
        return { toJSON: () => ({}) };
      },
    },
  });
  tellByPush('app', '');
  await happens('pushsubscriptionchange', {});
  expect(made).toEqual([{ userVisibleOnly: true, applicationServerKey: key }]);
  expect(asked).toEqual(['GET /api/v1/push/config', 'PUT /api/v1/me/push-devices']);
});
