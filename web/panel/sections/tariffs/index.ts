import type { Section } from '../section.ts';

export const tariffs: Section = {
  name: 'tariffs',
  needs: 'tariff.read',
  letter: 't',
  pages: [
    { path: '/tariffs', load: () => import('./list.tsx') },
    { path: '/tariffs/new', load: () => import('./editor.tsx') },
    { path: '/tariffs/$id', load: () => import('./version.tsx') },
  ],
};
