/**
 * The wire between one device and the server. A request may be lost, its answer may be lost (so it is sent again), it
 * may arrive twice, and overtake another. A socket keeps its order; what is under way when it breaks is gone, and the
 * other end learns of it at once, late, or never.
 */
import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

export interface Weather {
  /** Share of requests, and of answers, that get lost. */
  readonly loss: number;
  /** Share of requests that arrive twice. */
  readonly repeat: number;
  /** One way, ms. */
  readonly latency: readonly [from: number, to: number];
}

const RETRY_AFTER = 2_500;
const TRIES = 4;

export class Link {
  /** False while the device has no network. */
  up = true;
  private readonly agenda: Agenda;
  private readonly random: Random;
  private readonly weather: Weather;

  constructor(agenda: Agenda, random: Random, weather: Weather) {
    this.agenda = agenda;
    this.random = random;
    this.weather = weather;
  }

  delay(): number {
    const [from, to] = this.weather.latency;
    return this.random.int(from, to);
  }

  /**
   * One HTTP request, sent again until it is answered or given up.
   * @param serve what the server does, each time it arrives; null: the server broke off without an answer
   */
  request<T>(serve: (answer: (value: T) => void) => void, answered: (value: T) => void, failed: () => void = () => {}): void {
    let done = false;
    const attempt = (tries: number) => {
      if (done) return;
      if (tries === 0) return failed();
      const copies = this.random.chance(this.weather.repeat) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (!this.up || this.random.chance(this.weather.loss)) continue;
        this.agenda.after(this.delay(), () =>
          serve((value) => {
            if (this.random.chance(this.weather.loss)) return;
            this.agenda.after(this.delay(), () => {
              if (done || !this.up) return;
              done = true;
              answered(value);
            });
          }),
        );
      }
      this.agenda.after(RETRY_AFTER, () => attempt(tries - 1));
    };
    attempt(TRIES);
  }
}

/** What sits at the server's end of a socket. */
export interface Receiver<Up> {
  message(wire: Wire<Up, unknown>, frame: Up): void;
  /** The bare text `ping`, answered by the platform without waking anybody. */
  ping(wire: Wire<Up, unknown>): void;
  closed(wire: Wire<Up, unknown>): void;
}

/** One socket. `open` at each end may differ while a break has not been noticed. */
export class Wire<Up, Down> {
  readonly id: number;
  clientOpen = true;
  serverOpen = true;
  onFrame: (frame: Down) => void = () => {};
  onClose: () => void = () => {};
  private readonly agenda: Agenda;
  private readonly link: Link;
  private readonly receiver: Receiver<Up>;
  private upFree = 0;
  private downFree = 0;
  /** Rises when the wire breaks: what was sent before does not arrive. */
  private broken = false;

  constructor(id: number, agenda: Agenda, link: Link, receiver: Receiver<Up>) {
    this.id = id;
    this.agenda = agenda;
    this.link = link;
    this.receiver = receiver;
  }

  /** Client → server, in order. */
  send(frame: Up): void {
    if (!this.clientOpen || !this.link.up || this.broken) return;
    this.upFree = Math.max(this.upFree, this.agenda.now + this.link.delay());
    this.agenda.at(this.upFree, () => {
      if (this.serverOpen && !this.broken) this.receiver.message(this as Wire<Up, unknown>, frame);
    });
  }

  ping(): void {
    if (!this.clientOpen || !this.link.up || this.broken) return;
    this.upFree = Math.max(this.upFree, this.agenda.now + this.link.delay());
    this.agenda.at(this.upFree, () => {
      if (this.serverOpen && !this.broken) this.receiver.ping(this as Wire<Up, unknown>);
    });
  }

  /** Server → client, in order. */
  push(frame: Down): void {
    if (!this.serverOpen || this.broken) return;
    this.downFree = Math.max(this.downFree, this.agenda.now + this.link.delay());
    this.agenda.at(this.downFree, () => {
      if (this.clientOpen && this.link.up && !this.broken) this.onFrame(frame);
    });
  }

  /** Either end closes in good order: the other hears of it after what was sent before. */
  closeByServer(): void {
    if (!this.serverOpen) return;
    this.serverOpen = false;
    this.downFree = Math.max(this.downFree, this.agenda.now + this.link.delay());
    this.agenda.at(this.downFree, () => this.lostByClient());
  }

  closeByClient(): void {
    if (!this.clientOpen) return;
    this.clientOpen = false;
    this.upFree = Math.max(this.upFree, this.agenda.now + this.link.delay());
    this.agenda.at(this.upFree, () => this.lostByServer());
  }

  /** The wire breaks. Each end notices after so many ms, or never (null). */
  snap(clientNotices: number | null, serverNotices: number | null): void {
    this.broken = true;
    if (clientNotices !== null) this.agenda.after(clientNotices, () => this.lostByClient());
    if (serverNotices !== null) this.agenda.after(serverNotices, () => this.lostByServer());
  }

  private lostByClient(): void {
    if (!this.clientOpen) return;
    this.clientOpen = false;
    this.onClose();
  }

  private lostByServer(): void {
    if (!this.serverOpen) return;
    this.serverOpen = false;
    this.receiver.closed(this as Wire<Up, unknown>);
  }
}
