import * as z from 'zod/mini';
import { directCredentials } from './media.ts';

/** Where to connect; sent at accept, on every new socket after it, and when the provider changes. */
export const mediaFrame = z.discriminatedUnion('provider', [
  z.object({ type: z.literal('media'), provider: z.literal('direct'), credentials: directCredentials }),
]);
