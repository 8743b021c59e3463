/** The pages of this section, above each of them. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../../../ui/session.tsx';
import { useWords } from '../../words.ts';
import './notices.css';

const parts = [
  { name: 'words', to: '/notices', needs: 'template.read' },
  { name: 'deliveries', to: '/notices/deliveries', needs: 'notification.read' },
  { name: 'dead', to: '/notices/dead', needs: 'notification.read' },
] as const;

export function Parts({ part, children }: { part: (typeof parts)[number]['name']; children?: ReactNode }) {
  const { me } = useSession();
  const { t } = useWords();
  return (
    <>
      <div className="head">
        <h1>{t('sections.notices')}</h1>
        {children}
      </div>
      <nav className="parts" aria-label={t('notices.parts')}>
        {parts
          .filter(({ needs }) => me.permissions.includes(needs))
          .map(({ name, to }) => (
            <Link key={name} to={to} aria-current={name === part ? 'page' : undefined} activeOptions={{ exact: true }} activeProps={{}}>
              {t(`notices.part.${name}`)}
            </Link>
          ))}
      </nav>
    </>
  );
}
