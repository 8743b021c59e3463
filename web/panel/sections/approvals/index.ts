import type { Section } from '../section.ts';

export const approvals: Section = {
  name: 'approvals',
  needs: 'ledger.approve',
  letter: 'w',
  pages: [{ path: '/approvals', load: () => import('./approvals.tsx') }],
};
