/** The pages of this section, above each of them. */
import type { ReactNode } from 'react';
import { Parts as PartsOf } from '../../desk/parts.tsx';
import { useWords } from '../../words.ts';
import './shop.css';

const parts = [
  { name: 'products', to: '/shop', needs: 'catalogue.manage' },
  { name: 'plans', to: '/shop/plans', needs: 'catalogue.manage' },
  { name: 'paywalls', to: '/shop/paywalls', needs: 'catalogue.manage' },
] as const;

export function Parts({ part, children }: { part: (typeof parts)[number]['name']; children?: ReactNode }) {
  const { t } = useWords();
  return (
    <PartsOf title={t('sections.shop')} label={t('shop.parts')} parts={parts} part={part} wordOf={(name) => t(`shop.part.${name}`)}>
      {children}
    </PartsOf>
  );
}
