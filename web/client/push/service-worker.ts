/**
 * The part of a service worker that tells of calls and messages while no page looks: shows what was pushed, and leads where
 * it says. What to show is decided in `notice.ts`.
 */

import * as z from 'zod/mini';
import type { WebApp } from '../../../worker/protocol/http/auth.ts';
import { declineCall } from '../../../worker/protocol/http/calls.ts';
import { readMe } from '../../../worker/protocol/http/me.ts';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { pushPayload } from '../../../worker/protocol/push.ts';
import { type Api, createApi } from '../api.ts';
import { pageMessage, type WorkerMessage } from './messages.ts';
import { type Manner, type Notice, type NoticeData, noticeFor } from './notice.ts';
import { askForRing } from './ring.ts';
import { sayIn } from './say.ts';
import { subscribeHere } from './subscription.ts';
import { type AppBase, isPageOf } from './windows.ts';

declare const self: ServiceWorkerGlobalScope;

/** ms that a notice stands which only says why another one went. */
const PASSING_MS = 5_000;
/** ms that a page may take to open, and still answer what was tapped. */
const OPENING_MS = 120_000;

/** To be called while the service worker starts. */
export function tellByPush(app: WebApp, base: AppBase): void {
  const api = createApi({ origin: '', app, fetch: (...ask) => fetch(...ask), onSignedOut: () => undefined });
  /** The call that a page, once it is there, is to answer. */
  let answering: { readonly callId: CallId; readonly until: number } | null = null;

  async function push(data: PushMessageData | null): Promise<void> {
    const read = z.safeParse(pushPayload, jsonOf(data));
    if (!read.success) return;
    const pages = await pagesOf(base);
    const looking = pages.filter(({ visibilityState }) => visibilityState === 'visible');
    // Who looks is told by the page; that it did not say so means that its line is broken.
    for (const page of looking) tell(page, { hearthline: 'hurry' });
    const { callId, tag, title } = read.data;
    const shown = await self.registration.getNotifications({ tag });
    if (looking.length > 0) {
      for (const notice of shown) notice.close();
      return;
    }
    // What brings its words with it needs no question.
    const asks = title === undefined && callId !== undefined;
    const [ring, manner] = asks ? await Promise.all([askForRing(api, callId), mannerOf(api)]) : [null, plainly()];
    const notice = noticeFor(read.data, { now: Date.now(), ring, shown: shown.length > 0, ...manner });
    if (notice) await show(notice);
    else for (const old of shown) old.close();
  }

  async function tapped(action: string, { link, callId }: NoticeData): Promise<void> {
    if (action === 'later' && callId !== null) {
      // Over already, or answered elsewhere: then there is nothing left to turn down.
      await api.call(declineCall, { params: { id: callId as CallId } }).catch(() => undefined);
      return;
    }
    const answer = action === 'answer' && callId !== null ? (callId as CallId) : null;
    answering = answer === null ? null : { callId: answer, until: Date.now() + OPENING_MS };
    const [page] = await pagesOf(base);
    const focused = await page?.focus().catch(() => undefined);
    if (focused) tell(focused, { hearthline: 'open', link: answer === null ? link : null, answer });
    else await self.clients.openWindow(base + link);
  }

  self.addEventListener('push', (event) => event.waitUntil(push(event.data)));
  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(tapped(event.action, dataOf(event.notification)));
  });
  self.addEventListener('pushsubscriptionchange', (event) =>
    // Without a network it is done by the next visit.
    event.waitUntil(subscribeHere(self.registration.pushManager, api).catch(() => undefined)),
  );
  self.addEventListener('message', (event) => {
    if (!z.safeParse(pageMessage, event.data).success || !(event.source instanceof WindowClient)) return;
    if (answering === null || answering.until < Date.now() || !isPageOf(base, event.source.url)) return;
    tell(event.source, { hearthline: 'open', link: null, answer: answering.callId });
    answering = null;
  });
}

const tell = (page: WindowClient, message: WorkerMessage): void => page.postMessage(message);

const pagesOf = async (base: AppBase): Promise<WindowClient[]> =>
  (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ url }) => isPageOf(base, url));

async function show({ title, options, passing }: Notice): Promise<void> {
  await self.registration.showNotification(title, options as NotificationOptions);
  if (!passing) return;
  // Not waited for: browsers ask that something is seen when a push is done with. If they end the worker first, it stays.
  setTimeout(() => {
    void self.registration.getNotifications({ tag: options.tag }).then((shown) => {
      for (const notice of shown) if (notice.title === title) notice.close();
    });
  }, PASSING_MS);
}

/** A notice that a page has shown leads to that page. */
function dataOf({ data }: Notification): NoticeData {
  const { link, callId } = (data ?? {}) as Partial<NoticeData>;
  return { link: typeof link === 'string' ? link : '/', callId: typeof callId === 'string' ? callId : null };
}

const plainly = (): Manner => ({ say: sayIn(null, navigator.language), vibration: true });

async function mannerOf(api: Api): Promise<Manner> {
  try {
    const { language, vibration } = (await api.call(readMe)).user.comfort;
    return { say: sayIn(language, navigator.language), vibration };
  } catch {
    return plainly();
  }
}

function jsonOf(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}
