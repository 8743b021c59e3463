/** Bugs in a person's hub: locks and the sequence. */
import { realRules } from '../rules.ts';
import { type Mutant, ruling } from './plant.ts';

export const hubMutants: readonly Mutant[] = [
  ruling('gives every lock to everybody', { decideLock: () => ({ is: 'free' }) }),
  ruling('frees locks of running calls', { freesLock: () => true }),
  ruling('forgets which calls gave their lock up', { decideLock: (held, wanted) => realRules.decideLock(held, wanted, false) }),
  ruling('sends nothing to who comes back', { planResume: (_last, kept) => ({ after: kept.newest, gapFrom: null }) }),
  ruling('skips an item for who comes back', {
    planResume: (last, kept) => ({ ...realRules.planResume(last, kept), after: Math.min(kept.newest, last + 1) }),
  }),
  ruling('announces calls that are over', { rings: () => true }),
];
