/** A message on its way into the conversation: repeated, refused, free, or waiting for its price. */
import type { MessagePrice, MessageTerms } from '../../../worker/domains/pricing/port.ts';
import type { Message, MessageMedia } from '../../../worker/protocol/chat/message.ts';
import type { UnitAmount } from '../../../worker/protocol/money.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PostOrder, SendOrder, SettleOrder } from './orders.ts';
import { place, refused, seenBy, type Tools, timeOf, unchanged } from './placing.ts';
import { type Charge, type Intent, type Person, payeeOf, presentPerson, type Room, type Shelf, type Step, type Write } from './state.ts';

/** Messages of one sender that may wait for their price at once. */
export const MAX_INTENTS = 50;
/** The author of what the house says. */
export const HOUSE = 'house';

const notHere = 'There is no such conversation.';

/** [RM1] Why nothing can be sent, as a refusal; null where it can. */
export const shut = (room: Room): Step | null =>
  room.closed === 'blocked'
    ? refused(room, 'blocked', 'One of you has blocked the other.')
    : room.closed === 'gone'
      ? refused(room, 'forbidden', 'They are here no more.')
      : null;

export function send(room: Room, shelf: Shelf, order: SendOrder, tools: Tools): Step {
  const { by, sent } = order;
  const person = presentPerson(room, by);
  if (!person) return refused(room, 'not_found', notHere);
  const fingerprint = fingerprintOf(sent);
  const repeated = again(room, shelf, order, fingerprint);
  if (repeated) return repeated;
  const closed = shut(room);
  if (closed) return closed;
  if (sent.replyTo && !seenBy(shelf, person, sent.replyTo))
    return refused(room, 'validation_failed', 'replyTo: is not a message of this conversation');
  const media = mediumOf(shelf, order);
  if (media === 'wrong') return refused(room, 'validation_failed', 'body.mediaId: is not an upload of yours that can be sent here');
  const charge = chargeFor(room, shelf, person, order.terms);
  const used: Write[] = media
    ? [{ kind: 'medium', mediaId: media.id, usedBy: { author: by, name: sent.clientId }, state: media.state }]
    : [];
  if (charge === null && shelf.intents(by) === 0) {
    const placed = placeSent(room, tools, { sender: by, sent, fingerprint, media, charge: null });
    return { ...placed, writes: [...used, ...placed.writes] };
  }
  if (shelf.intents(by) >= MAX_INTENTS) return refused(room, 'overloaded', 'Messages before this one are still being paid. Please wait.');
  const intent = { sender: by, clientId: sent.clientId, fingerprint, sent, media, at: timeOf(room, tools.now), charge };
  return { room, writes: [...used, { kind: 'intent', intent }], reply: { is: 'pending' } };
}

/** [RM2] The same name again: the same answer to the same words, a conflict to others. */
function again(room: Room, shelf: Shelf, { by, sent }: SendOrder, fingerprint: string): Step | null {
  const conflict = refused(room, 'idempotency_conflict', 'This clientId was used for another message.');
  const placed = shelf.placed(by, sent.clientId);
  if (placed) {
    const message = placed.fingerprint === fingerprint ? shelf.message(placed.id) : null;
    return message ? unchanged(room, { is: 'placed', message }) : conflict;
  }
  const intent = shelf.intent(by, sent.clientId);
  if (intent) return intent.fingerprint === fingerprint ? unchanged(room, { is: 'pending' }) : conflict;
  return shelf.givenUp(by, sent.clientId)
    ? refused(room, 'idempotency_conflict', 'This message was given up. Send it as a new one.')
    : null;
}

/** [RM4] The medium a message brings: the sender's own, of the message's kind, in no other message. */
function mediumOf(shelf: Shelf, { by, sent, media }: SendOrder): MessageMedia | null | 'wrong' {
  if (sent.kind === 'text') return null;
  if (media?.id !== sent.body.mediaId || media.kind !== sent.kind) return 'wrong';
  const known = shelf.media(media.id);
  if (known?.usedBy && (known.usedBy.author !== by || known.usedBy.name !== sent.clientId)) return 'wrong';
  return { ...media, state: known?.state ?? media.state };
}

