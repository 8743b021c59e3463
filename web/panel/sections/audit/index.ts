import type { Section } from '../section.ts';

export const audit: Section = {
  name: 'audit',
  needs: 'audit.read',
  letter: 'a',
  pages: [{ path: '/audit', load: () => import('./audit.tsx') }],
};
