/** How a companion is told of what, and when not. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { ToldSettings } from '../../ui/inbox/told-settings.tsx';
import { ButtonLink } from '../../ui/links.tsx';

export function NotificationsPage() {
  const { t } = useTranslation();
  return (
    <Page>
      <div className="narrow stack">
        <div>
          <ButtonLink to="/me" quiet>
            {t('back')}
          </ButtonLink>
        </div>
        <div className="stack-tight">
          <h1>{t('telling.title')}</h1>
          <p className="soft">{t('telling.lead')}</p>
        </div>
        <ToldSettings />
      </div>
    </Page>
  );
}
