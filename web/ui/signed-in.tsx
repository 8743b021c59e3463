/** What lives as long as one person is signed in on this page: their sockets and call, and what they can take back. */
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Me } from '../../worker/protocol/http/me.ts';
import { browserSockets } from '../client/browser-sockets.ts';
import { realClock } from '../client/clock.ts';
import { openDevices } from '../client/devices.ts';
import { Live } from '../client/live.ts';
import { mediaClientFor } from '../client/media/choose.ts';
import { type Act, Undos } from '../client/undo.ts';
import { ComfortApplied } from './looks.tsx';
import type { Reception } from './reception.ts';
import { SessionContext } from './session.tsx';

const UndoNotes = lazy(() => import('./undo-notes.tsx').then(({ UndoNotes }) => ({ default: UndoNotes })));

interface SignedInProps {
  readonly reception: Reception;
  /** Always the same person; another one is another of these, by its `key`. */
  readonly me: Me;
  /** Signs out, after what has to be done before. */
  readonly onSignOut: (before: () => Promise<void>) => Promise<void>;
  readonly children: ReactNode;
}

export function SignedIn({ reception, me, onSignOut, children }: SignedInProps) {
  const { app, api } = reception;
  const live = useLive(reception, me);
  const undos = useUndos(reception, me);
  useOwnZone(reception, me);
  const signOut = useCallback(() => onSignOut(() => undos.leave()), [undos, onSignOut]);
  const session = useMemo(() => ({ app, api, me, live, undos, signOut }), [app, api, me, live, undos, signOut]);
  return (
    <SessionContext.Provider value={session}>
      <ComfortApplied comfort={me.comfort} />
      {children}
      <Suspense fallback={null}>
        <UndoNotes undos={undos} />
      </Suspense>
    </SessionContext.Provider>
  );
}

/** A changed setting or name is the same person: their sockets and their call go on. */
function useLive({ api }: Reception, me: Me): Live {
  const [live] = useState(() => {
    const key = `hearthline.seq.${me.id}`;
    return new Live({
      api,
      clock: realClock,
      open: browserSockets(location.origin),
      me,
      memory: {
        read: () => Math.max(0, Number(localStorage.getItem(key)) || 0),
        write: (seq) => localStorage.setItem(key, String(seq)),
      },
      attention: () => ({
        visible: document.visibilityState === 'visible',
        notices: typeof Notification !== 'undefined' && Notification.permission === 'granted',
      }),
      devices: openDevices,
      mediaClientFor,
    });
  });
  const talks = me.role === 'member' || me.role === 'companion';
  useEffect(() => {
    // Staff have no hub, and nobody rings them.
    if (!talks) return;
    const hurry = (): void => {
      if (document.visibilityState === 'visible') live.looked();
    };
    addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    live.open();
    return () => {
      removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      live.close();
    };
  }, [live, talks]);
  return live;
}

/** Times are said, and quiet hours kept, by the person's own clock: where nobody knows it yet, by that of their device. */
function useOwnZone({ api, queries }: Reception, me: Me): void {
  const unknown = me.private.timeZone === null && (me.role === 'member' || me.role === 'companion');
  useEffect(() => {
    if (unknown) void import('./own-zone.ts').then(({ tellZone }) => tellZone(api, queries)).catch(() => undefined);
  }, [unknown, api, queries]);
}

function useUndos({ api, queries }: Reception, { id }: Me): Undos {
  const [undos] = useState(() => {
    const key = `hearthline.acts.${id}`;
    return new Undos({
      api,
      clock: realClock,
      memory: {
        read: () => JSON.parse(sessionStorage.getItem(key) ?? '[]') as readonly Act[],
        write: (acts) => sessionStorage.setItem(key, JSON.stringify(acts)),
      },
      onChanged: ({ kind }) => {
        if (kind === 'sign_out') void queries.invalidateQueries({ queryKey: ['sessions'] });
        else if (kind !== 'read_all') {
          void queries.invalidateQueries({ queryKey: ['blocks'] });
          void queries.resetQueries({ queryKey: ['gallery'] });
        }
      },
    });
  });
  useEffect(() => {
    const leave = (): void => void undos.leave();
    addEventListener('pagehide', leave);
    undos.begin();
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [undos]);
  return undos;
}
