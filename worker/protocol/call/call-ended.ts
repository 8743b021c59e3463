import * as z from 'zod/mini';
import { endReason, receipt } from './call.ts';

/** The last word of a call; if its receipt is not settled, `receipt.settled` follows. */
export const callEnded = z.object({ type: z.literal('call.ended'), reason: endReason, receipt });
