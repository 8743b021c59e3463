/** From a frame on a chat socket to what it asks for, or to what is answered instead. */
import { type ChatUp, chatUp } from '../../worker/protocol/chat/up.ts';
import type { CloseReason, ErrorFrame } from '../../worker/protocol/errors.ts';
import type { Patience } from '../kit/patience.ts';
import { readFrame } from '../kit/sockets.ts';

export type Heard =
  | { readonly is: 'frame'; readonly frame: ChatUp }
  /** Nothing follows but this answer, and the end of the socket where patience is over. */
  | { readonly is: 'error'; readonly error: ErrorFrame | null; readonly close: CloseReason | null };

/** @param early true while the device has not said hello */
export function hear(patience: Patience, socket: WebSocket, message: string | ArrayBuffer, early: boolean, now: number): Heard {
  const mood = patience.take(socket, now);
  if (mood === 'limited') {
    // The sender of a message has to learn which one was not taken.
    const read = readFrame(chatUp, message, wrapped);
    return { is: 'error', error: answer(read.ok ? nameOf(read.frame) : undefined, 'rate_limited', 'Slower, please.'), close: null };
  }
  if (mood !== 'fine') return { is: 'error', error: null, close: mood };
  const read = readFrame(chatUp, message, wrapped);
  if (!read.ok) return { is: 'error', error: read.error, close: patience.bad(socket, now) ? 'bad_frame' : null };
  if (early && read.frame.type !== 'hello') {
    const error = answer(nameOf(read.frame), 'validation_failed', 'Say hello first.');
    return { is: 'error', error, close: patience.bad(socket, now) ? 'bad_frame' : null };
  }
  patience.good(socket, now);
  return { is: 'frame', frame: read.frame };
}

/** A message may stand in its frame by itself, or its parts beside the frame's type, as docs/realtime.md writes it. */
function wrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('type' in value)) return value;
  if (value.type !== 'message.send' || 'message' in value) return value;
  const { type, id, ...message } = value as Record<string, unknown>;
  return { type, ...(id === undefined ? {} : { id }), message };
}

/** What the answer to a frame is known by: its own id, or the message's name. */
export const nameOf = (frame: ChatUp): string | undefined =>
  frame.id ?? (frame.type === 'message.send' ? frame.message.clientId : undefined);

export const answer = (id: string | undefined, code: ErrorFrame['code'], message: string): ErrorFrame => ({
  type: 'error',
  code,
  message,
  ...(id === undefined ? {} : { id }),
});
