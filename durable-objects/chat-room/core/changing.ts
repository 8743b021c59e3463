/** What happens to a message after it was sent: edited, deleted, reacted to, looked at by moderation. */
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import type { DeleteOrder, EditOrder, MediaOrder, ReactOrder } from './orders.ts';
import { mark, refused, seenBy, type Tools, timeOf, unchanged } from './placing.ts';
import { shut } from './sending.ts';
import { presentPerson, type Room, type Shelf, type Step, type Windows, type Write } from './state.ts';

const noMessage = 'There is no such message here.';

/** [RC1] */
export function edit(room: Room, shelf: Shelf, order: EditOrder, windows: Windows, tools: Tools): Step {
  const person = presentPerson(room, order.by);
  const message = person && seenBy(shelf, person, order.messageId);
  if (!message || message.deletedAt !== null) return refused(room, 'not_found', noMessage);
  if (message.sender !== order.by || message.automatic) return refused(room, 'forbidden', 'Only who wrote a message can edit it.');
  if (message.kind !== 'text') return refused(room, 'validation_failed', 'messageId: is not a text');
  const closed = shut(room);
  if (closed) return closed;
  const now = timeOf(room, tools.now);
  if (now > Date.parse(message.at) + windows.editMs) return refused(room, 'too_late', 'This message can’t be edited any more.');
  if (message.body?.text === order.text) return unchanged(room);
  const revised: Message = { ...message, body: { text: order.text }, editedAt: toTimestamp(now) };
  const event = mark(room, tools, { type: 'edited', by: order.by, messageId: message.id, body: { text: order.text } }, message.seq);
  return { room: event.room, writes: [...forgetEdits(message), { kind: 'revise', message: revised }, event.write], reply: { is: 'done' } };
}

/** [RC2] A block does not keep anybody from taking back what they said. */
export function remove(room: Room, shelf: Shelf, order: DeleteOrder, windows: Windows, tools: Tools): Step {
  const person = order.by === null ? null : presentPerson(room, order.by);
  if (order.by !== null && !person) return refused(room, 'not_found', noMessage);
  const message = seenBy(shelf, person, order.messageId);
  if (!message) return refused(room, 'not_found', noMessage);
  if (order.by !== null && (message.sender !== order.by || message.automatic || !isTheirs(message)))
    return refused(room, 'forbidden', 'Only who wrote a message can delete it.');
  if (message.deletedAt !== null) return unchanged(room, { is: 'placed', message });
  const now = timeOf(room, tools.now);
  if (order.by !== null && now > Date.parse(message.at) + windows.deleteMs)
    return refused(room, 'too_late', 'This message can’t be deleted any more.');
  const revised: Message = { ...message, body: null, media: null, reactions: [], deletedAt: toTimestamp(now) };
  const event = mark(room, tools, { type: 'deleted', by: order.by, messageId: message.id }, message.seq);
  const bytes: Write[] = message.media ? [{ kind: 'drop medium', mediaId: message.media.id }] : [];
  return {
    room: event.room,
    writes: [...forgetEdits(message), { kind: 'revise', message: revised }, ...bytes, event.write],
    reply: { is: 'placed', message: revised },
  };
}

/** What people send themselves; cards and gifts carry their name, and are the house's. */
const isTheirs = ({ kind }: Message): boolean => ['text', 'image', 'voice', 'video', 'file'].includes(kind);

/** [RC3] Earlier edits hold words that are no more. */
const forgetEdits = ({ editedAt, seq }: Message): Write[] => (editedAt === null ? [] : [{ kind: 'forget edits', about: seq }]);

/** [RC4] */
export function react(room: Room, shelf: Shelf, { by, messageId, emoji }: ReactOrder, tools: Tools): Step {
  const person = presentPerson(room, by);
  const message = person && seenBy(shelf, person, messageId);
  if (!message || message.deletedAt !== null) return refused(room, 'not_found', noMessage);
  const closed = shut(room);
  if (closed) return closed;
  const present = message.reactions.find(({ userId }) => userId === by)?.emoji ?? null;
  if (present === emoji) return unchanged(room);
  const others = message.reactions.filter(({ userId }) => userId !== by);
  const revised: Message = { ...message, reactions: emoji === null ? others : [...others, { userId: by, emoji }] };
  const event = mark(room, tools, { type: 'reaction', by, messageId, emoji }, message.seq);
  return { room: event.room, writes: [{ kind: 'revise', message: revised }, event.write], reply: { is: 'done' } };
}

/** [RC5] Moderation has decided; before a message has the medium, the word is kept for it. */
export function decided(room: Room, shelf: Shelf, { mediaId, state }: MediaOrder, tools: Tools): Step {
  const known = shelf.media(mediaId);
  const note: Write = { kind: 'medium', mediaId, usedBy: known?.usedBy ?? null, state };
  const placed = known?.usedBy ? shelf.placed(known.usedBy.author, known.usedBy.name) : null;
  const message = placed && shelf.message(placed.id);
  if (!message?.media || message.media.state === state) return { room, writes: [note], reply: { is: 'done' } };
  const revised: Message = { ...message, media: { ...message.media, state } };
  const event = mark(room, tools, { type: 'media', messageId: message.id, state }, message.seq);
  return { room: event.room, writes: [note, { kind: 'revise', message: revised }, event.write], reply: { is: 'done' } };
}
