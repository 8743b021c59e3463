/** The pages of this section, above each of them. */
import type { ReactNode } from 'react';
import { Parts as PartsOf } from '../../desk/parts.tsx';
import { useWords } from '../../words.ts';
import './payments.css';

const parts = [
  { name: 'events', to: '/payments', needs: 'payments.read' },
  { name: 'refunds', to: '/payments/refunds', needs: 'payments.refund' },
  { name: 'names', to: '/payments/names', needs: 'payments.manage' },
  { name: 'days', to: '/payments/days', needs: 'payments.read' },
] as const;

export function Parts({ part, children }: { part: (typeof parts)[number]['name']; children?: ReactNode }) {
  const { t } = useWords();
  return (
    <PartsOf
      title={t('sections.payments')}
      label={t('payments.parts')}
      parts={parts}
      part={part}
      wordOf={(name) => t(`payments.part.${name}`)}
    >
      {children}
    </PartsOf>
  );
}
