import * as z from 'zod/mini';

/** Hang up. */
export const endCall = z.strictObject({ type: z.literal('end'), id: z.optional(z.string().check(z.maxLength(64))) });
