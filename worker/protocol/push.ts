/** Push messages: the channels there are, and what one carries to a service worker or an app. */
import * as z from 'zod/mini';
import { callId, idOf } from './ids.ts';
import { timestamp } from './time.ts';

/**
 * How a device is reached. `voip` is APNs' own channel for calls: each of its pushes must be shown as one, so nothing else
 * goes by it, and it carries `callId` alone.
 */
export const pushPlatform = z.enum(['fcm', 'apns', 'voip', 'webpush', 'onesignal']);
export type PushPlatform = z.infer<typeof pushPlatform>;

/**
 * What a Web Push message says when it is decrypted. Without `title` and `body` it is a ring (`call.incoming`) or something
 * silent: the device has the words for that itself. FCM, APNs and OneSignal carry the same fields as data.
 */
export const pushPayload = z.object({
  /** The notification, the same on every rung; acknowledged to the hub when it was shown. */
  id: idOf('ntf'),
  kind: z.string(),
  title: z.optional(z.string()),
  body: z.optional(z.string()),
  /** Where a tap leads: a path of the link grammar, `/go/…`. */
  link: z.string(),
  /** A newer one with the same tag takes the place of the older on the screen. */
  tag: z.string(),
  /** The ringing call. */
  callId: z.optional(callId),
  /** Not to be shown after this. */
  expiresAt: timestamp,
});
export type PushPayload = z.infer<typeof pushPayload>;
