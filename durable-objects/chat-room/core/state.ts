/** What a conversation is to its decisions: the small part that is at hand, and how the rest is looked up. */
import type { MessageTerms } from '../../../worker/domains/pricing/port.ts';
import type { ChatClosed, ChatPerson } from '../../../worker/platform/stubs.ts';
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { MediaState, Message, SentMessage } from '../../../worker/protocol/chat/message.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { ChatId, ChatMediaId, MessageId, UserId } from '../../../worker/protocol/ids.ts';
import type { UnitAmount } from '../../../worker/protocol/money.ts';

export interface Person extends ChatPerson {
  /** The oldest event they may see; 1: all of it. */
  readonly fromSeq: number;
  /** When they came the last time, ms since the epoch. */
  readonly cameAt: number;
  /** ms since the epoch; null while they are in. */
  readonly leftAt: number | null;
}

/** A message that waits for its companion's answer. */
export interface Waiting {
  readonly seq: number;
  /** ms since the epoch. */
  readonly at: number;
}

export interface Room {
  readonly chatId: ChatId;
  /** Names this storage: a copy of another one is worth nothing. */
  readonly epoch: string;
  /** The newest event; 0 before the first. */
  readonly lastSeq: number;
  /** When it was, ms since the epoch: the conversation's time never goes back. */
  readonly lastAt: number;
  /** The newest message; 0 before the first. */
  readonly lastMessageSeq: number;
  /** The member's first message that no companion has answered; null where there is none. */
  readonly waiting: Waiting | null;
  readonly closed: ChatClosed;
  /** Everybody who was ever here, in the order they first came. */
  readonly people: readonly Person[];
}

/** The windows a sender has for second thoughts, ms. */
export interface Windows {
  readonly editMs: number;
  readonly deleteMs: number;
}

export const presentPerson = (room: Room, userId: UserId): Person | null =>
  room.people.find((person) => person.userId === userId && person.leftAt === null) ?? null;

export const isPresent = ({ leftAt }: Person): boolean => leftAt === null;

/** Who is paid for the member's messages: the companion who came last of those present. */
export const payeeOf = (room: Room): Person | null =>
  room.people
    .filter((person) => person.leftAt === null && person.role === 'companion')
    .reduce<Person | null>((last, person) => (last && last.cameAt > person.cameAt ? last : person), null);

/** Whom somebody talks with here: to a member the companion they came for, to anybody else the member. */
export const peerOf = (room: Room, { userId, role }: Person): Person | null => {
  const others = room.people.filter((person) => person.userId !== userId);
  return others.find((person) => person.role === (role === 'member' ? 'companion' : 'member')) ?? others[0] ?? null;
};

/** Up to where somebody's devices have everything, and up to where they have seen it. */
export interface Marks {
  readonly delivered: number;
  readonly read: number;
}

/** A message that has no place yet because its price is still being posted, or because it is behind one. */
export interface Intent {
  /** The order among the intents of one sender. */
  readonly n: number;
  readonly sender: UserId;
  readonly clientId: string;
  readonly fingerprint: string;
  readonly sent: SentMessage;
  readonly media: Message['media'];
  /** When it was sent, ms since the epoch. */
  readonly at: number;
  /** What is to be posted, as it was decided then; null: it only waits for those before it. */
  readonly charge: Charge | null;
}

/** What one message comes to, for whom. */
export interface Charge {
  readonly tariffId: MessageTerms['tariffId'];
  readonly payer: { readonly userId: UserId; readonly shard: number };
  readonly payee: { readonly userId: UserId; readonly shard: number } | null;
  /** Null where this one is free. */
  readonly price: UnitAmount | null;
  /** Null where nothing is earned by it. */
  readonly earning: UnitAmount | null;
}

/** A message that has its place, as far as a repeat needs it. */
export interface Placed {
  readonly id: MessageId;
  readonly seq: number;
  readonly fingerprint: string;
}

/** The author and their own name for a message: what is unique about it before it has a place. */
export interface Name {
  readonly author: string;
  readonly name: string;
}

export interface KnownMedium {
  /** The message that has it, placed or not; null: none. */
  readonly usedBy: Name | null;
  /** What moderation said; null: nothing yet. */
  readonly state: MediaState | null;
}

/**
 * The rest of the conversation, looked up one by one. Everything is answered from the storage as it stands in the
 * middle of a transaction.
 */
export interface Shelf {
  /** What an author (a person, or `house`) has under a name of their own. */
  placed(author: string, name: string): Placed | null;
  message(id: MessageId): Message | null;
  intent(sender: UserId, clientId: string): Intent | null;
  /** True for a message that was given up while nobody knew whether it had been paid: its name can't be used again. */
  givenUp(sender: UserId, clientId: string): boolean;
  /** How many messages of this sender have no place yet. */
  intents(sender: UserId): number;
  /** How many messages this person has sent, counted up to `most`. */
  sentBy(author: UserId, most: number): number;
  marks(userId: UserId): Marks;
  /** The newest message of somebody else after `after` and up to `upTo`; null where there is none. */
  lastOfOthers(userId: UserId, after: number, upTo: number): number | null;
  /** What is known of a medium; null: nothing yet. */
  media(id: ChatMediaId): KnownMedium | null;
}

/** What is written with a decision. */
export type Write =
  | { readonly kind: 'message'; readonly author: string; readonly name: string; readonly fingerprint: string; readonly message: Message }
  /** An event that is no message. `about`: the seq of the message it is about. */
  | { readonly kind: 'mark'; readonly event: Exclude<ChatEvent, { type: 'message' }>; readonly about: number | null }
  /** A message as it stands now. */
  | { readonly kind: 'revise'; readonly message: Message }
  /** Earlier edits of a message hold words that are no more. */
  | { readonly kind: 'forget edits'; readonly about: number }
  | { readonly kind: 'marks'; readonly userId: UserId; readonly marks: Marks }
  | { readonly kind: 'intent'; readonly intent: Omit<Intent, 'n'> }
  /** `givenUp`: its name stays taken, so that nothing is charged under it again. */
  | { readonly kind: 'intent gone'; readonly sender: UserId; readonly clientId: string; readonly givenUp: boolean }
  | ({ readonly kind: 'medium'; readonly mediaId: ChatMediaId } & KnownMedium)
  /** Its message is deleted: so must its bytes be. */
  | { readonly kind: 'drop medium'; readonly mediaId: ChatMediaId };

/** What whoever gave the order is told. */
export type Reply =
  | { readonly is: 'placed'; readonly message: Message }
  | { readonly is: 'pending' }
  | { readonly is: 'refused'; readonly code: ErrorCode; readonly detail: string }
  | { readonly is: 'done' };

/** One decision: what is written, the room after it, and the answer. */
export interface Step {
  readonly room: Room;
  readonly writes: readonly Write[];
  readonly reply: Reply;
}
