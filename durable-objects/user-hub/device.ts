/** A device's socket, and what may be said on it when. */
import * as z from 'zod/mini';
import type { HubUp } from '../../worker/protocol/hub/up.ts';
import { sessionId } from '../../worker/protocol/ids.ts';
import { attachmentOf } from '../kit/attachment.ts';
import { KEEP_ITEMS } from './sequence.ts';

/** Sockets one person may have open; the oldest makes room for the next. */
export const MAX_SOCKETS = 12;
/** Frames a device may send: after a long absence it acknowledges everything that was kept for it at once. */
export const FRAME_BUDGET = { burst: KEEP_ITEMS + 60, perSecond: 10 };
/** A socket that has pinged and then not for this long is dead, ms. */
export const SILENT_MS = 90_000;

const schema = z.object({
  sessionId,
  /** ms since the epoch. */
  openedAt: z.number(),
  /** Has said hello: counts as a device and is told things. */
  greeted: z.boolean(),
  away: z.boolean(),
});
export type Device = z.infer<typeof schema>;
export const deviceOf = attachmentOf(schema);

/** True where a frame may come only after `hello`. */
export const tooEarly = (device: Pick<Device, 'greeted'>, frame: Pick<HubUp, 'type'>): boolean => !device.greeted && frame.type !== 'hello';

/** True for a socket that pinged once and has fallen silent. One that never pings is left to the platform. */
export const isSilent = (lastPing: number | null, now: number): boolean => lastPing !== null && now - lastPing > SILENT_MS;
