import type { Section } from '../section.ts';

export const calls: Section = {
  name: 'calls',
  needs: 'call.read_any',
  letter: 'c',
  pages: [
    { path: '/calls', load: () => import('./board.tsx') },
    { path: '/calls/$id', load: () => import('./call.tsx') },
  ],
};
