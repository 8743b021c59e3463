/** Which channels of push messages are set up in this environment. One without its keys is off. */
import type { Env } from '../../env.ts';
import { isSetUp, type OptionalService } from '../../platform/environment.ts';
import type { PushPlatform } from '../../protocol/push.ts';

const serviceOf: Readonly<Record<PushPlatform, OptionalService>> = {
  webpush: 'webpush',
  apns: 'apns',
  voip: 'apns',
  fcm: 'fcm',
  onesignal: 'onesignal',
};

export const platformsOn = (env: Env): readonly PushPlatform[] =>
  (Object.keys(serviceOf) as PushPlatform[]).filter((platform) => isSetUp(env, serviceOf[platform]));
