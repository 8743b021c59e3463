/** One-tap mode, as agreed: calls from the chosen companions answer themselves, after a few rings that can be stopped. */
import { useEffect } from 'react';
import type { CallId } from '../../worker/protocol/ids.ts';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';

/** Time to say “not now” before it answers, ms. */
const PAUSE_MS = 6_000;

export function AutoAnswer({ onAnswered }: { onAnswered: (callId: CallId) => void }) {
  const { live, me } = useSession();
  const incoming = useStore(live.incoming);
  const talk = useStore(live.talk);
  const { on, autoAnswer, consentedAt, companions } = me.comfort.oneTap;
  const known = incoming !== null && companions.includes(incoming.from.id);
  const applies = on && autoAnswer && consentedAt !== null && known && (talk === null || talk.view.get().ended !== null);
  useEffect(() => {
    if (!applies || !incoming) return;
    const timer = setTimeout(() => {
      live.answer(incoming).then(
        (answered) => onAnswered(answered.view.get().callId),
        () => undefined,
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
    // A new ring is a new wait; the same ring is not begun again by other news.
  }, [applies, incoming, live, onAnswered]);
  return null;
}
