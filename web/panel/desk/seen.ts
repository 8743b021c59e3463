/** For what two people may change: what the editor saw goes with the change, and where somebody was quicker, nothing is overwritten. */
import { useState } from 'react';
import { isProblem } from '../../client/problem.ts';

interface Seen<T> {
  /** What the change is made from. */
  readonly seen: T;
  /** How it stands now, where somebody changed it since; what is saved next is saved over that. */
  readonly meanwhile: T | null;
  /** @param write with the `changedAt` that the editor has seen */
  readonly save: (write: (seenChangedAt: string) => Promise<void>) => Promise<void>;
}

/**
 * @param now as it was read last
 * @param renew reads it again
 */
export function useSeen<T extends { readonly changedAt: string }>(now: T, renew: () => Promise<unknown>): Seen<T> {
  const [seen, setSeen] = useState(now);
  const [crossed, setCrossed] = useState(false);
  const meanwhile = crossed && now.changedAt !== seen.changedAt ? now : null;
  return {
    seen,
    meanwhile,
    save: async (write) => {
      try {
        await write((meanwhile ?? seen).changedAt);
      } catch (thrown) {
        if (isProblem(thrown, 'version_conflict')) {
          if (meanwhile) setSeen(meanwhile);
          setCrossed(true);
          await renew();
        }
        throw thrown;
      }
    },
  };
}
