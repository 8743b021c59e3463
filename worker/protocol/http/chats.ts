/** Conversations over HTTP: the list, older events, messages without a socket, media, search, marks of one's own. */
import * as z from 'zod/mini';
import { chatEvent } from '../chat/event.ts';
import { mediaKind, message, messageMedia, sentMessage } from '../chat/message.ts';
import { caseId, chatId, chatMediaId, messageId, userId } from '../ids.ts';
import { page, pageQuery, wholeNumber } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: chatId });
const ofMessage = z.strictObject({ id: chatId, messageId });

/** A conversation as one of its two people has it. */
export const chat = z.object({
  id: chatId,
  peer: personCard,
  createdAt: timestamp,
  /** The newest event there is. */
  seq: z.int(),
  /** Up to where this person has read, and how many messages of others lie behind it. */
  readSeq: z.int(),
  unread: z.int(),
  /** The newest message in short; null while there is none. `text` is empty where the words are not to be shown in a list. */
  last: z.nullable(z.object({ sender: z.nullable(userId), kind: z.string(), text: z.string(), at: timestamp })),
  pinned: z.boolean(),
  /** What this person has begun to write, on any of their devices. */
  draft: z.string(),
  /** Why nothing can be sent; null: it can. */
  closed: z.nullable(z.enum(['blocked', 'gone'])),
});
export type Chat = z.infer<typeof chat>;

/** Where a socket opens; the ticket comes from `POST /tickets {scope: "chat:<id>"}`. */
const socket = z.object({ url: z.string() });

/**
 * `POST /chats` answers `not_found` for who is not there, and for two members or two companions; `forbidden` to a
 * companion whom the member has neither talked with, nor rung, nor made a favourite.
 */
export const openChat = endpoint({
  name: 'openChat',
  method: 'POST',
  path: '/chats',
  tag: 'chats',
  summary: 'The conversation with somebody; the first time it is made. There is one for two people',
  access: 'chat.use',
  body: z.strictObject({ peerId: userId }),
  status: 201,
  answer: z.object({ chat, socket }),
  errors: ['blocked'],
});

export const listChats = endpoint({
  name: 'listChats',
  method: 'GET',
  path: '/chats',
  tag: 'chats',
  summary: 'Own conversations: pinned ones first, then by their newest message',
  access: 'chat.use',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: z.object({ ...page(chat).def.shape, unread: z.int() }),
});

export const readChat = endpoint({
  name: 'readChat',
  method: 'GET',
  path: '/chats/:id',
  tag: 'chats',
  summary: 'One conversation',
  access: 'chat.use',
  params,
  status: 200,
  answer: z.object({ chat, socket }),
});

export const changeChat = endpoint({
  name: 'changeChat',
  method: 'PATCH',
  path: '/chats/:id',
  tag: 'chats',
  summary: 'Pin it, keep what was begun to write; for oneself alone',
  access: 'chat.use',
  params,
  body: z.strictObject({ pinned: z.optional(z.boolean()), draft: z.optional(z.string().check(z.maxLength(4000))) }),
  status: 200,
  answer: z.object({ chat }),
  errors: ['too_many'],
});

export const readChatEvents = endpoint({
  name: 'readChatEvents',
  method: 'GET',
  path: '/chats/:id/events',
  tag: 'chats',
  summary: 'A contiguous piece of the sequence: after a seq, or the last ones before it; the newest without either',
  access: 'chat.use',
  params,
  query: z.strictObject({
    after: z.optional(wholeNumber(0, 1e9)),
    before: z.optional(wholeNumber(0, 1e9)),
    limit: z.optional(wholeNumber(1, 200)),
  }),
  status: 200,
  /** `first` is the lowest seq there is, so that a client sees the beginning of the conversation. */
  answer: z.object({ epoch: z.string(), seq: z.int(), first: z.int(), items: z.array(chatEvent) }),
});

export const sendMessage = endpoint({
  name: 'sendMessage',
  method: 'POST',
  path: '/chats/:id/messages',
  tag: 'chats',
  summary: 'Send without a socket. The Idempotency-Key is the message’s `clientId`',
  access: 'chat.use',
  params,
  body: sentMessage,
  status: 201,
  answer: z.object({ message }),
  /** Stored, and its price still on its way: it gets its place by itself. */
  also: { status: 202, answer: z.object({ pending: z.literal(true), clientId: z.string() }) },
  idempotencyKey: true,
  errors: ['blocked', 'insufficient_funds', 'pricing_model_unavailable', 'rate_limited', 'overloaded'],
});

const hit = z.object({ chatId, peer: personCard, message });

export const searchChat = endpoint({
  name: 'searchChat',
  method: 'GET',
  path: '/chats/:id/search',
  tag: 'chats',
  summary: 'Messages of a conversation that have words beginning so, newest first; accents and case don’t matter',
  access: 'chat.use',
  params,
  query: z.strictObject({ q: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)), ...pageQuery }),
  status: 200,
  answer: page(hit),
});

