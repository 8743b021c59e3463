/** What travels on the queues, validated on arrival like any other input. */
import * as z from 'zod/mini';
import { idOf } from '../ids.ts';

/** A one-time code on its way by mail or SMS. `id` makes a repeated delivery recognisable. */
export const otpMessage = z.object({
  kind: z.literal('otp'),
  id: idOf('ntf'),
  channel: z.enum(['email', 'sms']),
  to: z.string(),
  code: z.string(),
  /** When the code stops working, ms since the epoch; a message older than that is dropped. */
  expiresAt: z.int(),
});

/** Queue `notifications`. */
export const notificationMessage = z.discriminatedUnion('kind', [otpMessage]);
export type NotificationMessage = z.infer<typeof notificationMessage>;
