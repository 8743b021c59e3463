/**
 * What may be done to a message, as types: `edit` takes only what `mayEdit` has looked at, so that a screen that offers
 * what can't be done does not compile. The server decides all the same.
 */
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';

declare const looked: unique symbol;
type Looked<What extends string> = { readonly [looked]: What };

/** One's own text, not deleted, still young enough. */
export type Editable = Extract<Message, { kind: 'text' }> & { readonly body: { readonly text: string } } & Looked<'edit'>;
/** One's own, not deleted, still young enough. */
export type Removable = Message & Looked<'remove'>;
/** Somebody's message that is still there. */
export type Answerable = Message & Looked<'answer'>;

/** How long after sending one's own message can be edited and deleted, ms. */
export interface Windows {
  readonly editMs: number;
  readonly deleteMs: number;
}

/** Until the server says: what it is told to be where nobody has changed it. */
export const usualWindows: Windows = { editMs: 15 * 60_000, deleteMs: 24 * 3_600_000 };

/** @param now ms since the epoch */
export const mayEdit = (message: Message, me: UserId, now: number, { editMs }: Windows): message is Editable =>
  message.kind === 'text' && isOwn(message, me) && now - Date.parse(message.at) < editMs;

export const mayRemove = (message: Message, me: UserId, now: number, { deleteMs }: Windows): message is Removable =>
  isOwn(message, me) && now - Date.parse(message.at) < deleteMs;

/** Replying, reacting, keeping among favourites. */
export const mayAnswer = (message: Message): message is Answerable => message.deletedAt === null && message.kind !== 'system';

/** A call's card is the house's, whoever called. */
const isOwn = (message: Message, me: UserId): boolean =>
  message.sender === me &&
  message.deletedAt === null &&
  !message.automatic &&
  ['text', 'image', 'voice', 'video', 'file'].includes(message.kind);
