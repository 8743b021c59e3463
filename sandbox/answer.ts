/** What a stand-in is asked and what it answers, before it becomes HTTP. */
import type { Fault, Service } from './faults.ts';
import type { Sent } from './outbox.ts';

export interface Ask {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As text, where it is text. */
  readonly body: string;
  readonly bytes: Uint8Array;
  /** ms since the epoch. */
  readonly at: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out: an empty body. */
  readonly json?: unknown;
  /** A page for a person, instead of JSON; its type and policy are among the headers. */
  readonly html?: string;
  /** What a person now finds in their mailbox or on their phone. */
  readonly sent?: readonly Sent[];
  /** What the Worker is told by its webhook, one after the other. */
  readonly calls?: readonly EventCall[];
}

/** A request to the Worker, ready to be sent. */
export interface EventCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No answer at all: whoever asks waits until they have had enough. */
export const silence = 'silence' as const;
export type Silence = typeof silence;

/** One outside service. */
export interface StandIn {
  readonly service: Service;
  /** @param path without its query */
  serves(path: string): boolean;
  /** Whom a request is for, so that a fault can be for one device alone; null where that is not asked. */
  recipientOf(ask: Ask): string | null;
  answer(ask: Ask): Answer | Promise<Answer>;
  /** How this service says that something is wrong. */
  refuse(fault: Fault): Answer;
}

/** @throws SyntaxError where the body is no JSON */
export const jsonOf = (ask: Ask): unknown => JSON.parse(ask.body);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
