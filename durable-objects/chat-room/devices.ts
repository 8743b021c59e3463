/** The open sockets of a conversation, and what goes out to them. What each remembers is in `device.ts`. */
import type { ChatDown } from '../../worker/protocol/chat/down.ts';
import type { CloseReason } from '../../worker/protocol/errors.ts';
import type { SessionId, UserId } from '../../worker/protocol/ids.ts';
import { closeSocket, lastPingAt, sendFrame, sendText } from '../kit/sockets.ts';
import { inFrames, textFor, type WireEvent } from './core/resuming.ts';
import type { Person } from './core/state.ts';
import { type Device, deviceOf, MAX_SOCKETS, SILENT_MS, Unconfirmed } from './device.ts';

export class Devices {
  readonly #state: DurableObjectState;
  /** What the open sockets remember, read once; null until it is needed. */
  #known: Map<WebSocket, Device> | null = null;
  readonly #unconfirmed = new WeakMap<WebSocket, Unconfirmed>();

  constructor(state: DurableObjectState) {
    this.#state = state;
  }

  of(socket: WebSocket): Device | null {
    return this.#all().get(socket) ?? null;
  }

  set(socket: WebSocket, device: Device): void {
    deviceOf.write(socket, device);
    this.#all().set(socket, device);
  }

  /** Forgets a socket that is gone. */
  gone(socket: WebSocket): void {
    this.#all().delete(socket);
  }

  send(socket: WebSocket, frame: ChatDown): boolean {
    return sendFrame(socket, frame);
  }

  sendText(socket: WebSocket, text: string): boolean {
    return sendText(socket, text);
  }

  /** To every device that was welcomed; to those of others only with `except`. */
  broadcast(frame: ChatDown, except?: UserId): void {
    const text = JSON.stringify(frame);
    for (const [socket, device] of this.#all()) if (device.greeted && device.userId !== except) sendText(socket, text);
  }

  /** To every welcomed device of a person. */
  tell(userId: UserId, frame: ChatDown): void {
    for (const [socket, device] of this.#all()) if (device.greeted && device.userId === userId) sendFrame(socket, frame);
  }

  /**
   * Sends events to every welcomed device: made into frames once for all who see the same. A device that is far behind
   * with what was sent before is closed; it resumes.
   */
  deliver(events: readonly WireEvent[], people: readonly Person[], now: number): void {
    const last = events.at(-1);
    if (!last) return;
    const plain = framesOf(events.map(({ text }) => text));
    const oldest = events.reduce((least, { about }) => Math.min(least, about ?? least), Number.POSITIVE_INFINITY);
    const late = new Map(people.filter(({ fromSeq }) => fromSeq > oldest).map((person) => [person.userId, person]));
    for (const [socket, device] of this.#all()) {
      if (!device.greeted) continue;
      const person = late.get(device.userId);
      const frames = person ? framesOf(events.map((event) => textFor(person, event))) : plain;
      for (const frame of frames) this.sendEvents(socket, frame, last.seq, now);
    }
  }

  /** Sends a frame of events up to `upTo`, counting how far behind the device is. */
  sendEvents(socket: WebSocket, frame: string, upTo: number, now: number): void {
    const unconfirmed = this.#unconfirmed.get(socket) ?? new Unconfirmed();
    this.#unconfirmed.set(socket, unconfirmed);
    if (unconfirmed.isTooMuch(now)) this.close(socket, 'slow_consumer');
    else if (sendText(socket, frame)) unconfirmed.sent(upTo, frame.length, now);
  }

  /** The device has everything up to here. */
  confirmed(socket: WebSocket, seq: number): void {
    this.#unconfirmed.get(socket)?.confirmed(seq);
  }

  /** Shows a device out: whatever it still says is not heard, also if the object sleeps before the socket is gone. */
  close(socket: WebSocket, reason: CloseReason): void {
    this.gone(socket);
    socket.serializeAttachment(null);
    closeSocket(socket, reason);
  }

  /** Closes a person's sockets of a session; all of them without one. */
  closeOf(userId: UserId, session: SessionId | undefined, reason: CloseReason): void {
    for (const [socket, device] of [...this.#all()])
      if (device.userId === userId && (session === undefined || device.sessionId === session)) this.close(socket, reason);
  }

  /** Who has a socket here. */
  people(): Set<UserId> {
    return new Set(Array.from(this.#all().values(), ({ userId }) => userId));
  }

  /** The oldest sockets of a person make room for one more. */
  makeRoom(userId: UserId): void {
    const own = [...this.#all()].filter(([, device]) => device.userId === userId).sort(([, a], [, b]) => a.openedAt - b.openedAt);
    for (const [socket] of own.slice(0, Math.max(0, own.length + 1 - MAX_SOCKETS))) this.close(socket, 'replaced');
  }

  closeSilent(now: number): void {
    for (const socket of [...this.#all().keys()]) {
      const pinged = lastPingAt(this.#state, socket);
      if (pinged === null || now - pinged <= SILENT_MS) continue;
      this.gone(socket);
      socket.close(1001, 'silent');
    }
  }

  #all(): Map<WebSocket, Device> {
    this.#known ??= new Map(
      this.#state.getWebSockets().flatMap((socket) => {
        const device = deviceOf.read(socket);
        return device ? [[socket, device] as const] : [];
      }),
    );
    return this.#known;
  }
}

const framesOf = (texts: readonly string[]): string[] => inFrames(texts).map((some) => `{"type":"events","items":[${some.join(',')}]}`);
