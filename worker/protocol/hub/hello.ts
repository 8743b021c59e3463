import * as z from 'zod/mini';
import { inboxStanding } from './inbox.ts';
import { sequenced } from './sequenced.ts';

/** First frame of a device: the last `seq` it has. Nothing else is taken before it. */
export const helloUp = z.strictObject({
  type: z.literal('hello'),
  id: z.optional(z.string().check(z.maxLength(64))),
  lastSeq: z.int().check(z.gte(0)),
});

/**
 * Everything after `lastSeq`, without a hole; `seq` is the newest there is. With `gap`, what lies before `from` is kept
 * no more (or `lastSeq` is of another life): items begin at `from`, and older things are read over HTTP.
 */
export const helloDown = z.object({
  type: z.literal('hello'),
  seq: z.int(),
  items: z.array(sequenced),
  gap: z.optional(z.literal(true)),
  from: z.optional(z.int()),
  /** How the inbox stands; `inbox.changed` goes on from there. */
  inbox: z.optional(inboxStanding),
});
