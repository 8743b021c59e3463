import * as z from 'zod/mini';

/** To the payer, 60 s and 15 s before the balance runs out, and again with a larger number after a top-up. */
export const billingLow = z.object({ type: z.literal('billing.low'), secondsLeft: z.int() });
