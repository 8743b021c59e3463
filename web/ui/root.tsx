/** The outermost part of every app. */
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut as signOutEndpoint, type WebApp } from '../../worker/protocol/http/auth.ts';
import type { Me } from '../../worker/protocol/http/me.ts';
import { NoAnswer } from '../client/problem.ts';
import { controlled } from './controlled.tsx';
import { Door } from './door.tsx';
import { OfflinePage } from './offline.tsx';
import { ProblemNote, Waiting } from './problem-note.tsx';
import { type Reception, whoIsHere } from './reception.ts';
import { SignedIn } from './signed-in.tsx';
import { WrongDoor } from './wrong-door.tsx';

/** Who is signed in already does not load the door. */
const SignIn = lazy(controlled(() => import('./sign-in.tsx'), 'SignIn'));

/** Wraps an app: theme, queries, and the door until somebody who belongs here is signed in. */
export interface RootProps {
  readonly reception: Reception;
  readonly serves: readonly Me['role'][];
  /** What stands beside the sign-in, for an app that strangers come to. */
  readonly welcome?: ReactNode;
  readonly children: ReactNode;
}

export function Root({ reception, serves, welcome, children }: RootProps) {
  const { app, queries } = reception;
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t(`title.${app}`);
  }, [app, t]);
  return (
    <QueryClientProvider client={queries}>
      <Gate reception={reception} serves={serves} welcome={welcome}>
        {children}
      </Gate>
    </QueryClientProvider>
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

function Gate({ reception, serves, welcome, children }: RootProps) {
  const { app, api, queries } = reception;
  const me = useQuery(whoIsHere(reception));
  const user = me.data ?? null;
  const signOut = useCallback(
    async (before?: () => Promise<void>): Promise<void> => {
      try {
        await before?.();
        await silence(app);
        await api.call(signOutEndpoint);
      } finally {
        // First the door: a query that was cleared away tells nobody who watches it that they are out.
        queries.setQueryData(['me'], null);
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
      }
    },
    [app, api, queries],
  );

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
  return (
    <SignedIn key={user.id} reception={reception} me={user} onSignOut={signOut}>
      {children}
    </SignedIn>
  );
}
