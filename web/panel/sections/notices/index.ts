import type { Section } from '../section.ts';

export const notices: Section = {
  name: 'notices',
  needs: 'template.read',
  letter: 'n',
  pages: [
    { path: '/notices', load: () => import('./list.tsx') },
    { path: '/notices/words/$id', load: () => import('./version.tsx') },
    { path: '/notices/words/$id/edit', load: () => import('./editor.tsx') },
    { path: '/notices/deliveries', load: () => import('./deliveries.tsx') },
    { path: '/notices/dead', load: () => import('./dead.tsx') },
  ],
};
