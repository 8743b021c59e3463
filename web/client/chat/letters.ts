/**
 * What was written and is not known to be stored yet. A letter is put down before it is sent and taken away once its ack
 * or its message has come, so that neither a reload nor a lost connection loses it; its `clientId` never changes, so that
 * sending it twice makes one message.
 */
import type { SentMessage } from '../../../worker/protocol/chat/message.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { ChatId, ChatMediaId, MessageId } from '../../../worker/protocol/ids.ts';

/** What a person hands over to be sent. A file's bytes lie beside it (`Bytes`). */
export type Draft =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'video'; readonly file: FileOf; readonly alt: string; readonly caption: string }
  | { readonly kind: 'voice'; readonly file: FileOf; readonly alt: string }
  | { readonly kind: 'file'; readonly file: FileOf; readonly name: string };

export interface FileOf {
  /** A MIME type without parameters. */
  readonly type: string;
  readonly bytes: number;
  /** ms; null for what does not last or where it is not known. */
  readonly durationMs: number | null;
  /** px; null for what has no picture. */
  readonly width: number | null;
  readonly height: number | null;
}

export interface Letter {
  readonly clientId: string;
  readonly chatId: ChatId;
  /** ms since the epoch, by this device. */
  readonly writtenAt: number;
  readonly replyTo: MessageId | null;
  readonly draft: Draft;
  /** Once its bytes are with the server. */
  readonly mediaId: ChatMediaId | null;
  /** Why it will not be sent as it is; `lost`: its bytes are no more on this device. */
  readonly refused: ErrorCode | 'lost' | null;
}

/** A change of a message that the server has not confirmed. `at`: not before then (ms since the epoch). */
export interface Wish {
  readonly id: string;
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly what:
    | { readonly type: 'edit'; readonly text: string }
    | { readonly type: 'delete'; readonly at: number }
    | { readonly type: 'react'; readonly emoji: string | null };
}

/** Where they are kept between page loads. One entry each, so that two tabs never write over one another. */
export interface Drawer<T> {
  all(): readonly T[];
  put(id: string, entry: T): void;
  remove(id: string): void;
}

/** Where bytes are kept until they are with the server. */
export interface Bytes {
  put(id: string, bytes: Blob): Promise<void>;
  get(id: string): Promise<Blob | null>;
  remove(id: string): Promise<void>;
}

/** The message on the wire; null while its bytes are not with the server. */
export function onWire({ clientId, replyTo, draft, mediaId }: Letter): SentMessage | null {
  const sending = { clientId, ...(replyTo === null ? {} : { replyTo }) };
  if (draft.kind === 'text') return { ...sending, kind: 'text', body: { text: draft.text } };
  if (mediaId === null) return null;
  if (draft.kind === 'file') return { ...sending, kind: 'file', body: { mediaId, name: draft.name } };
  const alt = draft.alt === '' ? {} : { alt: draft.alt };
  if (draft.kind === 'voice') return { ...sending, kind: 'voice', body: { mediaId, ...alt } };
  return { ...sending, kind: draft.kind, body: { mediaId, ...alt, ...(draft.caption === '' ? {} : { caption: draft.caption }) } };
}