export const searchChats = endpoint({
  name: 'searchChats',
  method: 'GET',
  path: '/chat-search',
  tag: 'chats',
  summary: 'The same across own conversations, and the people among them',
  access: 'chat.use',
  query: z.strictObject({ q: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)), limit: z.optional(wholeNumber(1, 50)) }),
  status: 200,
  /** `complete` false: there are more conversations than were looked through. */
  answer: z.object({ items: z.array(hit), people: z.array(z.object({ chatId, peer: personCard })), complete: z.boolean() }),
});

export const favouriteMessage = endpoint({
  name: 'favouriteMessage',
  method: 'PUT',
  path: '/chats/:id/messages/:messageId/favourite',
  tag: 'chats',
  summary: 'Keep a message among one’s favourites; nobody else learns of it',
  access: 'chat.use',
  params: ofMessage,
  status: 204,
  answer: z.null(),
  errors: ['too_many'],
});

export const unfavouriteMessage = endpoint({
  name: 'unfavouriteMessage',
  method: 'DELETE',
  path: '/chats/:id/messages/:messageId/favourite',
  tag: 'chats',
  summary: 'Take a message from one’s favourites',
  access: 'chat.use',
  params: ofMessage,
  status: 204,
  answer: z.null(),
});

export const listFavouriteMessages = endpoint({
  name: 'listFavouriteMessages',
  method: 'GET',
  path: '/favourite-messages',
  tag: 'chats',
  summary: 'Favourite messages of all conversations, newest favourite first',
  access: 'chat.use',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(z.object({ ...hit.def.shape, at: timestamp })),
});

// ── media ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Types and largest sizes, by kind. */
export const chatMediaLimits = {
  image: { types: ['image/jpeg', 'image/png', 'image/webp'], bytes: 10 * 1024 * 1024 },
  voice: { types: ['audio/webm', 'audio/mp4', 'audio/ogg'], bytes: 8 * 1024 * 1024 },
  video: { types: ['video/mp4', 'video/webm'], bytes: 50 * 1024 * 1024 },
  file: { types: ['application/pdf', 'text/plain'], bytes: 10 * 1024 * 1024 },
} as const;

const uploadTypes = Object.values(chatMediaLimits).flatMap(({ types }) => [...types]);

export const askUpload = endpoint({
  name: 'askUpload',
  method: 'POST',
  path: '/chats/:id/media',
  tag: 'chats',
  summary: 'Leave to upload one picture, voice note, video or file: an address for a PUT, good for a few minutes and one body',
  access: 'chat.use',
  params,
  body: z.strictObject({
    kind: mediaKind,
    type: z.string().check(z.maxLength(100)),
    bytes: z.int().check(z.gte(1), z.lte(50 * 1024 * 1024)),
    /** ms, as the recorder told; kept where the bytes don't say. */
    durationMs: z.optional(z.int().check(z.gte(0), z.lte(3_600_000))),
  }),
  status: 201,
  answer: z.object({ mediaId: chatMediaId, upload: z.object({ url: z.string(), type: z.string(), expiresAt: timestamp }) }),
  errors: ['too_many', 'blocked'],
});

export const readChatMedia = endpoint({
  name: 'readChatMedia',
  method: 'GET',
  path: '/chats/:id/media/:mediaId',
  tag: 'chats',
  summary: 'The bytes: one’s own always, the other’s once they have passed moderation',
  access: 'chat.use',
  params: z.strictObject({ id: chatId, mediaId: chatMediaId }),
  status: 200,
  answer: z.unknown(),
  answersBytes: uploadTypes,
});

export const uploadChatMedia = endpoint({
  name: 'uploadChatMedia',
  method: 'PUT',
  path: '/chat-uploads/:token',
  tag: 'chats',
  summary:
    'The bytes of a medium, at the address that `POST /chats/:id/media` gave: that is the leave to write here, for one body. Kept without what tells where, when and by what it was made',
  access: 'public',
  params: z.strictObject({ token: z.string().check(z.maxLength(300)) }),
  bytes: { types: uploadTypes, max: Math.max(...Object.values(chatMediaLimits).map(({ bytes }) => bytes)), unread: true },
  status: 200,
  /** What the body turned out to be. */
  answer: z.object({ media: messageMedia }),
  errors: ['validation_failed', 'idempotency_conflict'],
});

// ── reports ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const reportReason = z.enum(['harassment', 'nudity', 'asked_for_money', 'spam', 'underage', 'bot', 'other']);
export type ReportReason = z.infer<typeof reportReason>;

export const reportChat = endpoint({
  name: 'reportChat',
  method: 'POST',
  path: '/chats/:id/reports',
  tag: 'chats',
  summary: 'Something here is not right: a person of the house will look at it. Again gives the same case',
  access: 'chat.use',
  params,
  body: z.strictObject({
    reason: reportReason,
    messageId: z.optional(messageId),
    text: z.optional(z.string().check(z.trim(), z.maxLength(2000))),
  }),
  status: 201,
  answer: z.object({ report: z.object({ id: caseId, reason: reportReason, at: timestamp }) }),
});
