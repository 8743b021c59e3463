/** Home: on the first visit the six steps, in one-tap mode the known faces, else the people who are here. */
import { lazy, Suspense } from 'react';
import { controlled } from '../ui/controlled.tsx';
import { Page } from '../ui/frame.tsx';
import { useSession } from '../ui/session.tsx';
import { Skeleton } from '../ui/states.tsx';
import { People } from './people.tsx';

const Onboarding = lazy(controlled(() => import('./onboarding/onboarding.tsx'), 'Onboarding'));
const OneTap = lazy(controlled(() => import('./one-tap.tsx'), 'OneTap'));

export function Home() {
  const { comfort } = useSession().me;
  const oneTap = comfort.oneTap.on && comfort.oneTap.companions.length > 0;
  if (comfort.onboarding.finished && !oneTap) return <People />;
  return (
    <Suspense
      fallback={
        <Page>
          <Skeleton />
        </Page>
      }
    >
      {comfort.onboarding.finished ? <OneTap /> : <Onboarding />}
    </Suspense>
  );
}
