/** Somebody is signed in who belongs to another app: which, and the way out. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebApp } from '../../worker/protocol/http/auth.ts';
import type { Me } from '../../worker/protocol/http/me.ts';
import { Door } from './door.tsx';

export function WrongDoor({ app, me, signOut }: { app: WebApp; me: Me; signOut: () => Promise<void> }) {
  const { t } = useTranslation();
  const members = me.role === 'member';
  useEffect(() => {
    // A link leads to everybody's own app.
    if (app === 'app' && me.role === 'companion' && location.pathname.startsWith('/go/')) location.replace(`/portal${location.pathname}`);
    if (app === 'portal' && members && location.pathname.startsWith('/portal/go/'))
      location.replace(location.pathname.slice('/portal'.length));
  }, [app, me.role, members]);
  const words = {
    app: me.role === 'companion' ? t('signIn.wrongApp') : t('signIn.wrongPanel'),
    portal: t('signIn.wrongPortal'),
    panel: t('signIn.wrongPanel'),
  };
  const other =
    app === 'app' && me.role === 'companion'
      ? { href: '/portal/', label: t('signIn.goPortal') }
      : app === 'portal'
        ? { href: '/', label: t('signIn.goApp') }
        : null;
  return (
    <Door app={app}>
      <div className="sheet stack">
        <p role="alert">{app === 'app' && me.role !== 'companion' ? t('problem.forbidden') : words[app]}</p>
        <div className="row">
          {other && <a href={other.href}>{other.label}</a>}
          <button type="button" className="control go" onClick={() => void signOut()}>
            {t('nav.signOut')}
          </button>
        </div>
      </div>
    </Door>
  );
}
