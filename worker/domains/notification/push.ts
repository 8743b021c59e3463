/**
 * The port of push messages: what goes to one device, and what became of it. Each provider is one file beside this one
 * (`fcm.ts`, `apns.ts`, `webpush.ts`, `onesignal.ts`) that implements `PushProvider`; nobody else knows their wires.
 */
import type { Context } from '../../platform/context.ts';
import type { Id, SessionId, UserId } from '../../protocol/ids.ts';
import type { PushPlatform } from '../../protocol/push.ts';
import type { Sending } from './sending.ts';

/** A device that asked to be told. */
export interface PushDevice {
  readonly id: Id<'dev'>;
  readonly userId: UserId;
  /** The sign-in it belongs to: when that ends, so does this. */
  readonly sessionId: SessionId;
  readonly platform: PushPlatform;
  /** The provider's token; for Web Push the endpoint's address. */
  readonly token: string;
  /** Web Push only: what messages are encrypted for (RFC 8291), base64url. */
  readonly keys: { readonly p256dh: string; readonly auth: string } | null;
}

/** One push, the same for every device of the person. */
export interface PushOrder {
  /** The notification's id, the same on every rung: what a provider has for not telling twice is filled with it. */
  readonly id: Id<'ntf'>;
  readonly kind: string;
  /** What is read on the locked screen; null for a ring, which carries the call's id and nothing else. */
  readonly words: { readonly title: string; readonly body: string } | null;
  /** Where a tap leads: a path of the link grammar, `/go/…`. */
  readonly link: string;
  /** The ringing call; only for a ring. */
  readonly callId: string | null;
  /** A newer one with the same key takes the place of the older on the screen: `chat:<id>`, `call:<id>`. */
  readonly collapseKey: string;
  /** `ring`: now or never, with all the noise there is; `high`: wakes the device; `normal`: when it is awake. */
  readonly urgency: 'ring' | 'high' | 'normal';
  /** Not shown after this, ms since the epoch: for a ring its end. */
  readonly expiresAt: number;
}

/**
 * What became of it. `dead`: this device is no more (410, UNREGISTERED) and is to be forgotten. `retryAfterMs`: the
 * provider said when to come again.
 */
export type Pushed = Sending | { readonly sent: false; readonly again: false; readonly dead: true; readonly code: string };

export interface PushProvider {
  readonly platforms: readonly PushPlatform[];
  /** False where its keys are not set in this environment. */
  configured(ctx: Context): boolean;
  /** Sends one push to one device. Never throws. */
  send(ctx: Context, device: PushDevice, order: PushOrder): Promise<Pushed>;
}
