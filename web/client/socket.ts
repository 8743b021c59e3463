/**
 * One socket that stays: connecting → open → (lost) waiting → connecting …, or closed for good.
 *
 * Every connect fetches a new ticket. Losses are retried with jittered backoff, because a deploy drops every socket at
 * once. `ping` goes out every heartbeat and at moments asked for; a `pong` that does not come raises `suspect` at once
 * (the screen says "reconnecting…") and, if silence lasts, drops the connection and starts anew.
 */
import { closeCodes } from '../../worker/protocol/errors.ts';
import { PING, PONG, SUBPROTOCOL, TICKET_PREFIX } from '../../worker/protocol/sockets.ts';
import type { Clock } from './clock.ts';
import { isProblem } from './problem.ts';
import { Store } from './store.ts';

/** The part of a browser's WebSocket that is used. */
export interface RawSocket {
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export type SocketPhase =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open'; readonly suspect: boolean }
  | { readonly phase: 'waiting'; readonly until: number; readonly attempt: number }
  | { readonly phase: 'closed'; readonly reason: ClosedReason };

/** Why a socket does not come back: what the server's close code or refusal said, or `left` when we closed it. */
export type ClosedReason = 'left' | 'unauthenticated' | 'forbidden' | 'not_found' | 'replaced' | 'revoked' | 'upgrade_required';

export interface SocketOptions {
  readonly clock: Clock;
  /** Opens a raw socket at `path` of the API's origin with these subprotocols. */
  readonly open: (path: string, protocols: string[]) => RawSocket;
  /** Where to connect, with a ticket that was not spent yet. */
  readonly address: () => Promise<{ path: string; ticket: string }>;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Until the server says another. */
  readonly heartbeatMs: number;
}

/** A pong later than this raises suspicion. */
export const SUSPECT_MS = 2_500;
/** Without any pong for so long the connection is given up and made anew. */
const DEAD_MS = 10_000;
const CONNECT_MS = 10_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

const finalCloses: ReadonlyMap<number, ClosedReason> = new Map([
  [closeCodes.unauthenticated, 'unauthenticated'],
  [closeCodes.forbidden, 'forbidden'],
  [closeCodes.not_found, 'not_found'],
  [closeCodes.replaced, 'replaced'],
  [closeCodes.revoked, 'revoked'],
  [closeCodes.upgrade_required, 'upgrade_required'],
]);

/** How long to wait before the nth try (0-based): doubling, with half of it up to chance. */
export const backoffMs = (attempt: number, random: number): number =>
  Math.round(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2));

