/** Ringing somebody from any screen: one wish, one call, whatever the network does. */
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { newKey } from '../client/api.ts';
import { NoAnswer } from '../client/problem.ts';
import { useSession } from '../ui/session.tsx';

interface Wish {
  readonly to: UserId;
  readonly media: CallMedia;
  readonly key: string;
}

export function usePlaceCall() {
  const { live } = useSession();
  const go = useNavigate();
  const [busy, setBusy] = useState<{ to: UserId; media: CallMedia } | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** The same wish keeps its key while no answer came, so that trying again never rings twice. */
  const wish = useRef<Wish | null>(null);

  async function place(to: UserId, media: CallMedia): Promise<void> {
    setBusy({ to, media });
    setError(null);
    if (wish.current?.to !== to || wish.current.media !== media) wish.current = { to, media, key: newKey() };
    try {
      const talk = await live.place(to, media, wish.current.key);
      wish.current = null;
      void go({ to: '/call/$id', params: { id: talk.view.get().callId } });
    } catch (thrown) {
      if (!(thrown instanceof NoAnswer)) wish.current = null;
      setError(thrown);
      setBusy(null);
    }
  }
  return { place, busy, error, forget: () => setError(null) };
}
