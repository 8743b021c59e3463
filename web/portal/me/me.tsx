/** One's own: how members see one, photos, how the desk behaves, blocked people, devices. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { Blocked } from './blocked.tsx';
import { DeskComfort } from './desk-comfort.tsx';
import { Devices } from './devices.tsx';
import { Photos } from './photos.tsx';
import { Profile } from './profile.tsx';

export function MePage() {
  const { t } = useTranslation();
  return (
    <Page>
      <div className="stack">
        <h1>{t('desk.nav.me')}</h1>
        <Profile />
        <Photos />
        <div className="two">
          <DeskComfort />
          <div className="stack">
            <Blocked />
            <Devices />
          </div>
        </div>
      </div>
    </Page>
  );
}
