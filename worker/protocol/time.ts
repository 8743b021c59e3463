/** Times on the wire: RFC 3339, UTC, with milliseconds. */
import * as z from 'zod/mini';

export const timestamp = z.iso.datetime({ precision: 3 });

/** The wire form of a moment in ms since the epoch. */
export const toTimestamp = (ms: number): string => new Date(ms).toISOString();
