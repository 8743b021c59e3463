/** What was sent, in memory, newest first. Gone when the sandbox stops, as it should be. */

export interface Sent {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly from: string;
  /** Empty for an SMS. */
  readonly subject: string;
  readonly text: string;
  /** As the mail program would show it; empty for an SMS and for a plain mail. */
  readonly html: string;
}

/** Enough for any test run; the oldest go first. */
const KEPT = 1000;

export class Outbox {
  readonly #sent: Sent[] = [];

  add(message: Sent): void {
    this.#sent.unshift(message);
    this.#sent.length = Math.min(this.#sent.length, KEPT);
  }

  /** Newest first; of one recipient where asked. Addresses compare without regard to case, as mail does. */
  list(to?: string | null): readonly Sent[] {
    if (!to) return this.#sent;
    const wanted = to.trim().toLowerCase();
    return this.#sent.filter((message) => message.to.toLowerCase() === wanted);
  }
}
