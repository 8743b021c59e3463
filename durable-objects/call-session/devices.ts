/** The sockets of a call: one a party, the newest; what each remembers while the object sleeps. */
import * as z from 'zod/mini';
import { type CallParty, callParty } from '../../worker/protocol/call/call.ts';
import type { CallDown } from '../../worker/protocol/call/down.ts';
import type { CloseReason } from '../../worker/protocol/errors.ts';
import { type SessionId, sessionId, type UserId, userId } from '../../worker/protocol/ids.ts';
import { attachmentOf } from '../kit/attachment.ts';
import { closeSocket, lastPingAt, sendFrame } from '../kit/sockets.ts';
import type { Proofs } from './core/events.ts';

/** What may come at once, and in the long run: the candidates of two networks come in a burst. */
export const FRAME_BUDGET = { burst: 120, perSecond: 30 } as const;

const device = z.object({
  party: callParty,
  userId,
  sessionId,
  /** A newer socket of the party took its place; its close says nothing about the party. */
  replaced: z.boolean(),
});
export type Device = z.infer<typeof device>;
const deviceOf = attachmentOf(device);

export class Devices {
  readonly #state: DurableObjectState;

  constructor(state: DurableObjectState) {
    this.#state = state;
  }

  /** What a socket is; null for one that was replaced. */
  of(socket: WebSocket): Device | null {
    const known = deviceOf.read(socket);
    return known && !known.replaced ? known : null;
  }

  /** Makes `socket` the one of its party, closing an older one. */
  put(socket: WebSocket, fresh: { party: CallParty; userId: UserId; sessionId: SessionId }): void {
    for (const older of this.#state.getWebSockets(fresh.party)) if (older !== socket) this.drop(older, 'replaced');
    deviceOf.write(socket, { ...fresh, replaced: false });
  }

  /** Closes a socket so that its close event means nothing any more. */
  drop(socket: WebSocket, reason: CloseReason): void {
    const known = deviceOf.read(socket);
    if (known) deviceOf.write(socket, { ...known, replaced: true });
    closeSocket(socket, reason);
  }

  /** The sockets a person has here, of one session or of all. */
  ofPerson(userId: UserId, sessionId?: SessionId): { socket: WebSocket; party: CallParty }[] {
    return this.#state.getWebSockets().flatMap((socket) => {
      const known = this.of(socket);
      return known && known.userId === userId && (sessionId === undefined || known.sessionId === sessionId)
        ? [{ socket, party: known.party }]
        : [];
    });
  }

  has(party: CallParty): boolean {
    return this.#socket(party) !== undefined;
  }

  send(to: CallParty, frame: CallDown): void {
    const socket = this.#socket(to);
    if (socket) sendFrame(socket, frame);
  }

  /** Closes a party's socket after the last word. */
  farewell(to: CallParty): void {
    this.#socket(to)?.close(1000, 'ended');
  }

  /** When each party's present socket was last heard by the platform. */
  proofs(): Proofs {
    const at = (party: CallParty) => {
      const socket = this.#socket(party);
      return socket ? lastPingAt(this.#state, socket) : null;
    };
    return { caller: at('caller'), callee: at('callee') };
  }

  #socket(party: CallParty): WebSocket | undefined {
    return this.#state.getWebSockets(party).find((socket) => this.of(socket) && socket.readyState === WebSocket.OPEN);
  }
}
