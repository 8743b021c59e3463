import * as z from 'zod/mini';

/** How somebody's inbox stands. What is in it is read over HTTP. */
export const inboxStanding = z.object({
  /** Items nobody has read yet. */
  unread: z.int(),
  /** The `seq` of the newest item; 0 while there is none. */
  newest: z.int(),
});
export type InboxStanding = z.infer<typeof inboxStanding>;

/** Something new is in the inbox, or one of the person's devices has read. The latest wins. */
export const inboxChanged = z.extend(inboxStanding, { type: z.literal('inbox.changed') });
