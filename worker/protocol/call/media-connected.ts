import * as z from 'zod/mini';

/** The sender hears (and sees) the other. The clock starts when both have said so. */
export const mediaConnected = z.strictObject({
  type: z.literal('media.connected'),
  id: z.optional(z.string().check(z.maxLength(64))),
});
