/** The service worker of an app, and what `PushHere` asks of a real browser. */
import type { WebApp } from '../../../worker/protocol/http/auth.ts';
import type { PushBrowser } from './here.ts';

const workers: Readonly<Record<WebApp, { script: string; scope: string } | null>> = {
  app: { script: '/sw.js', scope: '/' },
  portal: { script: '/portal/sw.js', scope: '/portal/' },
  panel: null,
};

/** Null where there is none: while the app is worked on, in a browser that knows none, on the panel. */
export async function registerWorker(app: WebApp): Promise<ServiceWorkerRegistration | null> {
  const worker = workers[app];
  if (!import.meta.env.PROD || !worker || !('serviceWorker' in navigator)) return null;
  return navigator.serviceWorker.register(worker.script, { scope: worker.scope });
}

/** ms that leaving may take: the browser tells its push service, wherever that is. */
const LEAVING_MS = 2_000;

/** At sign-out: what is on the screen goes, and nothing comes any more. */
export async function fallSilent(app: WebApp): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration(workers[app]?.scope);
  for (const notice of (await registration?.getNotifications()) ?? []) notice.close();
  const subscription = await registration?.pushManager?.getSubscription();
  if (subscription) await Promise.race([subscription.unsubscribe(), new Promise((done) => setTimeout(done, LEAVING_MS))]);
}

export function browserPush(app: WebApp): PushBrowser {
  const key = `hearthline.push.${app}`;
  return {
    async manager() {
      if (typeof Notification === 'undefined') return null;
      const registration = await registerWorker(app);
      if (!registration || !('pushManager' in registration)) return null;
      // Subscribing needs a worker that has taken up its work.
      await activeOf(registration);
      return registration.pushManager;
    },
    mustBeInstalled: isIos() && !isInstalled(),
    permission: () => Notification.permission,
    ask: () => Notification.requestPermission(),
    memory: {
      read: () => (localStorage.getItem(key) === 'off' ? 'off' : null),
      write: (choice) => (choice === null ? localStorage.removeItem(key) : localStorage.setItem(key, choice)),
    },
  };
}

/** Tablets of theirs call themselves computers; no computer of theirs has several points to touch. */
const isIos = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

const isInstalled = (): boolean => matchMedia('(display-mode: standalone)').matches;

async function activeOf({ active, installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const coming = active ?? waiting ?? installing;
  if (!coming || coming.state === 'activated') return;
  await new Promise<void>((done) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated' || coming.state === 'redundant') done();
    });
  });
}
