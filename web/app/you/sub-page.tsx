import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';

/** A page below “You”: its title, and the way back at the same place on each. */
export function SubPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Page>
      <div className="narrow stack">
        <div className="back-line">
          <ButtonLink to="/you" quiet>
            {t('back')}
          </ButtonLink>
        </div>
        <div className="stack-tight">
          <h1>{title}</h1>
          {lead !== undefined && <p className="soft">{lead}</p>}
        </div>
        {children}
      </div>
    </Page>
  );
}
