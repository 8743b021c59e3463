/** Shows the desk where this tab has it; where another has it, says so and offers to take it. */
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Door } from '../ui/door.tsx';
import { Picture } from '../ui/states.tsx';
import { useStore } from '../ui/use-store.ts';
import { type Locks, OneDesk } from './one-desk.ts';

const browserLocks = (): Locks | null => (navigator.locks as Locks | undefined) ?? null;

export function OneDeskGate({ children }: { children: ReactNode }) {
  const [desk, setDesk] = useState<OneDesk | null>(null);
  useEffect(() => {
    const made = new OneDesk(browserLocks());
    made.begin();
    setDesk(made);
    return () => made.close();
  }, []);
  return desk && <Place desk={desk}>{children}</Place>;
}

function Place({ desk, children }: { desk: OneDesk; children: ReactNode }) {
  const place = useStore(desk.place);
  const { t } = useTranslation();
  useEffect(() => {
    if (place === 'elsewhere') document.title = t('desk.elsewhere.tab');
  }, [place, t]);
  if (place === 'asking') return null;
  if (place === 'here') return children;
  return (
    <Door app="portal">
      <div className="sheet empty stack">
        <Picture name="lamp" />
        <h1>{t('desk.elsewhere.title')}</h1>
        <p>{t('desk.elsewhere.lead')}</p>
        <Button onClick={() => desk.take()}>{t('desk.elsewhere.take')}</Button>
      </div>
    </Door>
  );
}
