/** What travels on the queues, validated on arrival like any other input. */
import * as z from 'zod/mini';
import { appLanguage } from '../http/comfort.ts';
import { callId, idOf, userId } from '../ids.ts';
import { notificationKind, rung } from '../notification.ts';

/** Queue `webhooks`: a delivery of a source of payments is kept, and to be taken up. */
export const paymentMessage = z.object({ kind: z.literal('payment'), id: idOf('pev') });
/** The same queue: somebody has few coins left, and has them bought by themselves. */
export const topUpMessage = z.object({ kind: z.literal('top_up'), userId });
export type PaymentMessage = z.infer<typeof paymentMessage> | z.infer<typeof topUpMessage>;

/** A one-time code on its way by mail or SMS. `id` makes a repeated delivery recognisable. */
export const otpMessage = z.object({
  kind: z.literal('otp'),
  id: idOf('ntf'),
  channel: z.enum(['email', 'sms']),
  to: z.string(),
  /** What the browser asked for in; who has an account is written to in their own. */
  language: z.optional(appLanguage),
  code: z.string(),
  /** When the code stops working, ms since the epoch; a message older than that is dropped. */
  expiresAt: z.int(),
});
export type OtpMessage = z.infer<typeof otpMessage>;

/** A notification has come to a rung outside the app. What it says is asked of the person's hub. */
export const climbMessage = z.object({
  kind: z.literal('climb'),
  id: idOf('ntf'),
  userId,
  notice: notificationKind,
  /** When the app was to show it, ms since the epoch. */
  beganAt: z.int(),
  rung,
  /** It has waited, and its time has come. */
  released: z.optional(z.literal(true)),
  /** Staff have put it back: what was given up on this rung is tried again. */
  replay: z.optional(z.literal(true)),
});
export type ClimbMessage = z.infer<typeof climbMessage>;

/** A call that devices may ring of by a push rings no more: they are to fall silent. */
export const callOverMessage = z.object({ kind: z.literal('call_over'), id: idOf('ntf'), userId, callId });
export type CallOverMessage = z.infer<typeof callOverMessage>;

/** Cut the audience of an announcement into pages, from behind this person on. */
export const announceMessage = z.object({ kind: z.literal('announce'), id: idOf('ann'), after: z.nullable(userId) });
export type AnnounceMessage = z.infer<typeof announceMessage>;

/** Tell these people of it: behind `after`, up to and with `upTo`. */
export const announcePageMessage = z.object({
  kind: z.literal('announce_page'),
  id: idOf('ann'),
  after: z.nullable(userId),
  upTo: userId,
});
export type AnnouncePageMessage = z.infer<typeof announcePageMessage>;

/** Queue `notifications`. */
export const notificationMessage = z.discriminatedUnion('kind', [
  otpMessage,
  climbMessage,
  callOverMessage,
  announceMessage,
  announcePageMessage,
]);
export type NotificationMessage = z.infer<typeof notificationMessage>;
