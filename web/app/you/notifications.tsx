import { useTranslation } from 'react-i18next';
import { ToldSettings } from '../../ui/inbox/told-settings.tsx';
import { SubPage } from './sub-page.tsx';

export function NotificationsPage() {
  const { t } = useTranslation();
  return (
    <SubPage title={t('telling.title')} lead={t('telling.lead')}>
      <ToldSettings />
    </SubPage>
  );
}
