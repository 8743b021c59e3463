/** What a stand-in answers, before it becomes HTTP; and what it was asked. */
import type { Sent } from './outbox.ts';

export interface Ask {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out: an empty body. */
  readonly json?: unknown;
  /** What a person now finds in their mailbox or on their phone. */
  readonly sent?: readonly Sent[];
}