/** [RP1] What this message comes to; null: nothing is posted. */
function chargeFor(room: Room, shelf: Shelf, person: Person, terms: MessageTerms | null): Charge | null {
  const payee = payeeOf(room);
  // While nobody is there to answer, nobody can earn by it, and so nobody pays.
  if (terms === null || person.role !== 'member' || !payee) return null;
  const before = messagesBefore(shelf, person, terms);
  const price = amountOf(terms.payer, before);
  const earning = amountOf(terms.payee, before);
  if (!price && !earning) return null;
  return {
    tariffId: terms.tariffId,
    payer: { userId: person.userId, shard: person.ledgerShard },
    payee: { userId: payee.userId, shard: payee.ledgerShard },
    price,
    earning,
  };
}

/** How many messages the payer has sent or is sending, counted as far as anything is free. */
export const messagesBefore = (shelf: Shelf, { userId }: Person, { payer, payee }: MessageTerms): number =>
  shelf.sentBy(userId, Math.max(payer?.free ?? 0, payee?.free ?? 0)) + shelf.intents(userId);

const amountOf = (price: MessagePrice | null, before: number): UnitAmount | null =>
  price && before >= price.free ? { unit: price.unit, amount: price.amount } : null;

function placeSent(
  room: Room,
  tools: Tools,
  { sender, sent, fingerprint, media, charge }: Pick<Intent, 'sender' | 'sent' | 'fingerprint' | 'media' | 'charge'>,
): Step {
  const placed = place(room, tools, {
    author: sender,
    name: sent.clientId,
    fingerprint,
    message: {
      id: tools.messageId(),
      sender,
      clientId: sent.clientId,
      replyTo: sent.replyTo ?? null,
      editedAt: null,
      deletedAt: null,
      automatic: false,
      price: charge?.price ?? null,
      media,
      kind: sent.kind,
      body: sent.body,
      reactions: [],
    } as Omit<Message, 'seq' | 'at'> as Parameters<typeof place>[2]['message'],
  });
  return { room: placed.room, writes: [placed.write], reply: { is: 'placed', message: placed.message } };
}

/** [RP3] A message that waited: it gets its place, or is dropped. Told again of one that is settled: nothing happens. */
export function settle(room: Room, shelf: Shelf, { intent, outcome }: SettleOrder, tools: Tools): Step {
  const { sender, clientId, media } = intent;
  if (!shelf.intent(sender, clientId)) return unchanged(room);
  const gone: Write = { kind: 'intent gone', sender, clientId, givenUp: outcome.is === 'dropped' && outcome.givenUp };
  if (outcome.is === 'dropped') {
    const freed: Write[] = media ? [{ kind: 'medium', mediaId: media.id, usedBy: null, state: shelf.media(media.id)?.state ?? null }] : [];
    return { room, writes: [gone, ...freed], reply: { is: 'refused', code: outcome.code, detail: outcome.detail } };
  }
  // Moderation may have looked at it meanwhile.
  const fresh = media && { ...media, state: shelf.media(media.id)?.state ?? media.state };
  const placed = placeSent(room, tools, { ...intent, media: fresh });
  return { ...placed, writes: [gone, ...placed.writes] };
}

/** [RM6] The house says something. */
export function post(room: Room, shelf: Shelf, order: PostOrder, tools: Tools): Step {
  const known = shelf.placed(HOUSE, order.key);
  const earlier = known && shelf.message(known.id);
  if (earlier) return unchanged(room, { is: 'placed', message: earlier });
  if (order.sender !== null && !room.people.some(({ userId }) => userId === order.sender)) return refused(room, 'not_found', notHere);
  const closed = order.kind === 'text' ? shut(room) : null;
  if (closed) return closed;
  const placed = place(room, tools, {
    author: HOUSE,
    name: order.key,
    fingerprint: '',
    message: {
      id: tools.messageId(),
      sender: order.sender,
      clientId: order.key,
      replyTo: null,
      editedAt: null,
      deletedAt: null,
      automatic: order.automatic,
      price: null,
      media: null,
      kind: order.kind,
      body: order.body,
      reactions: [],
    } as Omit<Message, 'seq' | 'at'> as Parameters<typeof place>[2]['message'],
  });
  return { room: placed.room, writes: [placed.write], reply: { is: 'placed', message: placed.message } };
}
