/**
 * One call's object around the real core of `durable-objects/call-session`: state, receipt and outbox are stored in one
 * step with each decision, and survive a crash; sockets, ping times and deliveries under way do not.
 */
import type { Effect, OutboxEffect, SocketEffect } from '../../durable-objects/call-session/core/effects.ts';
import type { CallEvent, Proofs } from '../../durable-objects/call-session/core/events.ts';
import { type CallRecord, sides } from '../../durable-objects/call-session/core/state.ts';
import type { Answer } from '../../durable-objects/call-session/core/step.ts';
import type { PostedCheckpoint } from '../../worker/domains/pricing/port.ts';
import type { PlaceOrder } from '../../worker/platform/stubs.ts';
import type { CallParty } from '../../worker/protocol/call/call.ts';
import type { CallDown } from '../../worker/protocol/call/down.ts';
import type { CallUp } from '../../worker/protocol/call/up.ts';
import type { CallId } from '../../worker/protocol/ids.ts';
import type { Wire } from './network.ts';
import type { World } from './world.ts';

interface OutboxEntry {
  readonly id: number;
  readonly entity: string;
  readonly effect: OutboxEffect;
  tries: number;
  dueAt: number;
}

export type CallWire = Wire<CallUp, CallDown | SessionNews>;
/** What the shell makes of `grant`, `farewell` and `settled`; its content is the shell's, not the core's. */
export type SessionNews = { readonly type: 'grant' } | { readonly type: 'farewell'; readonly close: boolean } | { readonly type: 'final' };

/** Entries of one entity are told in order, as in the shell. */
const entityOf = (effect: OutboxEffect): string =>
  effect.kind === 'lock' || effect.kind === 'unlock' ? 'locks' : effect.kind === 'tell' ? `tell:${effect.party}` : effect.kind;

export class SessionHost {
  readonly id: CallId;
  readonly lines: PostedCheckpoint[] = [];
  record: CallRecord;
  private readonly world: World;
  private readonly parties = new Map<CallWire, CallParty>();
  private readonly pinged = new Map<CallWire, number>();
  private outbox: OutboxEntry[] = [];
  private entries = 0;
  private readonly underWay = new Set<string>();
  private readonly waiting: ((record: CallRecord) => boolean)[] = [];
  /** Rises with every crash: what an earlier process began comes to nothing. */
  private life = 0;
  private up = true;
  private skewMs: number;
  private alarmAt: number | null = null;
  private alarmSet = 0;

  constructor(world: World, order: PlaceOrder) {
    this.world = world;
    this.id = order.callId;
    this.skewMs = world.clockSkew();
    const { state, effects } = world.rules.begin({ ...order, now: this.clock() });
    this.record = state;
    for (const effect of effects) if (isOutbox(effect)) this.put(effect);
    this.arm();
    world.agenda.after(0, () => this.drain());
  }

  /** The object's own clock: off the world's, and sometimes set back. */
  clock(): number {
    return this.world.agenda.now + this.skewMs;
  }

  /** Effects not yet carried out, but for the note in the call's row that it is settled. */
  get outboxSize(): number {
    return this.outbox.filter(({ effect }) => effect.kind !== 'record' || effect.phase !== 'settled').length;
  }

  isUp(): boolean {
    return this.up;
  }

  /** Calls back once the record is as asked. */
  when(is: (record: CallRecord) => boolean): void {
    if (!is(this.record)) this.waiting.push(is);
  }

  // ── decisions ──────────────────────────────────────────────────────────────────────────────────────────

  /** Takes one event in: decide, store, then tell. Null: the process is down. */
  feed(event: CallEvent): Answer | null {
    if (!this.up) return null;
    return this.decide(event);
  }

