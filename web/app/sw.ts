/**
 * The members' service worker. It keeps the app's shell: its page, scripts, styles and letters. What people say, see or pay
 * never passes through here. The page itself is always asked for first, so that a new version is seen at once; files whose
 * name holds their hash never change and come from the device. Nothing is taken over in the middle of a visit. And it tells
 * of calls and messages while no page looks.
 */
import { tellByPush } from '../client/push/service-worker.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build: what home needs, and a version that follows it. */
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;

const SHELL = `hearthline-${SHELL_VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(['/', ...SHELL_FILES])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith('hearthline-') && name !== SHELL).map((name) => caches.delete(name))),
      ),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/portal')) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await caches.match('/')) ?? Response.error()));
    return;
  }
  if (url.pathname.startsWith('/assets/'))
    event.respondWith(
      caches.match(request).then(
        async (kept) =>
          kept ??
          fetch(request).then((answer) => {
            // Parts that load later are kept as they come.
            if (answer.ok) {
              const copy = answer.clone();
              event.waitUntil(caches.open(SHELL).then((cache) => cache.put(request, copy)));
            }
            return answer;
          }),
      ),
    );
});

tellByPush('app', '');
