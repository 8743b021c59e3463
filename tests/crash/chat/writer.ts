/**
 * One device of a person who writes a lot and loses their connection a lot. Whatever was not acknowledged is sent again
 * under the same name, in the order in which it was written, before anything new.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../simulation/random.ts';
import type { Ear, Line } from './line.ts';
import type { Claim, Notes, Sent } from './notes.ts';

/** Messages a device has on their way at most. */
const IN_FLIGHT = 6;
const texts = ['Good morning', 'How was it?', 'I have been thinking about that', 'Ha!', 'Grüße aus Köln', '🌊 at the sea', 'Tell me more'];

export class Writer implements Ear {
  readonly notes: Notes;
  readonly faults: string[] = [];
  readonly #random: Random;
  readonly #acked: string[];
  readonly #line: Line;
  /** Written and not acknowledged, in order. */
  readonly #open = new Map<string, Sent>();
  /** Of those, what has been sent on this connection. */
  #underWay = new Set<string>();
  #visit: Notes['visits'][number] | null = null;
  #away = false;
  #written = 0;

  /**
   * @param acked the room's list of acknowledged messages, shared by all of its devices
   * @param lineOf makes the device's line
   */
  constructor(device: string, random: Random, acked: string[], lineOf: (ear: Ear) => Line) {
    this.notes = { device, sent: [], copy: [], visits: [], returned: false };
    this.#random = random;
    this.#acked = acked;
    this.#line = lineOf(this);
  }

  /** Everything written has been acknowledged. */
  get settled(): boolean {
    return this.#open.size === 0;
  }

  /** Messages written and not acknowledged. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Shows everything that was acknowledged in the room. */
  hasAll(): boolean {
    const shown = new Set(this.notes.copy);
    return this.#acked.every((id) => shown.has(id));
  }

  async come(): Promise<void> {
    while (!(await this.#connected()));
  }

  /** Writes until told to stop. */
  async write(going: () => boolean): Promise<void> {
    const random = this.#random;
    while (going()) {
      if (!(await this.#connected())) continue;
      const dice = random.unit();
      if (dice < 0.02) {
        await this.#drop(random.int(0, 250));
      } else if (dice < 0.2) {
        this.#line.fidget?.(random);
      } else if (dice < 0.28 && this.#line.post && this.settled) {
        await this.#line.post(this.#compose());
      } else if (this.#open.size < IN_FLIGHT) {
        this.#send(this.#compose());
        // The connection goes before the answer can come.
        if (random.chance(0.03)) await this.#drop(random.int(0, 150));
      }
      await pause(random.int(1, 30));
    }
  }

  /** Comes back, brings home what is open and writes some more. @param more messages, at least 2 */
  async finish(more: number, going: () => boolean): Promise<void> {
    this.#away = false;
    for (let left = more; going() && (left > 0 || !this.settled); ) {
      if (!(await this.#connected())) continue;
      if (left > 0 && this.#open.size < IN_FLIGHT) {
        this.#send(this.#compose());
        left -= 1;
      }
      await pause(20);
    }
    this.notes.returned = true;
  }

  /** Leaves something in the room that is no message. */
  async mark(going: () => boolean): Promise<void> {
    await this.#line.mark?.(going);
  }

  /** At the end, when everything has come that will: what it has is what it has. */
  close(): void {
    this.#leave(true);
  }

  /** The room was killed. */
  cut(): void {
    this.#away = true;
    this.#leave(false);
  }

  greeted(claim: Claim, whole: boolean): void {
    this.#visit = { claim, ackedBefore: this.#ackedWhenAsked, ackedThen: this.#acked.length, had: whole ? new Set(this.notes.copy) : null };
    this.notes.visits.push(this.#visit);
  }

  acknowledged(clientId: string): void {
    // Whatever the room had to bring came before its answer to something sent after the greeting.
    if (this.#visit && this.#underWay.has(clientId)) this.#visit.had ??= new Set(this.notes.copy);
    this.#underWay.delete(clientId);
    if (this.#open.delete(clientId)) this.#acked.push(clientId);
  }

  shown(clientId: string): void {
    this.notes.copy.push(clientId);
  }

  redrawn(clientIds: readonly string[]): void {
    this.notes.copy = [...clientIds];
  }

  refused(clientId: string): void {
    this.#underWay.delete(clientId);
    // It comes behind others now, and that is not the room's fault.
    const at = this.notes.sent.findIndex((message) => message.clientId === clientId);
    if (at >= 0) this.notes.sent.splice(at, 1);
  }

  wrong(what: string): void {
    this.faults.push(`${this.notes.device}: ${what}`);
  }

  #ackedWhenAsked = 0;

  async #connected(): Promise<boolean> {
    if (this.#line.isOpen()) {
      this.#resend();
      return true;
    }
    if (this.#away) {
      await pause(50);
      return false;
    }
    this.#leave(false);
    this.#ackedWhenAsked = this.#acked.length;
    const open = await this.#line.open();
    if (open) this.#resend();
    else await pause(this.#random.int(50, 200));
    return open;
  }

  /** What this connection has not carried yet, in order. */
  #resend(): void {
    for (const message of this.#open.values()) if (!this.#underWay.has(message.clientId)) this.#send(message);
  }

  #compose(): Sent {
    const n = this.#written++;
    const message = { clientId: `${this.notes.device}-${String(n).padStart(4, '0')}`, text: `${this.#random.pick(texts)} ${n}` };
    this.notes.sent.push(message);
    this.#open.set(message.clientId, message);
    return message;
  }

  #send(message: Sent): void {
    this.#underWay.add(message.clientId);
    this.#line.send(message);
  }

  async #drop(ms: number): Promise<void> {
    this.#leave(false);
    await pause(ms);
  }

  #leave(final: boolean): void {
    if (final && this.#visit) this.#visit.had ??= new Set(this.notes.copy);
    this.#visit = null;
    this.#underWay = new Set();
    this.#line.cut();
  }
}
