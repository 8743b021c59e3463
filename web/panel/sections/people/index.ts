import type { Section } from '../section.ts';

export const people: Section = {
  name: 'people',
  needs: 'people.read',
  letter: 'p',
  pages: [
    { path: '/people', load: () => import('./search.tsx') },
    { path: '/people/$id', load: () => import('./person.tsx') },
  ],
};
