/** What the three sockets share (realtime.md, "One protocol"). */

/** The subprotocol the server answers. */
export const SUBPROTOCOL = 'hearthline.v1';
/** The second offered subprotocol is this and the ticket: no token ever stands in a URL. */
export const TICKET_PREFIX = 'ticket.';
/** A text frame's largest size in bytes. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** A ticket's life in ms; it opens one socket once. */
export const TICKET_TTL_MS = 30_000;
/** The heartbeat the platform answers by itself, without waking the object. */
export const PING = 'ping';
export const PONG = 'pong';
/** This many bad frames in a row end a socket with `bad_frame`. */
export const MAX_BAD_FRAMES = 10;
