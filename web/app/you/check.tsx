import { useTranslation } from 'react-i18next';
import { DeviceCheck } from '../../ui/device-check.tsx';
import { SubPage } from './sub-page.tsx';

export function CheckPage() {
  const { t } = useTranslation();
  return (
    <SubPage title={t('you.check')} lead={t('first.device.lead')}>
      <div className="sheet">
        <DeviceCheck />
      </div>
    </SubPage>
  );
}
