import * as z from 'zod/mini';
import { callMedia, callParty } from './call.ts';

/** Ask to go from audio to video or back; the same message from the other party agrees. */
export const changeMedia = z.strictObject({
  type: z.literal('media.change'),
  id: z.optional(z.string().check(z.maxLength(64))),
  media: callMedia,
});

/** What was asked by whom; `agreed` once both did, and from then on the tariff of the new medium counts. */
export const mediaChanged = z.object({
  type: z.literal('media.change'),
  media: callMedia,
  by: callParty,
  agreed: z.boolean(),
});
