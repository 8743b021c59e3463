/** How two parties come to hear and see each other; one shape per provider (calls.md, "Media"). */
import * as z from 'zod/mini';

export const iceServer = z.object({
  urls: z.array(z.string()),
  username: z.optional(z.string()),
  credential: z.optional(z.string()),
});

/** `direct`: peer to peer, signalled over the call socket. The caller makes the offer. */
export const directCredentials = z.object({
  iceServers: z.array(iceServer),
  /** `relay` outside local, so that strangers never learn a member's address. */
  iceTransportPolicy: z.enum(['all', 'relay']),
});

export const mediaGrant = z.discriminatedUnion('provider', [z.object({ provider: z.literal('direct'), credentials: directCredentials })]);
export type MediaGrant = z.infer<typeof mediaGrant>;
