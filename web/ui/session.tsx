/** Who is signed in on this page, and everything live that comes with it. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut as signOutEndpoint, type WebApp } from '../../worker/protocol/http/auth.ts';
import { readHealth } from '../../worker/protocol/http/health.ts';
import { type Me, readMe } from '../../worker/protocol/http/me.ts';
import { type Api, createApi } from '../client/api.ts';
import { realClock } from '../client/clock.ts';
import { openDevices } from '../client/devices.ts';
import { Live } from '../client/live.ts';
import { mediaClientFor } from '../client/media/choose.ts';
import { isProblem, NoAnswer } from '../client/problem.ts';
import { browserSockets } from '../client/socket.ts';
import { type Act, Undos } from '../client/undo.ts';
import { Door } from './door.tsx';
import { fetchOrEarly } from './early.ts';
import { ComfortApplied } from './looks.tsx';
import { OfflinePage } from './offline.tsx';
import { ProblemNote, Waiting } from './problem-note.tsx';
import { cssVariables, theme } from './theme.ts';

export interface Session {
  readonly app: WebApp;
  readonly api: Api;
  readonly me: Me;
  readonly live: Live;
  /** What was done and can be taken back for a while. */
  readonly undos: Undos;
  /** True on a developer's desk, where coins come from a play shop. */
  readonly local: boolean;
  readonly signOut: () => Promise<void>;
}

/** Who is signed in already does not load the door. */
const SignIn = lazy(() => import('./sign-in.tsx').then(({ SignIn }) => ({ default: SignIn })));

const UndoNotes = lazy(() => import('./undo-notes.tsx').then(({ UndoNotes }) => ({ default: UndoNotes })));

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this part of the page needs a signed-in person');
  return session;
}

/** Wraps an app: theme, queries, and the door until somebody who belongs here is signed in. */
export interface RootProps {
  readonly app: WebApp;
  readonly serves: readonly Me['role'][];
  /** What stands beside the sign-in, for an app that strangers come to. */
  readonly welcome?: ReactNode;
  readonly children: ReactNode;
}

export function Root({ app, serves, welcome, children }: RootProps) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: retryOnce, staleTime: 15_000 } } }));
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t(`title.${app}`);
  }, [app, t]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Gate app={app} serves={serves} welcome={welcome}>
          {children}
        </Gate>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The server's no is final; silence is worth one more try. */
const retryOnce = (failures: number, error: unknown): boolean => failures < 1 && !isProblem(error);

function Gate({ app, serves, welcome, children }: RootProps) {
  const queries = useQueryClient();
  const api = useMemo(
    () =>
      createApi({
        origin: '',
        app,
        fetch: fetchOrEarly,
        onSignedOut: () => queries.setQueryData(['me'], null),
      }),
    [app, queries],
  );
  const me = useQuery({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        return (await api.call(readMe)).user;
      } catch (thrown) {
        if (isProblem(thrown, 'unauthenticated')) return null;
        throw thrown;
      }
    },
  });
  const health = useQuery({ queryKey: ['health'], staleTime: Number.POSITIVE_INFINITY, queryFn: () => api.call(readHealth) });
  const user = me.data ?? null;
  const live = useLive(api, user);
  const undos = useUndos(api, user?.id ?? null);

  async function signOut(): Promise<void> {
    try {
      await undos?.leave();
      await silence(app);
      await api.call(signOutEndpoint);
    } finally {
      queries.clear();
      queries.setQueryData(['me'], null);
    }
  }

  if (me.isPending)
    return (
      <Door app={app}>
        <Waiting />
      </Door>
    );
  if (me.isError)
    return (
      <Door app={app}>
        {me.error instanceof NoAnswer ? (
          <OfflinePage onRetry={() => void me.refetch()} />
        ) : (
          <ProblemNote error={me.error} onRetry={() => void me.refetch()} />
        )}
      </Door>
    );
  if (!user)
    return (
      <Suspense
        fallback={
          <Door app={app}>
            <Waiting />
          </Door>
        }
      >
        <SignIn app={app} api={api} welcome={welcome} onSignedIn={() => void me.refetch()} />
      </Suspense>
    );
  if (!serves.includes(user.role)) return <WrongDoor app={app} me={user} signOut={signOut} />;
  if (!live || !undos) return null;
  return (
    <SessionContext.Provider value={{ app, api, me: user, live, undos, local: health.data?.environment === 'local', signOut }}>
      <ComfortApplied comfort={user.comfort} />
      {children}
      <Suspense fallback={null}>
        <UndoNotes undos={undos} />
      </Suspense>
    </SessionContext.Provider>
  );
}

