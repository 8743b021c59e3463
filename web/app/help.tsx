/** Help, at the same place on every screen: short answers, and the way to a person. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/call/icons.tsx';
import { Page } from '../ui/frame.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { PermissionRescue } from '../ui/permission-rescue.tsx';

const questions = ['call', 'cost', 'end', 'unkind'] as const;

export function Help() {
  const { t } = useTranslation();
  return (
    <Page>
      <div className="narrow stack">
        <h1>{t('help.title')}</h1>
        {questions.map((key) => (
          <section key={key} className="sheet stack-tight" aria-label={t(`help.${key}.q`)}>
            <h2>{t(`help.${key}.q`)}</h2>
            <p>{t(`help.${key}.a`)}</p>
          </section>
        ))}
        <section className="sheet stack-tight" aria-label={t('help.heard.q')}>
          <h2>{t('help.heard.q')}</h2>
          <p>{t('help.heard.a')}</p>
          <div>
            <ButtonLink to="/you/check" quiet>
              <Icon name="mic" /> {t('you.check')}
            </ButtonLink>
          </div>
        </section>
        <div className="sheet">
          <PermissionRescue trouble="denied" />
        </div>
        <p className="note warn">{t('help.urgent')}</p>
      </div>
    </Page>
  );
}
