import * as z from 'zod/mini';
import { callParty } from './call.ts';

/** The named party's socket is there, or is not. */
export const peer = z.object({ type: z.literal('peer'), party: callParty, present: z.boolean() });
