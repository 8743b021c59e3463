import type { Section } from '../section.ts';

export const ledger: Section = {
  name: 'ledger',
  needs: 'ledger.read',
  letter: 'l',
  pages: [{ path: '/ledger', load: () => import('./proof.tsx') }],
};
