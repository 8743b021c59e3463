/** Asks the browser, from a tap, whether it may tell of calls while one looks elsewhere. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export type Permission = 'unknown' | 'granted' | 'denied';

const permissionNow = (): Permission => {
  if (typeof Notification === 'undefined') return 'denied';
  return Notification.permission === 'default' ? 'unknown' : Notification.permission;
};

export function AllowNotices() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState(permissionNow);
  return (
    <>
      <p>{t('notices.why')}</p>
      {permission === 'granted' && <p role="status">{t('notices.allowed')}</p>}
      {permission === 'denied' && <p role="status">{t('notices.denied')}</p>}
      {permission === 'unknown' && (
        <div>
          <Button variant="default" onClick={() => void Notification.requestPermission().then(() => setPermission(permissionNow()))}>
            {t('notices.allow')}
          </Button>
        </div>
      )}
    </>
  );
}
