import * as z from 'zod/mini';
import { unit } from '../money.ts';
import { timestamp } from '../time.ts';
import { billingParty, paidBy } from './call.ts';

/** A checkpoint was posted. Each party hears only of its own. */
export const billingCheckpoint = z.object({
  type: z.literal('billing.checkpoint'),
  party: billingParty,
  n: z.int(),
  atSeconds: z.int(),
  unit,
  amount: z.int(),
  paidBy,
  /** The reader's balance after it; null while the posting is on its way to the reader's ledger shard. */
  balance: z.nullable(z.int()),
  /** How long the payer's balance carries from here; null for the payee, or without end. */
  secondsLeft: z.nullable(z.int()),
  nextAt: z.nullable(timestamp),
});
