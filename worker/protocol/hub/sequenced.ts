/** The items of a person's gap-free sequence: each has an `id` to acknowledge and a `seq` to resume from. */
import * as z from 'zod/mini';
import { call } from '../call/call.ts';
import { chatId, userId } from '../ids.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';

const place = { id: z.string(), seq: z.int(), at: timestamp };

/** Somebody rings. If it rings no more by the time it is read, a `call.updated` follows. */
export const callIncoming = z.object({ ...place, type: z.literal('call.incoming'), call, from: personCard });

/** Something to tell the person; `body` is for the kind to define. */
export const notification = z.object({
  ...place,
  type: z.literal('notification'),
  kind: z.string(),
  body: z.record(z.string(), z.unknown()),
});

/**
 * A conversation moved on for this person: a message came or went out, or one of their devices has read. What was said is
 * read in the conversation itself. Of a quick exchange only how it stands is told.
 */
export const chatMoved = z.object({
  ...place,
  type: z.literal('chat.event'),
  chatId,
  /** The other of the two, as this person sees it. */
  peerId: z.nullable(userId),
  /** The newest event of the conversation. */
  chatSeq: z.int(),
  /** Up to where this person has read, and how many messages of others lie behind it. */
  readSeq: z.int(),
  unread: z.int(),
  /** The newest message; null while there is none. */
  message: z.nullable(z.object({ sender: z.nullable(userId), kind: z.string(), at: timestamp })),
});

export type ChatMoved = Omit<z.infer<typeof chatMoved>, 'id' | 'seq' | 'at' | 'type'>;

export const sequenced = z.discriminatedUnion('type', [callIncoming, notification, chatMoved]);
export type Sequenced = z.infer<typeof sequenced>;
