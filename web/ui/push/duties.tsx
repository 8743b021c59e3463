/** What every page of an app does for being told: renews the subscription, tells through the device, follows a tap. */
import { useEffect } from 'react';
import type { CallId } from '../../../worker/protocol/ids.ts';
import type { AppBase } from '../../client/push/windows.ts';
import { useSession } from '../session.tsx';
import { pushHere } from './here.ts';
import { Notices } from './notices.tsx';
import { Opened } from './opened.tsx';

export function PushDuties({ base, onAnswered }: { base: AppBase; onAnswered: (callId: CallId) => void }) {
  const session = useSession();
  useEffect(() => void pushHere(session), [session]);
  return (
    <>
      <Notices />
      <Opened base={base} onAnswered={onAnswered} />
    </>
  );
}
