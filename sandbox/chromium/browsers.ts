/** The browsers that have checked in, what they are subscribed to, and the messages that wait for them. In memory. */
import { randomBytes, randomInt } from 'node:crypto';

/** What a browser is known by: two decimal numbers, the second a secret. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** What a browser asks for at its registration, by their names. */
export interface SubscriptionOrder {
  /** `org.chromium.linux` and the like. */
  readonly app: string;
  /** Which page: `wp:<address>#<a number of the browser's own>`. */
  readonly subtype: string;
  /** For Web Push the sender's VAPID key in base64url. */
  readonly sender: string;
  /** The browser's name for the page, the same as long as it is subscribed. */
  readonly instance: string;
}

export interface Subscription extends SubscriptionOrder {
  readonly browserId: string;
  /** The last part of the endpoint's address. */
  readonly token: string;
}

/** An encrypted message on its way to a browser. */
export interface Message {
  readonly persistentId: string;
  readonly subscription: Subscription;
  readonly body: Uint8Array;
  /** Seconds that it may wait. */
  readonly ttl: number;
  /** ms since the epoch. */
  readonly sentAt: number;
  /** A newer one of the same topic takes its place while it waits. */
  readonly topic: string | null;
}

/** Hands a message to a browser that is there now. */
export type Deliver = (message: Message) => void;

export class Browsers {
  readonly #secrets = new Map<string, string>();
  readonly #subscriptions = new Map<string, Subscription>();
  /** Tokens that were given back. */
  readonly #gone = new Set<string>();
  readonly #waiting = new Map<string, Message[]>();
  readonly #lines = new Map<string, Deliver>();

  /** A browser that is known stays who it is. */
  checkIn(known: Credentials): Credentials {
    if (this.isKnown(known)) return known;
    const fresh = { id: number(), secret: number() };
    this.#secrets.set(fresh.id, fresh.secret);
    return fresh;
  }

  isKnown({ id, secret }: Credentials): boolean {
    return this.#secrets.get(id) === secret;
  }

  /** The same page and sender keep their token. */
  subscribe(browserId: string, order: SubscriptionOrder): Subscription {
    const present = this.#of(browserId).find((each) => isSame(each, order));
    if (present) return present;
    const made = { ...order, browserId, token: `${order.instance || 'sub'}:${randomBytes(48).toString('base64url')}` };
    this.#subscriptions.set(made.token, made);
    return made;
  }

  /** Every subscription of the page that this names; `*` is any sender. */
  unsubscribe(browserId: string, order: SubscriptionOrder): void {
    for (const each of this.#of(browserId)) {
      if (!isSame({ ...each, sender: order.sender === '*' ? '*' : each.sender }, order)) continue;
      this.#subscriptions.delete(each.token);
      this.#gone.add(each.token);
    }
  }

  /** `unknown` was never given out here. */
  stateOf(token: string): 'active' | 'gone' | 'unknown' {
    if (this.#subscriptions.has(token)) return 'active';
    return this.#gone.has(token) ? 'gone' : 'unknown';
  }

  /** The VAPID key that it was subscribed with. */
  senderOf(token: string): string | null {
    return this.#subscriptions.get(token)?.sender ?? null;
  }

  /** Delivers at once where the browser is there; otherwise the message waits for as long as it may. */
  take(token: string, message: Pick<Message, 'body' | 'ttl' | 'topic'>, now: number): void {
    const subscription = this.#subscriptions.get(token);
    if (!subscription) return;
    const { browserId } = subscription;
    const made: Message = { ...message, subscription, persistentId: `0:${now}%${randomBytes(8).toString('hex')}`, sentAt: now };
    const isReplaced = (each: Message) => made.topic !== null && each.topic === made.topic && each.subscription.token === token;
    const line = this.#lines.get(browserId);
    const others = (this.#waiting.get(browserId) ?? []).filter((each) => !isReplaced(each));
    // What may not wait at all is not put down: it arrives now or never.
    this.#waiting.set(browserId, message.ttl === 0 ? others : [...others, made]);
    line?.(made);
  }

  /** The browser has these. */
  acknowledge(browserId: string, persistentIds: readonly string[]): void {
    const left = (this.#waiting.get(browserId) ?? []).filter(({ persistentId }) => !persistentIds.includes(persistentId));
    this.#waiting.set(browserId, left);
  }

  /** The browser is there; what waited for it, and is not too old, goes out. Answers how to say that it left. */
  attach(browserId: string, deliver: Deliver, now: number): () => void {
    this.#lines.set(browserId, deliver);
    const waiting = (this.#waiting.get(browserId) ?? []).filter(({ sentAt, ttl }) => sentAt + ttl * 1000 > now);
    this.#waiting.set(browserId, waiting);
    for (const message of waiting) deliver(message);
    return () => {
      if (this.#lines.get(browserId) === deliver) this.#lines.delete(browserId);
    };
  }

  #of(browserId: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((each) => each.browserId === browserId);
  }
}

const number = (): string => String(randomInt(2 ** 40, 2 ** 47));

const isSame = (one: SubscriptionOrder, other: SubscriptionOrder): boolean =>
  one.app === other.app && one.subtype === other.subtype && one.sender === other.sender && one.instance === other.instance;