export class Socket {
  readonly phase = new Store<SocketPhase>({ phase: 'connecting' });
  readonly #options: SocketOptions;
  #raw: RawSocket | null = null;
  /** Losses since the last pong or frame: a socket that opens and dies at once must not be hammered. */
  #attempt = 0;
  /** Grows with every try, so that late events of an old one are known. */
  #generation = 0;
  #stopTimers: (() => void)[] = [];
  #stopExtra: (() => void) | null = null;
  #heartbeatMs: number;
  #stopBeat: (() => void) | null = null;
  /** When the oldest unanswered ping went out. */
  #pingedAt: number | null = null;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#heartbeatMs = options.heartbeatMs;
    void this.#connect();
  }

  /** Sends if open; what can't be sent now is for the caller to repeat after `onOpen`. */
  send(text: string): boolean {
    if (this.phase.get().phase !== 'open' || !this.#raw) return false;
    this.#raw.send(text);
    return true;
  }

  /** One extra ping at a moment (ms since the epoch), so that a checkpoint is proved at its second. */
  pingAt(at: number | null): void {
    this.#stopExtra?.();
    this.#stopExtra = at === null ? null : this.#options.clock.after(Math.max(0, at - this.#options.clock.now()), () => this.#ping());
  }

  /** Pings this often from now on: at once, then every `ms`. The same again changes nothing. */
  beatEvery(ms: number): void {
    if (ms === this.#heartbeatMs || ms <= 0) return;
    this.#heartbeatMs = ms;
    if (this.phase.get().phase === 'open') this.#beat();
  }

  /** Tries again now instead of after the wait: the network is back, the page is looked at. */
  hurry(): void {
    const phase = this.phase.get();
    if (phase.phase === 'waiting') void this.#connect();
    else if (phase.phase === 'open') this.#ping();
  }

  /** The device says that it has no network: a connection that only seems open is given up, and tried anew as after any loss. */
  cut(): void {
    if (this.phase.get().phase === 'open') this.#lost();
  }

  close(): void {
    this.#end('left');
  }

  async #connect(): Promise<void> {
    const generation = ++this.#generation;
    this.#clearTimers();
    this.phase.set({ phase: 'connecting' });
    let address: { path: string; ticket: string };
    try {
      address = await this.#options.address();
    } catch (thrown) {
      if (generation !== this.#generation) return;
      if (isProblem(thrown, 'unauthenticated', 'forbidden', 'not_found')) this.#end(thrown.code as ClosedReason);
      else this.#lost();
      return;
    }
    if (generation !== this.#generation) return;
    const raw = this.#options.open(address.path, [SUBPROTOCOL, TICKET_PREFIX + address.ticket]);
    this.#raw = raw;
    const stopConnect = this.#options.clock.after(CONNECT_MS, () => {
      if (generation === this.#generation) this.#lost();
    });
    this.#stopTimers.push(stopConnect);
    raw.onopen = () => {
      if (generation !== this.#generation) return;
      stopConnect();
      this.#pingedAt = null;
      this.phase.set({ phase: 'open', suspect: false });
      this.#beat();
      this.#options.onOpen();
    };
    raw.onmessage = ({ data }) => {
      if (generation !== this.#generation || typeof data !== 'string') return;
      this.#attempt = 0;
      if (data === PONG) this.#ponged();
      else this.#options.onText(data);
    };
    raw.onclose = ({ code }) => {
      if (generation !== this.#generation) return;
      const reason = finalCloses.get(code);
      if (reason) this.#end(reason);
      else this.#lost();
    };
    raw.onerror = () => {
      // A close event follows and says more.
    };
  }

  #beat(): void {
    this.#stopBeat?.();
    this.#ping();
    this.#stopBeat = this.#options.clock.after(this.#heartbeatMs, () => this.#beat());
  }

  #ping(): void {
    if (!this.send(PING)) return;
    const { clock } = this.#options;
    if (this.#pingedAt !== null) return;
    const sentAt = clock.now();
    this.#pingedAt = sentAt;
    this.#stopTimers.push(
      clock.after(SUSPECT_MS, () => {
        if (this.#pingedAt === sentAt) this.phase.set({ phase: 'open', suspect: true });
      }),
      clock.after(DEAD_MS, () => {
        if (this.#pingedAt === sentAt) this.#lost();
      }),
    );
  }

  #ponged(): void {
    this.#pingedAt = null;
    const phase = this.phase.get();
    if (phase.phase === 'open' && phase.suspect) this.phase.set({ phase: 'open', suspect: false });
  }

  #lost(): void {
    this.#drop();
    const wait = backoffMs(this.#attempt, this.#options.clock.random());
    this.phase.set({ phase: 'waiting', until: this.#options.clock.now() + wait, attempt: this.#attempt });
    this.#attempt += 1;
    this.#stopTimers.push(this.#options.clock.after(wait, () => void this.#connect()));
  }

  #end(reason: ClosedReason): void {
    if (this.phase.get().phase === 'closed') return;
    this.#drop();
    this.pingAt(null);
    this.phase.set({ phase: 'closed', reason });
  }

  #drop(): void {
    this.#generation += 1;
    this.#clearTimers();
    const raw = this.#raw;
    this.#raw = null;
    raw?.close(1000);
  }

  #clearTimers(): void {
    this.#stopBeat?.();
    this.#stopBeat = null;
    for (const stop of this.#stopTimers) stop();
    this.#stopTimers = [];
  }
}
