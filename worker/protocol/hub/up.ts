/** Hub socket, client → server. */
import * as z from 'zod/mini';
import { ack } from './ack.ts';
import { helloUp } from './hello.ts';
import { presenceSet } from './presence-set.ts';

export const hubUp = z.discriminatedUnion('type', [helloUp, ack, presenceSet]);
export type HubUp = z.infer<typeof hubUp>;
