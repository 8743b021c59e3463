import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebApp } from '../../worker/protocol/http/auth.ts';
import { Lamp } from './lamp.tsx';

/** The frame of every screen before somebody is signed in. */
export function Door({ app, aside, children }: { app: WebApp; aside?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className={aside ? 'door wide' : 'door'}>
      {aside}
      <div className="door-in stack">
        <p className="brand">
          <Lamp />
          {t('brand')} <span className="brand-where">{t(`where.${app}`)}</span>
        </p>
        {children}
      </div>
    </main>
  );
}
