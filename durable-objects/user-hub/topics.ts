/** Which items of the sequence begin to climb, and with which facts. */
import type { Facts } from '../../worker/domains/notification/kinds.ts';
import type { Call } from '../../worker/protocol/call/call.ts';
import type { ChatMoved } from '../../worker/protocol/hub/sequenced.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { PersonCard } from '../../worker/protocol/people.ts';

/** Cards of calls and words of the house stand in a conversation and are no message to be told of. */
const SILENT_KINDS: ReadonlySet<string> = new Set(['call', 'system']);

/** What a climb remembers of the message it tells of. */
export interface ToldMessage {
  /** RFC 3339. */
  readonly messageAt: string;
  readonly unread: number;
}

/** The facts of `chat.message`, or null where a conversation moved without a message that this person has to hear of. */
export function messageOf(moved: ChatMoved, self: UserId, told: ToldMessage | null): Facts | null {
  const { chatId, peerId, message, unread } = moved;
  if (message === null || message.sender === self || unread === 0 || SILENT_KINDS.has(message.kind)) return null;
  // The room tells of reading, edits and reactions too; and in one millisecond two may write.
  const isNew = told === null || message.at > told.messageAt || (message.at === told.messageAt && unread > told.unread);
  return isNew ? { chatId, peerId, messageAt: message.at, messageKind: message.kind, unread } : null;
}

/** The facts of `call.incoming`. */
export const ringOf = (call: Call, from: PersonCard): Facts => ({ callId: call.id, media: call.media, from });