  private decide(event: CallEvent, together: () => void = () => {}): Answer | null {
    const { world } = this;
    const proofs = this.proofs();
    const now = this.clock();
    const before = this.record;
    const step = world.rules.decide(before, { ...event, proofs }, now);
    // The transaction.
    this.record = step.state;
    together();
    for (const effect of step.effects) {
      if (effect.kind === 'line') this.lines.push(effect.line);
      else if (isOutbox(effect)) this.put(effect);
    }
    world.decided(this, before, { ...event, proofs }, now, step);
    this.arm();
    if (world.crashNow()) {
      this.crash();
      return null;
    }
    for (const effect of step.effects) if (isSocket(effect)) this.tell(effect);
    for (let at = this.waiting.length - 1; at >= 0; at--) if (this.waiting[at]?.(this.record)) this.waiting.splice(at, 1);
    if (this.outbox.length > 0) world.agenda.after(0, () => this.drain());
    return step.answer;
  }

  /** The last pings the platform saw on the sockets that are open now. */
  private proofs(): Proofs {
    const proofs: { caller?: number | null; callee?: number | null } = {};
    for (const [wire, party] of this.parties) {
      const at = this.pinged.get(wire);
      if (at !== undefined) proofs[party] = at;
    }
    return proofs;
  }

  private tell(effect: SocketEffect): void {
    for (const [wire, party] of this.parties) {
      if (party !== effect.to) continue;
      if (effect.kind === 'send') wire.push(effect.frame);
      else if (effect.kind === 'grant') wire.push({ type: 'grant' });
      else {
        wire.push(effect.kind === 'farewell' ? { type: 'farewell', close: effect.close } : { type: 'final' });
        if (effect.kind === 'settled' || effect.close) wire.closeByServer();
      }
    }
  }

  // ── alarms ─────────────────────────────────────────────────────────────────────────────────────────────

  private arm(): void {
    const { world } = this;
    const wake = world.rules.nextWake(this.record, this.clock());
    this.alarmAt = wake === null ? null : wake;
    const set = ++this.alarmSet;
    if (wake === null) return;
    world.agenda.at(wake - this.skewMs + world.alarmLateness(), () => this.ring(set));
    if (world.alarmOdd()) world.agenda.after(world.random.int(0, 20_000), () => this.feedTick());
  }

  private ring(set: number): void {
    if (set !== this.alarmSet || this.alarmAt === null) return;
    if (this.up) this.feedTick();
    else this.restart();
    // A handler that died is run again.
    if (!this.up) this.world.agenda.after(2_000, () => this.restart());
  }

  private feedTick(): void {
    if (this.up) this.feed({ type: 'tick' });
  }

  // ── outbox ─────────────────────────────────────────────────────────────────────────────────────────────

  private put(effect: OutboxEffect): void {
    this.outbox.push({ id: this.entries++, entity: entityOf(effect), effect, tries: 0, dueAt: this.world.agenda.now });
  }

  private drain(): void {
    if (!this.up) return;
    const heads = new Set<string>();
    for (const entry of [...this.outbox]) {
      if (heads.has(entry.entity)) continue;
      heads.add(entry.entity);
      if (this.underWay.has(entry.entity) || entry.dueAt > this.world.agenda.now) continue;
      this.underWay.add(entry.entity);
      this.deliver(entry);
    }
  }

  private deliver(entry: OutboxEntry): void {
    const life = this.life;
    let answered = false;
    const once = (then: () => void) => () => {
      if (answered || life !== this.life) return;
      answered = true;
      this.underWay.delete(entry.entity);
      then();
      this.drain();
    };
    const strike = () => {
      this.outbox = this.outbox.filter(({ id }) => id !== entry.id);
    };
    this.world.carryOut(this, entry.effect, {
      done: (event) =>
        once(() => {
          // One transaction: an answer that was taken in is never asked for again.
          if (event) this.decide(event, strike);
          else strike();
          this.emptied();
        })(),
      later: (event) =>
        once(() => {
          entry.tries += 1;
          const pause = Math.min(1_000 * 2 ** (entry.tries - 1), 60_000);
          entry.dueAt = this.world.agenda.now + pause;
          if (event) this.decide(event);
          this.world.agenda.at(entry.dueAt, () => this.drain());
        })(),
    });
  }

