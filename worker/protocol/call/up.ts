/** Call socket, client → server. Joined here, one message a file. */
import * as z from 'zod/mini';
import { endCall } from './end.ts';
import { changeMedia } from './media-change.ts';
import { mediaConnected } from './media-connected.ts';
import { mediaFailed } from './media-failed.ts';
import { signalUp } from './signal.ts';

export const callUp = z.discriminatedUnion('type', [mediaConnected, mediaFailed, changeMedia, signalUp, endCall]);
export type CallUp = z.infer<typeof callUp>;
