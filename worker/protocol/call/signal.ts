import * as z from 'zod/mini';
import { callParty } from './call.ts';

/** Session descriptions and ICE candidates. The server passes them on and reads nothing but their size. */
export const signalUp = z.strictObject({
  type: z.literal('signal'),
  id: z.optional(z.string().check(z.maxLength(64))),
  data: z.record(z.string(), z.unknown()),
});

export const signalDown = z.object({
  type: z.literal('signal'),
  from: callParty,
  data: z.record(z.string(), z.unknown()),
});
