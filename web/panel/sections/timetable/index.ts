import type { Section } from '../section.ts';

export const timetable: Section = {
  name: 'timetable',
  needs: 'timetable.read',
  letter: 'j',
  pages: [
    { path: '/jobs', load: () => import('./timetable.tsx') },
    { path: '/jobs/$id', load: () => import('./job.tsx') },
  ],
};
