/** Words of notifications that every layer uses: the wire, the hub's ladder, templates, settings. */
import * as z from 'zod/mini';

/** What a person can be told of. What each is told by, and when, is data: `domains/notification/kinds.ts`. */
export const notificationKind = z.enum([
  'call.incoming',
  'call.missed',
  'chat.message',
  'security.sign_in',
  'announcement',
  'case.decided',
  'purchase.receipt',
  'purchase.refunded',
  'top_up.stopped',
  'job.failed',
  'job.healed',
]);
export type NotificationKind = z.infer<typeof notificationKind>;

/** What kinds belong together on a screen, and in what somebody unsubscribes from. */
export const notificationGroup = z.enum(['calls', 'messages', 'safety', 'purchases', 'news', 'work']);
export type NotificationGroup = z.infer<typeof notificationGroup>;

/** Rungs outside the app; the first rung, the app itself, is the hub's. `digest`: together with others in one mail. */
export const rung = z.enum(['push', 'mail', 'digest']);
export type Rung = z.infer<typeof rung>;

/** What somebody can switch off for a kind; a digest is a mail. */
export const notificationChannel = z.enum(['push', 'mail']);
export type NotificationChannel = z.infer<typeof notificationChannel>;

/** What can be done with a notification besides opening it; the app has the words for each. */
export const notificationAction = z.object({
  name: z.enum(['open', 'call_back', 'write', 'devices']),
  /** A path of the link grammar: `/go/…`. */
  link: z.string(),
});
export type NotificationAction = z.infer<typeof notificationAction>;
