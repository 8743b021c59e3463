import { type App, serve } from '../../platform/serve.ts';
import * as wire from '../../protocol/http/push-devices.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { pushDevicesOf, type RegisteredDevice, registerDevice, removeDevice } from './devices.ts';
import { platformsOn } from './push-settings.ts';

export function mountPushDevices(app: App): void {
  serve(app, wire.registerPushDevice, async ({ ctx, principal, body }) => ({
    device: toWire(await registerDevice(ctx, principal, body), principal.sessionId),
  }));
  serve(app, wire.listPushDevices, async ({ ctx, principal }) => {
    const devices = await pushDevicesOf(ctx, principal.userId);
    return { items: devices.map((device) => toWire(device, principal.sessionId)), nextCursor: null };
  });
  serve(app, wire.removePushDevice, async ({ ctx, principal, params }) => {
    await removeDevice(ctx, principal.userId, params.id);
    return null;
  });
  serve(app, wire.readPushConfig, ({ ctx: { env } }) => {
    const platforms = platformsOn(env);
    return { platforms: [...platforms], vapidPublicKey: platforms.includes('webpush') ? (env.VAPID_PUBLIC_KEY ?? null) : null };
  });
}

/** Neither the token nor the keys leave again. */
const toWire = ({ id, platform, sessionId, createdAt, seenAt }: RegisteredDevice, asking: SessionId) => ({
  id,
  platform,
  current: sessionId === asking,
  createdAt: toTimestamp(createdAt),
  seenAt: toTimestamp(seenAt),
});
