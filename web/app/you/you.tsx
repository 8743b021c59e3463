/** Everything about oneself, one page each. */
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/call/icons.tsx';
import { Page } from '../../ui/frame.tsx';
import { LineLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { useSession } from '../../ui/session.tsx';

const places: readonly (readonly [
  string,
  'profile' | 'notifications' | 'comfort' | 'oneTap' | 'check' | 'blocked' | 'devices',
  IconName,
])[] = [
  ['/you/profile', 'profile', 'me'],
  ['/you/notifications', 'notifications', 'bell'],
  ['/you/comfort', 'comfort', 'text'],
  ['/you/one-tap', 'oneTap', 'heart'],
  ['/you/check', 'check', 'mic'],
  ['/you/blocked', 'blocked', 'shield'],
  ['/you/devices', 'devices', 'device'],
];

export function You() {
  const { t } = useTranslation();
  const { me, signOut } = useSession();
  return (
    <Page>
      <div className="narrow stack">
        <div className="row">
          <Portrait name="" seed={me.public.portrait ?? me.public.displayName} size={88} />
          <h1>{me.public.displayName}</h1>
        </div>
        <ul className="sheet rows">
          {places.map(([to, key, icon]) => (
            <li key={to}>
              <LineLink to={to} params={{}}>
                <Icon name={icon} />
                <span className="grow">
                  <strong>{t(`you.${key}`)}</strong>
                  <br />
                  <span className="soft">{t(`you.${key}Lead`)}</span>
                </span>
                <Icon name="go" />
              </LineLink>
            </li>
          ))}
        </ul>
        <div>
          <Button variant="default" leftSection={<Icon name="out" />} onClick={() => void signOut()}>
            {t('nav.signOut')}
          </Button>
        </div>
      </div>
    </Page>
  );
}
