/**
 * What a person can do in a call, by where it stands. An act is only there while it means something: code that would ask
 * for another medium while it rings, or mute a call that is over, does not type-check.
 */
import type { CallMedia, CallState } from '../../../worker/protocol/call/call.ts';

interface Leaving {
  /** Hangs up, or stops ringing. Over HTTP as well where the socket is away, so that the wish is not lost with it. */
  readonly hangUp: () => Promise<void>;
}

interface Showing {
  readonly setMuted: (muted: boolean) => void;
  readonly setCamera: (camera: boolean) => void;
}

interface Asking {
  /** Asks for another medium, agrees to what the other asked for, or (with the present one) takes an open wish back. */
  readonly askMedia: (media: CallMedia) => void;
}

export type Acts =
  | ({ readonly phase: 'ringing' } & Leaving)
  /** Answered; the two are being joined, or joined again. */
  | ({ readonly phase: 'joining' } & Leaving & Showing)
  | ({ readonly phase: 'talking' } & Leaving & Showing & Asking)
  | { readonly phase: 'ended' };

const phases = {
  placing: 'ringing',
  ringing: 'ringing',
  connecting: 'joining',
  reconnecting: 'joining',
  active: 'talking',
  ended: 'ended',
} as const satisfies Record<CallState, Acts['phase']>;

/** The acts of a call's state, out of all there are. */
export function actsIn(state: CallState, { hangUp, setMuted, setCamera, askMedia }: Leaving & Showing & Asking): Acts {
  const phase = phases[state];
  switch (phase) {
    case 'ringing':
      return { phase, hangUp };
    case 'joining':
      return { phase, hangUp, setMuted, setCamera };
    case 'talking':
      return { phase, hangUp, setMuted, setCamera, askMedia };
    case 'ended':
      return { phase };
  }
}