/** Nothing is told on this device any more; whatever hinders that, the server forgets the device with its session. */
async function silence(app: WebApp): Promise<void> {
  try {
    const { fallSilent } = await import('../client/push/browser.ts');
    await fallSilent(app);
  } catch {
    // Said above.
  }
}

function useLive(api: Api, user: Me | null): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  const staff = user !== null && user.role !== 'member' && user.role !== 'companion';
  // A changed setting or name is the same person: their sockets and their call go on.
  const latest = useRef(user);
  latest.current = user;
  const id = user?.id ?? null;
  useEffect(() => {
    const me = latest.current;
    if (!me || me.id !== id) {
      setLive(null);
      return;
    }
    const key = `hearthline.seq.${me.id}`;
    const made = new Live({
      api,
      clock: realClock,
      open: browserSockets(location.origin),
      me,
      memory: {
        read: () => Math.max(0, Number(localStorage.getItem(key)) || 0),
        write: (seq) => localStorage.setItem(key, String(seq)),
      },
      devices: openDevices,
      mediaClientFor,
    });
    if (staff) made.hub.close();
    const hurry = (): void => {
      if (document.visibilityState === 'visible') made.hurry();
    };
    addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    setLive(made);
    return () => {
      removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      made.close();
    };
  }, [api, id, staff]);
  return live;
}

function useUndos(api: Api, userId: string | null): Undos | null {
  const queries = useQueryClient();
  const [undos, setUndos] = useState<Undos | null>(null);
  useEffect(() => {
    if (userId === null) {
      setUndos(null);
      return;
    }
    const key = `hearthline.acts.${userId}`;
    const made = new Undos({
      api,
      clock: realClock,
      memory: {
        read: () => JSON.parse(sessionStorage.getItem(key) ?? '[]') as readonly Act[],
        write: (acts) => sessionStorage.setItem(key, JSON.stringify(acts)),
      },
      onChanged: ({ kind }) => {
        if (kind === 'sign_out') void queries.invalidateQueries({ queryKey: ['sessions'] });
        else {
          void queries.invalidateQueries({ queryKey: ['blocks'] });
          void queries.resetQueries({ queryKey: ['gallery'] });
        }
      },
    });
    const leave = (): void => void made.leave();
    addEventListener('pagehide', leave);
    setUndos(made);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [api, userId, queries]);
  return undos;
}

function WrongDoor({ app, me, signOut }: { app: WebApp; me: Me; signOut: () => Promise<void> }) {
  const { t } = useTranslation();
  const words = {
    app: me.role === 'companion' ? t('signIn.wrongApp') : t('signIn.wrongPanel'),
    portal: t('signIn.wrongPortal'),
    panel: t('signIn.wrongPanel'),
  };
  const other =
    app === 'app' && me.role === 'companion'
      ? { href: '/portal/', label: t('signIn.goPortal') }
      : app === 'portal'
        ? { href: '/', label: t('signIn.goApp') }
        : null;
  return (
    <Door app={app}>
      <div className="sheet stack">
        <p role="alert">{app === 'app' && me.role !== 'companion' ? t('problem.forbidden') : words[app]}</p>
        <div className="row">
          {other && <a href={other.href}>{other.label}</a>}
          <button type="button" className="control go" onClick={() => void signOut()}>
            {t('nav.signOut')}
          </button>
        </div>
      </div>
    </Door>
  );
}
