import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Picture } from './states.tsx';

/** Nothing can be reached: what that means for a call and for the money, and trying again by itself. */
export function OfflinePage({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  // With the page, not after it: a network that is back by then would not be heard of.
  useLayoutEffect(() => {
    const timer = setInterval(onRetry, 15_000);
    addEventListener('online', onRetry);
    return () => {
      clearInterval(timer);
      removeEventListener('online', onRetry);
    };
  }, [onRetry]);
  return (
    <div className="sheet empty" role="alert">
      <Picture name="cut" />
      <h1>{t('offline.title')}</h1>
      <p>{t('offline.lead')}</p>
      <ul className="plain-list">
        <li>{t('offline.check')}</li>
        <li>{t('offline.money')}</li>
      </ul>
      <Button onClick={onRetry}>{t('tryAgain')}</Button>
    </div>
  );
}
