import * as z from 'zod/mini';

/** Media could not be set up, or broke and did not come back. */
export const mediaFailed = z.strictObject({
  type: z.literal('media.failed'),
  id: z.optional(z.string().check(z.maxLength(64))),
  provider: z.string().check(z.maxLength(40)),
  reason: z.string().check(z.maxLength(500)),
});
