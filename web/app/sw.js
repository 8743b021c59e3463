/**
 * Keeps the shell of the members' app: its page, scripts, styles and letters. What people say, see or pay never passes
 * through here. The page itself is always asked for first, so that a new version is seen at once; files whose name
 * holds their hash never change and come from the device. Nothing is taken over in the middle of a visit.
 */
const SHELL = 'hearthline-__VERSION__';
const files = __FILES__;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(['/', ...files])));
});

addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith('hearthline-') && name !== SHELL).map((name) => caches.delete(name))),
      ),
  );
});

// A notice leads back to the page that is open; it shows what the notice told.
addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    clients
      .matchAll({ type: 'window', includeUncontrolled: true })
      .then((windows) => windows.find(({ url }) => !new URL(url).pathname.startsWith('/portal'))?.focus() ?? clients.openWindow('/')),
  );
});

addEventListener('fetch', (event) => {
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
