/** The items of a person's gap-free sequence: each has an `id` to acknowledge and a `seq` to resume from. */
import * as z from 'zod/mini';
import { call } from '../call/call.ts';
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

export const sequenced = z.discriminatedUnion('type', [callIncoming, notification]);
export type Sequenced = z.infer<typeof sequenced>;
