/** The open sockets of a person. What each remembers is in `device.ts`. */
import type { CloseReason } from '../../worker/protocol/errors.ts';
import type { HubDown } from '../../worker/protocol/hub/down.ts';
import type { SessionId } from '../../worker/protocol/ids.ts';
import { closeSocket, lastPingAt, sendFrame } from '../kit/sockets.ts';
import { type Device, deviceOf, isSilent, MAX_SOCKETS } from './device.ts';

export class Devices {
  readonly #state: DurableObjectState;

  constructor(state: DurableObjectState) {
    this.#state = state;
  }

  /** Those that have said hello. */
  greeted(): { socket: WebSocket; device: Device }[] {
    return this.#open().flatMap((socket) => {
      const device = deviceOf.read(socket);
      return device?.greeted ? [{ socket, device }] : [];
    });
  }

  send(socket: WebSocket, frame: HubDown): boolean {
    return sendFrame(socket, frame);
  }

  /** @returns how many devices it went to */
  broadcast(frame: HubDown): number {
    return this.greeted().filter(({ socket }) => this.send(socket, frame)).length;
  }

  /** The oldest sockets make room for one more, so that dead ones can't lock a person out. */
  makeRoom(): void {
    const open = this.#open();
    const oldest = open.sort((a, b) => (deviceOf.read(a)?.openedAt ?? 0) - (deviceOf.read(b)?.openedAt ?? 0));
    for (const socket of oldest.slice(0, Math.max(0, open.length + 1 - MAX_SOCKETS))) closeSocket(socket, 'replaced');
  }

  /** Closes the sockets of a session; all of them without one. */
  close(reason: CloseReason, session?: SessionId): void {
    for (const socket of this.#state.getWebSockets(session)) closeSocket(socket, reason);
  }

  closeSilent(now: number): void {
    for (const { socket } of this.greeted()) if (isSilent(lastPingAt(this.#state, socket), now)) socket.close(1001, 'silent');
  }

  #open(): WebSocket[] {
    return this.#state.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN);
  }
}
