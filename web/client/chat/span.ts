/**
 * A piece of a conversation without a hole: what all events from `first` to `last` add up to. Pure. Events are taken only
 * where they join what is there, so that nothing that is missing ever looks whole.
 */
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../../worker/protocol/ids.ts';

/** Up to which `seq` somebody's devices have everything, and up to which they have seen it. */
export interface Marks {
  readonly delivered: number;
  readonly read: number;
}

export interface Span {
  /** The lowest `seq` in it; one more than `last` while it is empty. */
  readonly first: number;
  readonly last: number;
  /** By `seq`. */
  readonly messages: readonly Message[];
  readonly marks: ReadonlyMap<UserId, Marks>;
  /** Changes of messages that lie before `first`: kept until those are here. */
  readonly loose: readonly ChatEvent[];
}

const noMarks: Marks = { delivered: 0, read: 0 };
export const marksOf = (span: Span, userId: UserId): Marks => span.marks.get(userId) ?? noMarks;

/** An empty piece right after `seq`. */
export const spanAfter = (seq: number): Span => ({ first: seq + 1, last: seq, messages: [], marks: new Map(), loose: [] });

/** The piece with newer events; those it has already are passed over. Null where one between is missing. */
export function extend(span: Span, events: readonly ChatEvent[]): Span | null {
  const fresh = events.filter(({ seq }) => seq > span.last);
  let expected = span.last + 1;
  for (const { seq } of fresh) if (seq !== expected++) return null;
  return fresh.length === 0 ? span : fresh.reduce(applied, span);
}

/** The piece with older events before it, which must end where it begins; null otherwise. */
export function precede(span: Span, events: readonly ChatEvent[]): Span | null {
  const older = events.filter(({ seq }) => seq < span.first);
  const begin = older[0];
  if (!begin) return span;
  const before = extend(spanAfter(begin.seq - 1), older);
  return before && join(before, span);
}

/** Two pieces as one; null where they don't touch. */
export function join(older: Span, newer: Span): Span | null {
  if (older.last + 1 < newer.first || older.first > newer.first || older.last > newer.last) return null;
  const joined: Span = {
    first: older.first,
    last: newer.last,
    messages: [...older.messages.filter(({ seq }) => seq < newer.first), ...newer.messages],
    marks: highest(older.marks, newer.marks),
    loose: older.loose,
  };
  return newer.loose.reduce(changed, joined);
}

function highest(a: Span['marks'], b: Span['marks']): Span['marks'] {
  const all = new Map(a);
  for (const [userId, { delivered, read }] of b) {
    const known = all.get(userId) ?? noMarks;
    all.set(userId, { delivered: Math.max(delivered, known.delivered), read: Math.max(read, known.read) });
  }
  return all;
}

function applied(span: Span, event: ChatEvent): Span {
  const grown = { ...span, last: event.seq };
  if (event.type === 'message') return { ...grown, messages: [...span.messages, event.message] };
  if (event.type === 'delivered') return marked(grown, event.by, { delivered: event.upTo, read: 0 });
  // What was seen has come as well.
  if (event.type === 'read') return marked(grown, event.by, { delivered: event.upTo, read: event.upTo });
  return changed(grown, event);
}

const marked = (span: Span, by: UserId, marks: Marks): Span => ({ ...span, marks: highest(span.marks, new Map([[by, marks]])) });

type Change = Extract<ChatEvent, { type: 'edited' | 'deleted' | 'reaction' | 'media' }>;
const changes: readonly string[] = ['edited', 'deleted', 'reaction', 'media'];
/** By name, so that an event of a kind this client does not know yet takes its place in the sequence and changes nothing. */
const isChange = (event: ChatEvent): event is Change => changes.includes(event.type);

/** A message was changed; a change of one that is not here waits for it. */
function changed(span: Span, event: ChatEvent): Span {
  if (!isChange(event)) return span;
  const index = span.messages.findLastIndex(({ id }) => id === event.messageId);
  const present = span.messages[index];
  if (!present) return { ...span, loose: [...span.loose, event] };
  const next = after(present, event);
  return next === present ? span : { ...span, messages: span.messages.with(index, next) };
}

/** The message after a change. A page that was read later than the change happened has it in already. */
export function after(message: Message, event: Change): Message {
  switch (event.type) {
    case 'edited':
      if (message.kind !== 'text' || message.deletedAt !== null || (message.editedAt ?? '') > event.at) return message;
      return { ...message, body: event.body, editedAt: event.at };
    case 'deleted':
      return message.deletedAt === null
        ? ({ ...message, body: null, deletedAt: event.at, media: null, reactions: [] } as Message)
        : message;
    case 'reaction': {
      const others = message.reactions.filter(({ userId }) => userId !== event.by);
      return { ...message, reactions: event.emoji === null ? others : [...others, { userId: event.by, emoji: event.emoji }] };
    }
    case 'media':
      return message.media && message.media.state !== event.state
        ? { ...message, media: { ...message.media, state: event.state } }
        : message;
  }
}

export const messageOf = (span: Span, id: MessageId): Message | undefined => span.messages.findLast((message) => message.id === id);

/** The piece with changes of the messages that are in it; for one that does not reach up to the events. */
export function touched(span: Span, events: readonly ChatEvent[]): Span {
  const known = new Set(span.messages.map(({ id }) => id));
  return events.filter((event) => isChange(event) && known.has(event.messageId)).reduce(changed, span);
}
