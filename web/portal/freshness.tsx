/** A banner as soon as what stands on the screen may be old, with its age; gone when it is fresh again. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { durationWords, timeWords } from '../ui/format.ts';
import { useSession } from '../ui/session.tsx';
import { useOffline } from '../ui/states.tsx';
import { useNow, useStore } from '../ui/use-store.ts';

/** A socket that opens within this much of the page's beginning needs no banner, ms. */
const PATIENCE_MS = 4_000;

export function Freshness() {
  const { live } = useSession();
  const { t } = useTranslation();
  const offline = useOffline();
  const phase = useStore(live.phase);
  const fresh = !offline && phase.phase === 'open' && !phase.suspect;
  const over = phase.phase === 'closed' && (phase.reason === 'revoked' || phase.reason === 'replaced') ? phase.reason : null;
  const [asOf, setAsOf] = useState(() => Date.now());
  const now = useNow(1_000, !fresh);
  useEffect(() => {
    // Old from the moment it ceased to be fresh.
    if (!fresh) setAsOf(Date.now());
  }, [fresh]);
  if (over)
    return (
      <p className="note warn" role="alert">
        {t(`link.${over}`)}
      </p>
    );
  const age = Math.max(0, now - asOf);
  if (fresh || (!offline && age < PATIENCE_MS)) return null;
  return (
    <div className="note warn" role="status">
      <p className="note-text">
        <strong>{t(offline ? 'desk.stale.offline' : 'desk.stale.lost')}</strong>{' '}
        <span aria-live="off">
          {t('desk.stale.age', { time: timeWords(new Date(asOf).toISOString()), age: durationWords(t, age / 1000) })}
        </span>{' '}
        {t('desk.stale.lead')}
      </p>
    </div>
  );
}
