/** The page of one call at the desk: taken back after a reload, then the console, then the slip and the wrap-up. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { CallId } from '../../../worker/protocol/ids.ts';
import type { Talk } from '../../client/call/talk.ts';
import { usePeer } from '../../ui/call/call-page.tsx';
import { isShutOut, ShutOut } from '../../ui/call/shut-out.tsx';
import { Page } from '../../ui/frame.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { Slip } from '../calls/slip.tsx';
import { Console } from './console.tsx';

export function DeskCall({ callId }: { callId: CallId }) {
  const { live } = useSession();
  const talk = useStore(live.talk);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const asked = useRef<string | null>(null);
  const mine = talk?.view.get().callId === callId ? talk : null;

  useEffect(() => {
    const ask = `${callId} ${attempt}`;
    if (live.talk.get()?.view.get().callId === callId || asked.current === ask) return;
    asked.current = ask;
    setError(null);
    live.rejoin(callId).then(
      (found) => setOver(found === null),
      (thrown) => setError(thrown),
    );
  }, [live, callId, attempt]);

  if (mine) return <LiveCall key={callId} talk={mine} />;
  return (
    <Page>
      {error !== null ? (
        <ProblemNote error={error} onRetry={() => setAttempt(attempt + 1)} />
      ) : over ? (
        <Slip callId={callId} fresh />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

function LiveCall({ talk }: { talk: Talk }) {
  const view = useStore(talk.view);
  const go = useNavigate();
  const peer = usePeer(view.peerId);
  if (view.ended)
    return (
      <Page>
        <Slip callId={view.callId} fresh ended={view.ended} onSkip={() => void go({ to: '/' })} />
      </Page>
    );
  if (isShutOut(view)) return <ShutOut view={view} size="md" />;
  return <Console talk={talk} view={view} peer={peer} />;
}
