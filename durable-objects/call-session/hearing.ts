/** From a frame on a call socket to an event of the call, or to what is answered instead. */
import type { CallParty } from '../../worker/protocol/call/call.ts';
import { type CallUp, callUp } from '../../worker/protocol/call/up.ts';
import type { CloseReason, ErrorFrame } from '../../worker/protocol/errors.ts';
import type { Patience } from '../kit/patience.ts';
import { readFrame } from '../kit/sockets.ts';
import type { CallEvent } from './core/events.ts';

export type Heard =
  | { readonly is: 'event'; readonly event: CallEvent; readonly id: string | undefined }
  /** Nothing follows but this answer, and the end of the socket where patience is over. */
  | { readonly is: 'error'; readonly error: ErrorFrame | null; readonly close: CloseReason | null };

/** Any good frame is a proof of life as well. */
export function hear(patience: Patience, socket: WebSocket, party: CallParty, message: string | ArrayBuffer, now: number): Heard {
  const mood = patience.take(socket, now);
  if (mood === 'limited') return { is: 'error', error: { type: 'error', code: 'rate_limited', message: 'Slower, please.' }, close: null };
  if (mood !== 'fine') return { is: 'error', error: null, close: mood };
  const read = readFrame(callUp, message);
  if (!read.ok) return { is: 'error', error: read.error, close: patience.bad(socket, now) ? 'bad_frame' : null };
  patience.good(socket, now);
  return { is: 'event', event: { ...eventOf(read.frame, party), proofs: { [party]: now } }, id: read.frame.id };
}

/** What a frame of a client means to the call. */
function eventOf(frame: CallUp, party: CallParty): CallEvent {
  switch (frame.type) {
    case 'media.connected':
      return { type: 'media.connected', party };
    case 'media.failed':
      return { type: 'media.failed', party, provider: frame.provider, reason: frame.reason };
    case 'media.change':
      return { type: 'media.change', party, media: frame.media };
    case 'signal':
      return { type: 'signal', party, data: frame.data };
    case 'end':
      return { type: 'hangup', party };
  }
}
