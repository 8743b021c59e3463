/** The states every screen has besides its own: waiting, empty, offline. (What went wrong: `problem-note.tsx`.) */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** The place of what is on its way, so that nothing jumps when it comes. */
export function Skeleton({ shape = 'lines', count = 3 }: { shape?: 'lines' | 'faces'; count?: number }) {
  const { t } = useTranslation();
  return (
    <div className={`skeleton ${shape}`} role="status">
      <span className="unseen">{t('loading')}</span>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} aria-hidden="true" />
      ))}
    </div>
  );
}

/** Nothing is here yet: what would stand here, and what to do. */
export function Empty({ title, children, picture = 'lamp' }: { title: string; children?: ReactNode; picture?: keyof typeof pictures }) {
  return (
    <div className="sheet empty">
      <Picture name={picture} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** True while the device itself knows of no network. */
export function useOffline(): boolean {
  const [offline, setOffline] = useState(() => !navigator.onLine);
  useEffect(() => {
    const look = (): void => setOffline(!navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return offline;
}

const pictures = {
  /** A lamp that is lit. */
  lamp: (
    <>
      <circle cx="80" cy="62" r="46" className="glow" />
      <path d="M52 66c0-18 12-32 28-32s28 14 28 32z" className="shade" />
      <path d="M80 66v42M58 110h44" className="wire" />
    </>
  ),
  /** A lamp that is off, by night. */
  night: (
    <>
      <path d="M118 26a22 22 0 1 0 16 36a24 24 0 0 1-16-36z" className="moon" />
      <path d="M44 72c0-16 11-28 25-28s25 12 25 28z" className="shade" />
      <path d="M69 72v38M50 112h38" className="wire" />
    </>
  ),
  /** A thread that is cut. */
  cut: (
    <>
      <path d="M12 74c16-22 34-22 48-6M148 74c-16 22-34 22-48 6" className="wire" />
      <path d="M68 50l6 12M92 98l-6-12M84 48l-4 12M76 100l4-12" className="spark" />
    </>
  ),
  /** A cup and a saucer: nothing to do. */
  cup: (
    <>
      <path d="M48 62h56v20a26 26 0 0 1-26 26h-4a26 26 0 0 1-26-26z" className="shade" />
      <path d="M104 68h8a12 12 0 0 1 0 24h-10M40 114h72" className="wire" />
      <path d="M66 50c-4-8 6-10 2-18M86 50c-4-8 6-10 2-18" className="wire thin" />
    </>
  ),
} as const;

export function Picture({ name }: { name: keyof typeof pictures }) {
  return (
    <svg className="picture" viewBox="0 0 160 130" width="160" height="130" aria-hidden="true">
      {pictures[name]}
    </svg>
  );
}
