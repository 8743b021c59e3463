/** What every part of an open conversation needs to know. */
import { createContext, useContext } from 'react';
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { WebApp } from '../../../worker/protocol/http/auth.ts';
import type { ChatId, MessageId, UserId } from '../../../worker/protocol/ids.ts';
import type { PersonCard } from '../../../worker/protocol/people.ts';
import type { Answerable, Editable } from '../../client/chat/permitted.ts';
import type { ClosedRoom, OpenRoom } from '../../client/chat/view.ts';

/** The way to pay for what is written, where this app has one. */
export interface AddCoins {
  readonly words: string;
  readonly act: () => void;
}

export interface Conversing {
  readonly chatId: ChatId;
  readonly app: WebApp;
  readonly me: UserId;
  readonly peer: PersonCard;
  readonly view: OpenRoom | ClosedRoom;
  /** ms since the epoch; goes on by the minute. */
  readonly now: number;
  /** The message whose actions are shown. */
  readonly opened: MessageId | null;
  readonly onOpened: (id: MessageId | null) => void;
  readonly onReply: (message: Answerable) => void;
  readonly onEdit: (message: Editable) => void;
  readonly onReport: (message: Message) => void;
  readonly onJump: (seq: number) => void;
  readonly onCall: ((media: CallMedia) => void) | null;
  /** Where the balance is too low; null where nobody pays. */
  readonly addCoins: AddCoins | null;
  readonly isFavourite: (id: MessageId) => boolean;
  readonly onFavourite: (id: MessageId, favourite: boolean) => void;
}

export const ConversationContext = createContext<Conversing | null>(null);

export function useConversing(): Conversing {
  const conversing = useContext(ConversationContext);
  if (!conversing) throw new Error('this stands in a conversation');
  return conversing;
}
