import { useTranslation } from 'react-i18next';
import { ComfortFields } from '../comfort-fields.tsx';
import { SubPage } from './sub-page.tsx';

export function ComfortPage() {
  const { t } = useTranslation();
  return (
    <SubPage title={t('you.comfort')} lead={t('comfort.lead')}>
      <div className="sheet">
        <ComfortFields />
      </div>
    </SubPage>
  );
}
