import type { Section } from '../section.ts';
import { useDeadPayments } from './dead.ts';

export const payments: Section = {
  name: 'payments',
  needs: 'payments.read',
  letter: 'y',
  useMark: useDeadPayments,
  pages: [
    { path: '/payments', load: () => import('./events.tsx') },
    { path: '/payments/events/$id', load: () => import('./event.tsx') },
    { path: '/payments/paid/$id', load: () => import('./payment.tsx') },
    { path: '/payments/refunds', load: () => import('./refunds.tsx') },
    { path: '/payments/names', load: () => import('./names.tsx') },
    { path: '/payments/days', load: () => import('./days.tsx') },
  ],
};
