/** Devices that take push messages. Each belongs to the session it was registered in, and goes with it. */
import * as z from 'zod/mini';
import { idOf } from '../ids.ts';
import { pushPlatform } from '../push.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const pushDevice = z.object({
  id: idOf('dev'),
  platform: pushPlatform,
  /** True for the device that asks. */
  current: z.boolean(),
  createdAt: timestamp,
  /** When it was registered last. */
  seenAt: timestamp,
});
export type PushDeviceView = z.infer<typeof pushDevice>;

/** As `PushSubscription.toJSON()` of a browser says it. */
export const webPushSubscription = z.strictObject({
  endpoint: z.string().check(z.minLength(1), z.maxLength(2048)),
  expirationTime: z.optional(z.nullable(z.number())),
  keys: z.strictObject({
    /** A point of P-256, 65 bytes in base64url. */
    p256dh: z.string().check(z.regex(/^[A-Za-z0-9_-]{87}=?$/, 'must be 65 bytes in base64url')),
    /** 16 bytes in base64url. */
    auth: z.string().check(z.regex(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url')),
  }),
});
export type WebPushSubscription = z.infer<typeof webPushSubscription>;

const apnsToken = z.string().check(z.regex(/^([0-9A-Fa-f]{2}){32,100}$/, 'must be a device token in hex'));

const registration = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('webpush'), subscription: webPushSubscription }),
  z.strictObject({ platform: z.literal('apns'), token: apnsToken }),
  z.strictObject({ platform: z.literal('voip'), token: apnsToken }),
  z.strictObject({
    platform: z.literal('fcm'),
    token: z.string().check(z.regex(/^[A-Za-z0-9:_-]{20,4096}$/, 'must be a registration token')),
  }),
  z.strictObject({ platform: z.literal('onesignal'), token: z.uuid() }),
]);
export type PushRegistration = z.infer<typeof registration>;

export const registerPushDevice = endpoint({
  name: 'registerPushDevice',
  method: 'PUT',
  path: '/me/push-devices',
  tag: 'push',
  summary: 'This device takes push messages; a new token takes the place of its old one. To be repeated at each start',
  access: 'signed_in',
  body: registration,
  status: 200,
  answer: z.object({ device: pushDevice }),
});

export const listPushDevices = endpoint({
  name: 'listPushDevices',
  method: 'GET',
  path: '/me/push-devices',
  tag: 'push',
  summary: 'Own devices that take push messages, the newest registration first; twenty at most',
  access: 'signed_in',
  status: 200,
  answer: z.object({ items: z.array(pushDevice), nextCursor: z.nullable(z.string()) }),
});

export const removePushDevice = endpoint({
  name: 'removePushDevice',
  method: 'DELETE',
  path: '/me/push-devices/:id',
  tag: 'push',
  summary: 'No more push messages to this device',
  access: 'signed_in',
  params: z.strictObject({ id: idOf('dev') }),
  status: 204,
  answer: z.null(),
});

export const readPushConfig = endpoint({
  name: 'readPushConfig',
  method: 'GET',
  path: '/push/config',
  tag: 'push',
  summary: 'Which channels of push messages are on here, and what a browser subscribes with',
  access: 'signed_in',
  status: 200,
  answer: z.object({
    platforms: z.array(pushPlatform),
    /** `applicationServerKey` of a browser's subscription, base64url; null where Web Push is off. */
    vapidPublicKey: z.nullable(z.string()),
  }),
});
