/** The ledger's scheduled work. */
import type { Job } from '../../platform/jobs.ts';
import { finishLeftOpen } from './adjustments.ts';
import { drainOutboxes } from './outbox.ts';
import { proveFurther } from './proof.ts';
import { sealWhatIsDue } from './seals.ts';

export const jobs: readonly Job[] = [
  { name: 'balance.drain_outboxes', everyMinutes: 1, overlaps: true, run: async (ctx) => void (await drainOutboxes(ctx)) },
  { name: 'balance.finish_adjustments', everyMinutes: 1, run: finishLeftOpen },
  { name: 'balance.prove', everyMinutes: 5, run: (ctx) => proveFurther(ctx) },
  { name: 'balance.seal', everyMinutes: 10, run: sealWhatIsDue },
];
