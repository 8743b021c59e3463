/** What an open page tells through the device while one looks elsewhere: who calls, and who called in vain. */
import { useEffect } from 'react';
import type { AppLanguage } from '../../../worker/protocol/http/comfort.ts';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { formatLink } from '../../../worker/protocol/links.ts';
import type { PushPayload } from '../../../worker/protocol/push.ts';
import { registerWorker } from '../../client/push/browser.ts';
import { type Notice, noticeFor } from '../../client/push/notice.ts';
import type { Ring } from '../../client/push/ring.ts';
import { sayIn } from '../../client/push/say.ts';
import { locale } from '../i18n.ts';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';

const allowed = (): boolean => typeof Notification !== 'undefined' && Notification.permission === 'granted';

/** The notice of a push has the same tag: whichever comes later takes the place of the other. */
const tagOf = (callId: CallId): string => `call:${callId}`;

/** As a push of that call would show it. */
function noticeOf(callId: CallId, ring: Ring, vibration: boolean): Notice | null {
  const push: Omit<PushPayload, 'id'> = {
    kind: 'call.incoming',
    link: formatLink({ kind: 'call', id: callId }),
    tag: tagOf(callId),
    callId,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
  const say = sayIn(locale() as AppLanguage, navigator.language);
  return noticeFor(push, { now: Date.now(), ring, shown: false, say, vibration });
}

export function Notices() {
  const { app, live, me } = useSession();
  const incoming = useStore(live.incoming);
  const note = useStore(live.note);
  const { vibration } = me.comfort;

  useEffect(() => {
    if (!incoming || !allowed()) return;
    const { call, from } = incoming;
    const notice = noticeOf(call.id, { state: 'ringing', name: from.displayName, media: call.media }, vibration);
    const look = (): void => {
      if (document.visibilityState === 'hidden') void show(app, notice).catch(() => undefined);
      else void take(app, tagOf(call.id)).catch(() => undefined);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      void take(app, tagOf(call.id)).catch(() => undefined);
    };
  }, [app, incoming, vibration]);

  useEffect(() => {
    if (note?.kind !== 'missed' || !allowed() || document.visibilityState !== 'hidden') return;
    const { callId, from } = note;
    void show(app, noticeOf(callId, { state: 'missed', name: from.displayName, callerId: from.id }, vibration)).catch(() => undefined);
    return () => void take(app, tagOf(callId)).catch(() => undefined);
  }, [app, note, vibration]);
  return null;
}

type App = Parameters<typeof registerWorker>[0];
const shown = new Map<string, Notification>();

/** By the service worker where there is one: phones take no other notices. */
async function show(app: App, notice: Notice | null): Promise<void> {
  if (!notice) return;
  const { title, options } = notice;
  const worker = await registerWorker(app);
  if (worker) return worker.showNotification(title, options as NotificationOptions);
  const { body, tag, icon, requireInteraction } = options;
  const made = new Notification(title, { body, tag, icon, requireInteraction });
  made.onclick = () => {
    window.focus();
    made.close();
  };
  shown.set(tag, made);
}

async function take(app: App, tag: string): Promise<void> {
  shown.get(tag)?.close();
  shown.delete(tag);
  const worker = await registerWorker(app);
  for (const notice of (await worker?.getNotifications({ tag })) ?? []) notice.close();
}
