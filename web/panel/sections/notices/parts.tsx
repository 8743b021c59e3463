/** The pages of this section, above each of them. */
import type { ReactNode } from 'react';
import { Parts as PartsOf } from '../../desk/parts.tsx';
import { useWords } from '../../words.ts';
import './notices.css';

const parts = [
  { name: 'words', to: '/notices', needs: 'template.read' },
  { name: 'deliveries', to: '/notices/deliveries', needs: 'notification.read' },
  { name: 'dead', to: '/notices/dead', needs: 'notification.read' },
] as const;

export function Parts({ part, children }: { part: (typeof parts)[number]['name']; children?: ReactNode }) {
  const { t } = useWords();
  return (
    <PartsOf
      title={t('sections.notices')}
      label={t('notices.parts')}
      parts={parts}
      part={part}
      wordOf={(name) => t(`notices.part.${name}`)}
    >
      {children}
    </PartsOf>
  );
}
