/**
 * Subscriptions that the stand-in makes itself, as a browser would: it has their private keys and can read what is sent
 * to them. In memory.
 */
import { createECDH, type ECDH, randomBytes } from 'node:crypto';
import ece from 'http_ece';

/** They look like those of a real push service; on a desk every endpoint leads here. */
const HOST = 'updates.push.services.mozilla.com';

export interface MadeSubscription {
  readonly endpoint: string;
  readonly expirationTime: null;
  /** base64url */
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

interface Kept {
  readonly subscription: MadeSubscription;
  /** The sender that alone may use it, base64url; null: anyone. */
  readonly sender: string | null;
  readonly privateKey: ECDH;
}

export class Subscriptions {
  readonly #kept = new Map<string, Kept>();
  readonly #gone = new Set<string>();

  make(sender: string | null): MadeSubscription {
    const privateKey = createECDH('prime256v1');
    privateKey.generateKeys();
    const subscription: MadeSubscription = {
      endpoint: `https://${HOST}/wpush/v2/${randomBytes(24).toString('base64url')}`,
      expirationTime: null,
      keys: { p256dh: privateKey.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') },
    };
    this.#kept.set(subscription.endpoint, { subscription, sender, privateKey });
    return subscription;
  }

  /** The person took the permission back, or removed the app. */
  end(endpoint: string): void {
    this.#gone.add(endpoint);
  }

  /**
   * `unknown` is one of a browser that subscribed somewhere else: it counts as alive. Of our own host we know all there are.
   */
  stateOf(endpoint: string): 'active' | 'gone' | 'absent' | 'unknown' {
    if (this.#gone.has(endpoint)) return 'gone';
    if (this.#kept.has(endpoint)) return 'active';
    return new URL(endpoint).hostname === HOST ? 'absent' : 'unknown';
  }

  /** The key that a subscription is bound to. */
  senderOf(endpoint: string): string | null {
    return this.#kept.get(endpoint)?.sender ?? null;
  }

  /**
   * What a message says; null where its key is not here.
   * @throws Error where it was not encrypted for this subscription
   */
  read(endpoint: string, body: Uint8Array): string | null {
    const kept = this.#kept.get(endpoint);
    if (!kept) return null;
    const { privateKey, subscription } = kept;
    return ece.decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey, authSecret: subscription.keys.auth }).toString('utf8');
  }
}
