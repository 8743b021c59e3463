/** How this browser is subscribed: with the server's key, told to the server each time. */

import type * as z from 'zod/mini';
import { readPushConfig, registerPushDevice, type webPushSubscription } from '../../../worker/protocol/http/push-devices.ts';
import type { Api } from '../api.ts';

/** Web Push is not set up on this server. */
export class PushIsOff extends Error {
  override readonly name = 'PushIsOff';
}

/**
 * Subscribes, or stays subscribed where the server's key is the same, and tells the server. Needs the permission.
 * @throws PushIsOff, ApiProblem, NoAnswer; DOMException where the browser's push service can't be had
 */
export async function subscribeHere(manager: PushManager, api: Api): Promise<void> {
  const { vapidPublicKey } = await api.call(readPushConfig);
  if (vapidPublicKey === null) throw new PushIsOff('the server has no key');
  const present = await manager.getSubscription();
  const kept = present && keyOf(present) === vapidPublicKey ? present : null;
  if (present && !kept) await present.unsubscribe();
  const subscription = kept ?? (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidPublicKey }));
  await api.call(registerPushDevice, {
    body: { platform: 'webpush', subscription: subscription.toJSON() as z.infer<typeof webPushSubscription> },
  });
}

/** The key that it was made with, base64url. */
function keyOf({ options }: PushSubscription): string | null {
  if (!options.applicationServerKey) return null;
  const bytes = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
