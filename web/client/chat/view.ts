/** What a screen knows of an open conversation, and what it may do with it in each state. */
import type { ChatDown } from '../../../worker/protocol/chat/down.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import type { Draft, Letter, Wish } from './letters.ts';
import type { Answerable, Editable, Removable, Windows } from './permitted.ts';
import { after, messageOf, type Span } from './span.ts';

type Welcome = Extract<ChatDown, { type: 'welcome' }>;

/** A letter and where it is: not told yet, its bytes on their way, told, its price being posted, refused. */
export interface LetterView extends Letter {
  readonly state: 'waiting' | 'uploading' | 'sent' | 'paying' | 'refused';
  /** 0–1 of the bytes; null where none are on their way. */
  readonly progress: number | null;
}

/** A wish that the server refused. */
export interface Refusal {
  readonly wish: Wish;
  readonly code: ErrorCode;
}

interface Shown {
  /** `catching_up`: what is shown is whole up to its end, and newer messages are being fetched. */
  readonly link: 'live' | 'catching_up' | 'away';
  /** Up to the newest event this device has. */
  readonly span: Span;
  /** An older piece that is being looked at instead, apart from the newest. */
  readonly past: Span | null;
  /** What lies before the shown piece: nothing, something, being fetched, could not be fetched. */
  readonly older: 'none' | 'more' | 'loading' | 'failed';
  readonly letters: readonly LetterView[];
  readonly wishes: readonly Wish[];
  readonly refusal: Refusal | null;
  /** The other one is writing. */
  readonly typing: boolean;
  readonly price: Welcome['price'];
  readonly windows: Windows;
}

export interface OpenRoom extends Shown {
  readonly status: 'open';
  readonly acts: Writing;
}

export interface ClosedRoom extends Shown {
  readonly status: 'closed';
  readonly why: NonNullable<Welcome['closed']>;
  readonly acts: Reading;
}

export type RoomView = { readonly status: 'opening' } | { readonly status: 'gone' } | OpenRoom | ClosedRoom;

/** What can be done wherever something can be read. */
export interface Reading {
  /** Fetches what lies before the shown piece. */
  older(): void;
  /** Fetches what follows the older piece that is shown. */
  newer(): void;
  /** Shows the piece around a `seq`. */
  jump(seq: number): Promise<void>;
  /** Back to the newest. */
  newest(): void;
  /** The person has seen everything up to here. */
  seen(seq: number): void;
  /** The note about a refused wish was read. */
  noted(): void;
  /** Takes a letter that was refused, or that was not told to the server yet, off the table. */
  discard(clientId: string): void;
}

/** What can be done only where something can be sent. */
export interface Writing extends Reading {
  /** The answer is the letter's `clientId`. */
  send(draft: Draft, options?: { replyTo?: Answerable; bytes?: Blob }): string;
  /** A refused letter goes out once more. */
  again(clientId: string): void;
  edit(message: Editable, text: string): void;
  /** Carried out after ten seconds, unless `keep` comes first. */
  remove(message: Removable): void;
  keep(message: Message): void;
  react(message: Answerable, emoji: string | null): void;
  /** A key was pressed. */
  typing(): void;
}

/** The messages as they will be once all wishes are confirmed. A deletion that can still be taken back is not in yet. */
export function wished(span: Span, wishes: readonly Wish[], me: UserId): readonly Message[] {
  if (wishes.length === 0) return span.messages;
  const messages = [...span.messages];
  for (const { messageId, what } of wishes) {
    const message = messageOf(span, messageId);
    if (!message || what.type === 'delete') continue;
    const place = { seq: message.seq, at: message.editedAt ?? message.at, messageId, by: me };
    const index = messages.findLastIndex(({ id }) => id === messageId);
    const present = messages[index] ?? message;
    messages[index] =
      what.type === 'react'
        ? after(present, { ...place, type: 'reaction', emoji: what.emoji })
        : after(present, { ...place, type: 'edited', body: { text: what.text } });
  }
  return messages;
}
