/** The manners of every socket (realtime.md, "One protocol"): heartbeat, frames in, frames out, closing. */
import type * as z from 'zod/mini';
import { safeParse } from 'zod/mini';
import { acceptUpgrade } from '../../worker/platform/sockets.ts';
import { type CloseReason, closeCodes, type ErrorCode, type ErrorFrame } from '../../worker/protocol/errors.ts';
import { MAX_FRAME_BYTES, PING, PONG } from '../../worker/protocol/sockets.ts';

/** A socket with this much waiting to leave is too slow to keep. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** The platform answers `ping` by itself from here on, without waking the object. Call it in the constructor. */
export function answerPings(state: DurableObjectState): void {
  state.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
}

/** Takes the socket of an upgrade, able to hibernate, and gives the answer to return. `prepare` runs before any frame. */
export function openSocket(state: DurableObjectState, tags: readonly string[], prepare: (socket: WebSocket) => void): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  state.acceptWebSocket(server, [...tags]);
  prepare(server);
  return acceptUpgrade(client);
}

export type FrameRead<T> = { readonly ok: true; readonly frame: T } | { readonly ok: false; readonly error: ErrorFrame };

/**
 * A frame in `schema`'s shape, or the error frame that says what is wrong with it. Never throws.
 * @param shape brings another way of writing a frame into that shape, before it is looked at
 */
export function readFrame<S extends z.ZodMiniType>(
  schema: S,
  message: string | ArrayBuffer,
  shape: (value: unknown) => unknown = (value) => value,
): FrameRead<z.infer<S>> {
  const wrong = (code: ErrorCode, text: string, id?: string): FrameRead<z.infer<S>> => ({
    ok: false,
    error: { type: 'error', code, message: text, ...(id === undefined ? {} : { id }) },
  });
  if (typeof message !== 'string') return wrong('validation_failed', 'Frames are text; this one was binary.');
  // A UTF-16 unit is at most three bytes: most frames need no second look.
  if (message.length * 3 > MAX_FRAME_BYTES && new TextEncoder().encode(message).byteLength > MAX_FRAME_BYTES)
    return wrong('body_too_large', `A frame may have ${MAX_FRAME_BYTES} bytes at most.`);
  let value: unknown;
  try {
    value = shape(JSON.parse(message));
  } catch {
    return wrong('malformed_json', 'The frame can’t be read as JSON.');
  }
  const result = safeParse(schema, value);
  if (result.success) return { ok: true, frame: result.data };
  const first = result.error.issues[0];
  const where = first?.path.join('.');
  return wrong(
    'validation_failed',
    where ? `${where}: ${first?.message}` : (first?.message ?? 'The frame is not known here.'),
    idOf(value),
  );
}

/** The `id` a wrong frame brought, to name it in the answer. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' && value.id.length <= 64 ? value.id : undefined;
}

/**
 * Sends a frame and never throws: a socket that is gone is told so by its close event. One that does not drain is
 * closed with `slow_consumer`; it resumes from where it was.
 */
export const sendFrame = <F extends { readonly type: string }>(socket: WebSocket, frame: F): boolean =>
  sendText(socket, JSON.stringify(frame));

/** The same for a frame that is text already, made once for many. */
export function sendText(socket: WebSocket, frame: string): boolean {
  if (socket.readyState !== WebSocket.OPEN) return false;
  if ((bufferedOf(socket) ?? 0) > MAX_BUFFERED_BYTES) {
    closeSocket(socket, 'slow_consumer');
    return false;
  }
  try {
    socket.send(frame);
    return true;
  } catch {
    return false;
  }
}

/** Bytes waiting to leave, where the runtime tells (the local one does not). */
const bufferedOf = (socket: WebSocket): number | undefined => (socket as { bufferedAmount?: number }).bufferedAmount;

/** Closes with a code and word of `protocol/errors.ts`; a socket already gone is left alone. */
export function closeSocket(socket: WebSocket, reason: CloseReason): void {
  try {
    socket.close(closeCodes[reason], reason);
  } catch {
    // Closed already by the other side.
  }
}

/** When the platform last answered this socket's `ping`, ms since the epoch; null before the first. */
export const lastPingAt = (state: DurableObjectState, socket: WebSocket): number | null =>
  state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null;
