import * as z from 'zod/mini';

/** This device has shown the item; what waited for it (push, mail) is not sent. */
export const ack = z.strictObject({ type: z.literal('ack'), id: z.string().check(z.maxLength(64)) });
