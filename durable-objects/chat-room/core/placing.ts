/** What every decision is put together from: time, places in the sequence, and who is answered. */
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { MessageId } from '../../../worker/protocol/ids.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import type { Person, Reply, Room, Shelf, Step, Waiting, Write } from './state.ts';

/** What a decision is made with: the clock, and ids for what is new. */
export interface Tools {
  /** ms since the epoch. */
  readonly now: number;
  messageId(): MessageId;
}

export const refused = (room: Room, code: ErrorCode, detail: string): Step => ({
  room,
  writes: [],
  reply: { is: 'refused', code, detail },
});

/** Nothing to do: it is so already. */
export const unchanged = (room: Room, reply: Reply = { is: 'done' }): Step => ({ room, writes: [], reply });

/** [RS2] The conversation's time: the clock's, but it never goes back. */
export const timeOf = (room: Room, now: number): number => Math.max(now, room.lastAt);

/** A message on its way to its place. */
type Unplaced = Message extends infer Each ? (Each extends Message ? Omit<Each, 'seq' | 'at'> : never) : never;

/** Gives a message the next place. */
export function place(
  room: Room,
  tools: Tools,
  what: { author: string; name: string; fingerprint: string; message: Unplaced },
): { room: Room; message: Message; write: Write } {
  const at = timeOf(room, tools.now);
  const seq = room.lastSeq + 1;
  const message = { ...what.message, seq, at: toTimestamp(at) } as Message;
  return {
    message,
    room: { ...room, lastSeq: seq, lastAt: at, lastMessageSeq: seq, waiting: waitingAfter(room, message, at) },
    write: { kind: 'message', author: what.author, name: what.name, fingerprint: what.fingerprint, message },
  };
}

/** Kinds that a person says, and that want or are an answer. */
const spoken = new Set<Message['kind']>(['text', 'image', 'voice', 'video', 'file', 'gift']);

/** [RW1] Who waits for whom after a message: a rule's words and call cards are no answer, and need none. */
function waitingAfter({ waiting, people }: Room, { sender, kind, automatic, seq }: Message, at: number): Waiting | null {
  if (automatic || !spoken.has(kind)) return waiting;
  const role = people.find(({ userId }) => userId === sender)?.role;
  if (role === 'member') return waiting ?? { seq, at };
  return role === 'companion' ? null : waiting;
}

/** An event without its place. */
type UnplacedEvent = ChatEvent extends infer Each ? (Each extends { type: 'message' } ? never : Omit<Each, 'seq' | 'at'>) : never;

/** Gives an event that is no message the next place. */
export function mark(room: Room, tools: Tools, event: UnplacedEvent, about: number | null): { room: Room; write: Write } {
  const at = timeOf(room, tools.now);
  const seq = room.lastSeq + 1;
  return {
    room: { ...room, lastSeq: seq, lastAt: at },
    write: { kind: 'mark', about, event: { seq, at: toTimestamp(at), ...event } as Extract<Write, { kind: 'mark' }>['event'] },
  };
}

/** A message that this person may see; null for one they may not, and for none. */
export function seenBy(shelf: Shelf, person: Person | null, id: MessageId): Message | null {
  const message = shelf.message(id);
  return message && (person === null || message.seq >= person.fromSeq) ? message : null;
}
