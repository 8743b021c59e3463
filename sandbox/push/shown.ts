/** A push as it stands in the outbox. */
import type { Push, Sent } from '../outbox.ts';

export interface Shown {
  /** The provider's id of the message, or ours where it knows that. */
  readonly id: string;
  readonly at: number;
  readonly to: string;
  readonly from: string;
  readonly platform: Push['platform'];
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly tag?: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly urgency: string;
  /** ms since the epoch. */
  readonly until: number | null;
}

/** Without words it is a call where it says so, and otherwise nothing to see. */
export function shown({ id, at, to, from, platform, title, body, tag = null, data, urgency, until }: Shown): Sent {
  const rings = data.kind === 'call.incoming' || platform === 'voip';
  const shows = title !== undefined || body !== undefined ? 'card' : rings ? 'ring' : 'nothing';
  return {
    id,
    at: new Date(at).toISOString(),
    channel: 'push',
    to,
    from,
    subject: title ?? '',
    text: body ?? '',
    html: '',
    push: { platform, shows, tag, data, sealed: false, urgency, until: until === null ? null : new Date(until).toISOString() },
  };
}
