/** What was sent, in memory, newest first. Gone when the sandbox stops, as it should be. */

export interface Sent {
  /** What makes a repeat the same message: told again at the same place, it is counted and not listed twice. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly channel: 'email' | 'sms' | 'push';
  /** An address, a number, or a device's token. */
  readonly to: string;
  readonly from: string;
  /** Of a push its title; empty for an SMS. */
  readonly subject: string;
  readonly text: string;
  /** As the mail program would show it; empty for all that is no mail with HTML. */
  readonly html: string;
  /** Of a push only. */
  readonly push?: Push;
  /** What a mail carries beside its words; left out of an SMS. */
  readonly mail?: MailFacts;
}

/** What a device makes of a push. */
export interface Push {
  readonly platform: 'webpush' | 'fcm' | 'apns' | 'voip' | 'onesignal';
  /** A call on the whole screen, a card on the locked screen, or nothing to see. */
  readonly shows: 'ring' | 'card' | 'nothing';
  /** A newer one with the same tag takes its place on the screen. */
  readonly tag: string | null;
  /** What the app is given with it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Encrypted for a browser whose key is not here, so that nobody can read it. */
  readonly sealed: boolean;
  readonly urgency: string;
  /** RFC 3339; not shown after this. */
  readonly until: string | null;
}

export interface MailFacts {
  /** The provider's id of it. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The unsubscribe group at the provider. */
  readonly asmGroup: number | null;
  /** Comes back with everything they tell of it. */
  readonly args: Readonly<Record<string, string>>;
  /** Which of the provider’s own lists it passes, among others. */
  readonly settings: Readonly<Record<string, { readonly enable: boolean }>>;
}

export interface Listed extends Sent {
  /** How often it was sent. */
  readonly times: number;
}

/** Enough for any test run; the oldest go first. */
const KEPT = 1000;

export class Outbox {
  readonly #sent: Listed[] = [];

  add(message: Sent): void {
    const before = this.#sent.findIndex(({ id, channel, to }) => id === message.id && channel === message.channel && to === message.to);
    const [same] = before === -1 ? [] : this.#sent.splice(before, 1);
    this.#sent.unshift({ ...message, times: (same?.times ?? 0) + 1 });
    this.#sent.length = Math.min(this.#sent.length, KEPT);
  }

  /** Newest first; of one recipient where asked. Addresses compare without regard to case, as mail does. */
  list(to?: string | null): readonly Listed[] {
    if (!to) return this.#sent;
    const wanted = to.trim().toLowerCase();
    return this.#sent.filter((message) => message.to.toLowerCase() === wanted);
  }
}
