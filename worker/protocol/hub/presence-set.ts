import * as z from 'zod/mini';

/** The person is at the device, or has stepped away. Everything else about presence is derived. */
export const presenceSet = z.strictObject({
  type: z.literal('presence.set'),
  id: z.optional(z.string().check(z.maxLength(64))),
  presence: z.enum(['online', 'away']),
});
