/** Chat socket, server → client (realtime.md, "Chat"). */
import * as z from 'zod/mini';
import { errorFrame } from '../errors.ts';
import { messageId, userId } from '../ids.ts';
import { timestamp } from '../time.ts';
import { chatEvent } from './event.ts';

/**
 * Answers `hello`. `events` is contiguous and ends at `seq`. Without `gap` it begins right after the device's `lastSeq`;
 * with it, at `from`, and what lies before is read over HTTP (`GET /chats/:id/events`). Another `epoch` than the
 * device's: its copy is of a storage that is no more, and is thrown away.
 */
export const welcome = z.object({
  type: z.literal('welcome'),
  epoch: z.string(),
  seq: z.int(),
  events: z.array(chatEvent),
  gap: z.optional(z.literal(true)),
  from: z.optional(z.int()),
  /** What a message of this person costs now; null: nothing. `freeLeft` of them cost nothing before that. */
  price: z.nullable(z.object({ unit: z.string(), amount: z.int(), freeLeft: z.int() })),
  /** Why nothing can be sent here now; null: it can. */
  closed: z.nullable(z.enum(['blocked', 'gone'])),
  /** How long after sending (ms) one's own message can be edited and deleted; what is left out is not told. */
  windows: z.optional(z.object({ editMs: z.int(), deleteMs: z.int() })),
});

/** Sent once the message is on disk, and again for a repeat: the same `id`, `seq` and `at`. */
export const messageAck = z.object({ type: z.literal('message.ack'), clientId: z.string(), id: messageId, seq: z.int(), at: timestamp });

/** The price of a message is being posted: it has no place yet, and an ack or an error will follow. */
export const messagePending = z.object({ type: z.literal('message.pending'), clientId: z.string() });

export const events = z.object({ type: z.literal('events'), items: z.array(chatEvent) });

/** Somebody writes, or stopped. Not stored; goes out by itself after some seconds without another. */
export const typingDown = z.object({ type: z.literal('typing'), by: userId, typing: z.boolean() });

/** Whether something can be sent here has changed. */
export const closedDown = z.object({ type: z.literal('closed'), closed: z.nullable(z.enum(['blocked', 'gone'])) });

/** `id` repeats the frame's, or is the message's `clientId` where the frame had none. */
export const chatDown = z.discriminatedUnion('type', [welcome, messageAck, messagePending, events, typingDown, closedDown, errorFrame]);
export type ChatDown = z.infer<typeof chatDown>;
