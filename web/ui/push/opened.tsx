/** What a tap on a notice brought somebody here for: a place to go to, a call to answer. */
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import * as z from 'zod/mini';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { registerWorker } from '../../client/push/browser.ts';
import { type PageMessage, workerMessage } from '../../client/push/messages.ts';
import type { AppBase } from '../../client/push/windows.ts';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';

/** @param base where the app's addresses begin */
export function Opened({ base, onAnswered }: { base: AppBase; onAnswered: (callId: CallId) => void }) {
  const { app, live } = useSession();
  const { history } = useRouter();
  const incoming = useStore(live.incoming);
  const [answer, setAnswer] = useState<CallId | null>(null);

  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const hear = ({ data }: MessageEvent): void => {
      const read = z.safeParse(workerMessage, data);
      if (!read.success) return;
      live.hurry();
      if (read.data.hearthline !== 'open') return;
      if (read.data.link !== null) history.push(base + read.data.link);
      setAnswer(read.data.answer);
    };
    navigator.serviceWorker.addEventListener('message', hear);
    navigator.serviceWorker.startMessages();
    // A page that was just opened by a tap asks what for.
    const here: PageMessage = { hearthline: 'here' };
    void registerWorker(app).then(
      (worker) => worker?.active?.postMessage(here),
      () => undefined,
    );
    return () => navigator.serviceWorker.removeEventListener('message', hear);
  }, [app, base, history, live]);

  useEffect(() => {
    if (answer === null || incoming?.call.id !== answer) return;
    setAnswer(null);
    live.answer(incoming).then(
      (talk) => onAnswered(talk.view.get().callId),
      // Over or taken elsewhere meanwhile: the page has said so already.
      () => undefined,
    );
  }, [answer, incoming, live, onAnswered]);
  return null;
}