  private emptied(): void {
    if (this.up && this.outbox.length === 0 && this.record.phase === 'ended') this.decide({ type: 'drained' });
  }

  // ── sockets ────────────────────────────────────────────────────────────────────────────────────────────

  /** A socket of a party opens; an older one of the same party is closed. False: the process is down. */
  connect(wire: CallWire, party: CallParty): boolean {
    if (!this.up) return false;
    // The old socket's last proof is taken in before the new one takes its place.
    this.feed({ type: 'tick' });
    if (!this.up) {
      wire.closeByServer();
      return false;
    }
    for (const [older, whose] of this.parties) {
      if (whose !== party) continue;
      this.parties.delete(older);
      this.pinged.delete(older);
      older.closeByServer();
    }
    this.parties.set(wire, party);
    this.feed({ type: 'socket.opened', party });
    return true;
  }

  message(wire: Wire<CallUp, unknown>, frame: CallUp): void {
    const party = this.parties.get(wire as CallWire);
    if (party === undefined || !this.up) return;
    this.pinged.set(wire as CallWire, this.clock());
    if (frame.type === 'end') this.feed({ type: 'hangup', party });
    else if (frame.type === 'media.connected') this.feed({ type: 'media.connected', party });
    else if (frame.type === 'media.failed') this.feed({ type: 'media.failed', party, provider: frame.provider, reason: frame.reason });
    else if (frame.type === 'media.change') this.feed({ type: 'media.change', party, media: frame.media });
    else this.feed({ type: 'signal', party, data: frame.data });
  }

  ping(wire: Wire<CallUp, unknown>): void {
    const party = this.parties.get(wire as CallWire);
    if (party === undefined || !this.up) return;
    this.pinged.set(wire as CallWire, this.clock());
  }

  closed(wire: Wire<CallUp, unknown>): void {
    const party = this.parties.get(wire as CallWire);
    if (party === undefined) return;
    this.parties.delete(wire as CallWire);
    if (this.up) this.feed({ type: 'socket.closed', party });
    this.pinged.delete(wire as CallWire);
  }

  /** Who has an open socket. */
  present(party: CallParty): boolean {
    return sides.includes(party) && [...this.parties.values()].includes(party);
  }

  // ── crashes ────────────────────────────────────────────────────────────────────────────────────────────

  crash(): void {
    if (!this.up) return;
    this.up = false;
    this.life += 1;
    this.underWay.clear();
    this.waiting.length = 0;
    for (const wire of [...this.parties.keys()]) wire.closeByServer();
    this.parties.clear();
    this.pinged.clear();
    this.world.agenda.after(this.world.random.int(0, 6_000), () => this.restart());
  }

  /** A new process: it wakes as the first thing, on a machine whose clock may differ. */
  restart(): void {
    if (this.up) return;
    this.up = true;
    this.skewMs = this.world.clockSkew();
    this.world.restarted(this);
    this.arm();
    for (const entry of this.outbox) entry.dueAt = Math.min(entry.dueAt, this.world.agenda.now + 60_000);
    this.world.agenda.after(0, () => this.drain());
    for (const entry of this.outbox) if (entry.dueAt > this.world.agenda.now) this.world.agenda.at(entry.dueAt, () => this.drain());
    this.world.agenda.after(0, () => {
      if (this.up) this.emptied();
    });
  }

  /** The machine's clock is set. */
  stepClock(byMs: number): void {
    this.skewMs += byMs;
    this.arm();
  }
}

const sockets = new Set<Effect['kind']>(['send', 'grant', 'farewell', 'settled']);
const isSocket = (effect: Effect): effect is SocketEffect => sockets.has(effect.kind);
const isOutbox = (effect: Effect): effect is OutboxEffect => !isSocket(effect) && effect.kind !== 'timeline' && effect.kind !== 'line';

export interface Deliveries {
  /** Struck off, together with what the answer changes. */
  readonly done: (event?: CallEvent) => void;
  /** Told again after a pause. */
  readonly later: (event?: CallEvent) => void;
}
