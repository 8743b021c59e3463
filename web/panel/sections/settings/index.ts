import type { Section } from '../section.ts';

export const settings: Section = {
  name: 'settings',
  needs: 'settings.read',
  letter: 's',
  pages: [{ path: '/settings', load: () => import('./settings.tsx') }],
};
