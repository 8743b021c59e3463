/** What the open app tells through the device while one looks elsewhere: who calls, and who called in vain. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';

/** The notice of a kind is replaced by the next of it. */
type Kind = 'ring' | 'missed';

const allowed = (): boolean => typeof Notification !== 'undefined' && Notification.permission === 'granted';

/** By the service worker where there is one: phones take no other notices. */
async function show(kind: Kind, title: string, body: string): Promise<void> {
  const options = { body, tag: kind, icon: '/icons/192.png', requireInteraction: kind === 'ring' };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) return worker.showNotification(title, options);
  const notice = new Notification(title, options);
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
  shown.set(kind, notice);
}

const shown = new Map<Kind, Notification>();

async function take(kind: Kind): Promise<void> {
  shown.get(kind)?.close();
  shown.delete(kind);
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const notice of (await worker?.getNotifications({ tag: kind })) ?? []) notice.close();
}

export function Notices() {
  const { live } = useSession();
  const { t } = useTranslation();
  const incoming = useStore(live.incoming);
  const note = useStore(live.note);

  useEffect(() => {
    if (!incoming || !allowed()) return;
    const name = incoming.from.displayName;
    const look = (): void => {
      if (document.visibilityState === 'hidden') void show('ring', t('ring.title', { name }), t('notices.ringBody')).catch(() => undefined);
      else void take('ring').catch(() => undefined);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      void take('ring').catch(() => undefined);
    };
  }, [incoming, t]);

  useEffect(() => {
    if (note?.kind !== 'missed' || !allowed() || document.visibilityState !== 'hidden') return;
    void show('missed', t('ring.missed', { name: note.from.displayName }), t('notices.missedBody')).catch(() => undefined);
    return () => void take('missed').catch(() => undefined);
  }, [note, t]);
  return null;
}
