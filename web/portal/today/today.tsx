/** The companion's day on one screen: at work or not, the numbers, who is here, the last calls. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { useSession } from '../../ui/session.tsx';
import { CallList } from '../calls/call-list.tsx';
import { Online } from './online.tsx';
import { DayNumbers, Work } from './work.tsx';

export function Today() {
  const { live } = useSession();
  const { t } = useTranslation();
  return (
    <Page>
      <div className="stack">
        <h1>{t('work.title', { name: live.me.public.displayName })}</h1>
        <DayNumbers />
        <Work />
        <div className="two">
          <section className="sheet stack-tight" aria-label={t('work.recent')}>
            <h2>{t('work.recent')}</h2>
            <CallList limit={6} />
          </section>
          <Online />
        </div>
      </div>
    </Page>
  );
}
