/**
 * The hub socket of this device: says `hello` with the last `seq` it has, applies the sequence without a gap and
 * without a repeat, acknowledges what was shown, and hands the latest-wins frames on.
 */
import * as z from 'zod/mini';
import type { Call } from '../../worker/protocol/call/call.ts';
import { issueTicket } from '../../worker/protocol/http/auth.ts';
import { hubDown } from '../../worker/protocol/hub/down.ts';
import type { InboxStanding } from '../../worker/protocol/hub/inbox.ts';
import type { BalanceChanged, PresenceChanged } from '../../worker/protocol/hub/latest.ts';
import type { Sequenced } from '../../worker/protocol/hub/sequenced.ts';
import type { HubUp } from '../../worker/protocol/hub/up.ts';
import type { Api } from './api.ts';
import { API_BASE } from './api.ts';
import type { Clock } from './clock.ts';
import { type RawSocket, Socket } from './socket.ts';

export interface HubHandlers {
  /**
   * Called once per item, in order; `live` where it comes as it happens, not from the time this device was away. True
   * acknowledges it: this device has shown it; else that is said later, by `acknowledge`.
   */
  readonly onItem: (item: Sequenced, live: boolean) => boolean;
  readonly onCall: (call: Call) => void;
  readonly onBalance: (frame: BalanceChanged) => void;
  readonly onPresence: (frame: PresenceChanged) => void;
  readonly onInbox: (frame: InboxStanding) => void;
  /** The sequence is complete up to now: after every (re)connect. */
  readonly onCurrent: () => void;
}

/** Where the last applied `seq` is remembered between page loads. */
export interface SeqMemory {
  read(): number;
  write(seq: number): void;
}

export interface HubOptions extends HubHandlers {
  readonly api: Api;
  readonly clock: Clock;
  readonly open: (path: string, protocols: string[]) => RawSocket;
  readonly memory: SeqMemory;
  readonly heartbeatMs?: number;
}

const HEARTBEAT_MS = 20_000;

export class Hub {
  readonly socket: Socket;
  readonly #options: HubOptions;
  #seq: number;
  /** True once `hello` was answered on the present connection. */
  #current = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#seq = options.memory.read();
    this.socket = new Socket({
      clock: options.clock,
      open: options.open,
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
      address: async () => ({
        path: `${API_BASE}/hub/socket`,
        ticket: (await options.api.call(issueTicket, { body: { scope: 'hub' } })).ticket,
      }),
      onOpen: () => {
        this.#current = false;
        this.#send({ type: 'hello', lastSeq: this.#seq });
      },
      onText: (text) => this.#take(text),
    });
  }

  /** This device has shown an item that it had left open. False where that can't be said now. */
  acknowledge(id: string): boolean {
    return this.#current && this.#send({ type: 'ack', id });
  }

  /** Whether the person is at this device. */
  setPresence(presence: 'online' | 'away'): void {
    this.#send({ type: 'presence.set', presence });
  }

  close(): void {
    this.socket.close();
  }

  #take(text: string): void {
    const frame = z.safeParse(hubDown, parseJson(text));
    // A kind this client does not know yet is left alone; the hello of the next connect heals a lost item.
    if (!frame.success) return;
    switch (frame.data.type) {
      case 'hello':
        // A server whose sequence is shorter than ours was made anew: its numbers count.
        if (frame.data.seq < this.#seq) this.#remember(frame.data.seq);
        for (const item of frame.data.items) this.#apply(item, false);
        if (frame.data.seq > this.#seq) this.#remember(frame.data.seq);
        this.#current = true;
        if (frame.data.inbox) this.#options.onInbox(frame.data.inbox);
        this.#options.onCurrent();
        return;
      case 'call.incoming':
      case 'notification':
      case 'chat.event':
        if (!this.#current || frame.data.seq <= this.#seq) return;
        if (frame.data.seq > this.#seq + 1) {
          // A hole: ask for everything since the last one applied; this item comes again in the answer.
          this.#current = false;
          this.#send({ type: 'hello', lastSeq: this.#seq });
          return;
        }
        this.#apply(frame.data, true);
        return;
      case 'call.updated':
        this.#options.onCall(frame.data.call);
        return;
      case 'balance.changed':
        this.#options.onBalance(frame.data);
        return;
      case 'presence.changed':
        this.#options.onPresence(frame.data);
        return;
      case 'inbox.changed':
        this.#options.onInbox({ unread: frame.data.unread, newest: frame.data.newest });
        return;
      case 'error':
        return;
    }
  }

  #apply(item: Sequenced, live: boolean): void {
    if (item.seq <= this.#seq) return;
    this.#remember(item.seq);
    if (this.#options.onItem(item, live)) this.#send({ type: 'ack', id: item.id });
  }

  #remember(seq: number): void {
    this.#seq = seq;
    this.#options.memory.write(seq);
  }

  #send(frame: HubUp): boolean {
    return this.socket.send(JSON.stringify(frame));
  }
}

/** The parsed text, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
