/** One's own: how members see one, photos, how the desk behaves, blocked people, devices, and whether this one tells of calls. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Blocked } from './blocked.tsx';
import { DeskComfort } from './desk-comfort.tsx';
import { Devices } from './devices.tsx';
import { Photos } from './photos.tsx';
import { Profile } from './profile.tsx';

/** Its words come with it. */
const TellSection = lazy(() => import('../../ui/push/tell-here.tsx').then(({ TellSection }) => ({ default: TellSection })));

export function MePage() {
  const { t } = useTranslation();
  return (
    <Page>
      <div className="stack">
        <div className="row apart">
          <h1>{t('desk.nav.me')}</h1>
          <ButtonLink to="/me/notifications" quiet>
            {t('desk.me.told')}
          </ButtonLink>
        </div>
        <Profile />
        <Photos />
        <div className="two">
          <DeskComfort />
          <div className="stack">
            <Blocked />
            <Devices />
            <Suspense fallback={null}>
              <TellSection />
            </Suspense>
          </div>
        </div>
      </div>
    </Page>
  );
}
