import type { Section } from '../section.ts';
import { useFailingJobs } from './failing.ts';

export const timetable: Section = {
  name: 'timetable',
  needs: 'timetable.read',
  letter: 'j',
  useMark: useFailingJobs,
  pages: [
    { path: '/jobs', load: () => import('./timetable.tsx') },
    { path: '/jobs/$id', load: () => import('./job.tsx') },
  ],
};
