import * as z from 'zod/mini';
import { receipt } from './call.ts';

/** Every posting of the call is in; this receipt is final. */
export const receiptSettled = z.object({ type: z.literal('receipt.settled'), receipt });
