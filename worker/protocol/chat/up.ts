/** Chat socket, client → server (realtime.md, "Chat"). */
import * as z from 'zod/mini';
import { messageId } from '../ids.ts';
import { emoji, sentMessage, textBody } from './message.ts';

/** A client's own name for a frame, repeated in the error that answers it. */
const id = z.optional(z.string().check(z.maxLength(64)));
const seq = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

export const helloUp = z.strictObject({
  type: z.literal('hello'),
  id,
  /** Which storage the device's copy is of; left out on the first visit. */
  epoch: z.optional(z.string().check(z.maxLength(64))),
  /** The last event it has without a hole before it; 0: none. */
  lastSeq: seq,
});
/** The message's parts may also stand beside `type`, without `message` around them. */
export const sendUp = z.strictObject({ type: z.literal('message.send'), id, message: sentMessage });
export const editUp = z.strictObject({ type: z.literal('message.edit'), id, messageId, body: textBody });
export const deleteUp = z.strictObject({ type: z.literal('message.delete'), id, messageId });
export const reactUp = z.strictObject({ type: z.literal('reaction.set'), id, messageId, emoji: z.nullable(emoji) });
export const deliveredUp = z.strictObject({ type: z.literal('delivered'), id, seq });
export const readUp = z.strictObject({ type: z.literal('read'), id, seq });
export const typingUp = z.strictObject({ type: z.literal('typing'), id, typing: z.boolean() });

export const chatUp = z.discriminatedUnion('type', [helloUp, sendUp, editUp, deleteUp, reactUp, deliveredUp, readUp, typingUp]);
export type ChatUp = z.infer<typeof chatUp>;
