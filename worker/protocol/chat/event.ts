/**
 * The gap-free sequence of a conversation. Whoever has all events up to a `seq` knows the conversation as it stood then;
 * nothing that is stored happens outside it. `typing` is not stored and has no `seq`.
 */
import * as z from 'zod/mini';
import { messageId, userId } from '../ids.ts';
import { timestamp } from '../time.ts';
import { mediaState, message, textBody } from './message.ts';

const place = { seq: z.int(), at: timestamp };

export const chatEvent = z.discriminatedUnion('type', [
  /** A new message; its own `seq` is the event's. As it stands now: an edit or deletion that follows is in it already. */
  z.object({ ...place, type: z.literal('message'), message }),
  z.object({ ...place, type: z.literal('edited'), by: userId, messageId, body: textBody }),
  z.object({ ...place, type: z.literal('deleted'), by: z.nullable(userId), messageId }),
  /** `emoji` null: taken back. */
  z.object({ ...place, type: z.literal('reaction'), by: userId, messageId, emoji: z.nullable(z.string()) }),
  /** A device of `by` has everything up to `upTo`. */
  z.object({ ...place, type: z.literal('delivered'), by: userId, upTo: z.int() }),
  /** `by` has seen everything up to `upTo`. */
  z.object({ ...place, type: z.literal('read'), by: userId, upTo: z.int() }),
  /** Moderation has looked at a message's media. */
  z.object({ ...place, type: z.literal('media'), messageId, state: mediaState }),
  /** Something that this person may not see, or that is to be seen by nobody any more: only its place is left. */
  z.object({ ...place, type: z.literal('hidden') }),
]);
export type ChatEvent = z.infer<typeof chatEvent>;
