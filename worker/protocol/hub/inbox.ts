import * as z from 'zod/mini';

/**
 * The inbox changed: something new is in it, or one of the person's devices has read. The latest wins, and every hello is
 * followed by one. What is in the inbox is read over HTTP.
 */
export const inboxChanged = z.object({
  type: z.literal('inbox.changed'),
  /** Items nobody has read yet. */
  unread: z.int(),
  /** The `seq` of the newest item; 0 while there is none. */
  newest: z.int(),
});
export type InboxChanged = z.infer<typeof inboxChanged>;
