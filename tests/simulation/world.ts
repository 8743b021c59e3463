/**
 * A small world from one seed: a few members and companions, their devices, two ledger shards, and everything that can
 * go wrong between them. The rules are the real ones; the laws watch every step.
 */
import type { Effect, OutboxEffect } from '../../durable-objects/call-session/core/effects.ts';
import type { CallEvent, EventOf } from '../../durable-objects/call-session/core/events.ts';
import { callOf } from '../../durable-objects/call-session/core/frames.ts';
import { limits } from '../../durable-objects/call-session/core/rehearsal.ts';
import { type CallRecord, isOver, otherSide } from '../../durable-objects/call-session/core/state.ts';
import type { Step } from '../../durable-objects/call-session/core/step.ts';
import { beginning } from '../../worker/domains/billing/meter.ts';
import type { Pace } from '../../worker/domains/moments/rules.ts';
import type { ChargeOrder } from '../../worker/domains/pricing/port.ts';
import type { Way } from '../../worker/domains/pricing/ways.ts';
import type { CallLimits, CallPerson, PlaceOrder, Standing } from '../../worker/platform/stubs.ts';
import type { CallParty, EndReason } from '../../worker/protocol/call/call.ts';
import type { Tariff } from '../../worker/protocol/http/tariffs.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { Agenda } from './agenda.ts';
import { befall, subscribe } from './fortunes.ts';
import { HubHost, type LockAnswer } from './hub.ts';
import { Laws } from './laws.ts';
import type { LedgerModel } from './ledger-model.ts';
import type { Weather } from './network.ts';
import { CallClient, type Device, Person } from './people.ts';
import { draw, type Plan } from './plans.ts';
import { drawOffer, type Offer, Purse } from './purse.ts';
import { Random } from './random.ts';
import { type Rules, realRules } from './rules.ts';
import { type Deliveries, SessionHost } from './session.ts';
import { drawTariff, golden } from './tariffs.ts';
import { DAY_MS, days, midnightBefore, zones } from './zones.ts';

export interface Counts {
  calls: number;
  talked: number;
  resumed: number;
  postings: number;
  /** Checkpoints paid by a plan and by moments, and moves to another model. */
  allowances: number;
  pieces: number;
  moves: number;
  crashes: number;
  steps: number;
}

/** How many calls ended for each reason; a world that never reaches one proves nothing about it. */
export type Ends = Map<EndReason, number>;
export const noCounts = (): Counts => ({
  calls: 0,
  talked: 0,
  resumed: 0,
  postings: 0,
  allowances: 0,
  pieces: 0,
  moves: 0,
  crashes: 0,
  steps: 0,
});

export type Trace = (line: string) => void;

const NOON = Date.parse('2026-03-01T12:00:00Z');
/** Nothing in a world should take longer; one that goes on is itself a violation. */
const MOST_STEPS = 400_000;
const FOLD_EVERY = 1_000;

export class World {
  readonly random: Random;
  readonly agenda: Agenda;
  readonly rules: Rules;
  readonly ledger: LedgerModel;
  readonly laws: Laws;
  readonly limits: CallLimits;
  readonly weather: Weather;
  readonly offer: Offer;
  readonly people: Person[] = [];
  readonly purses = new Map<UserId, Purse>();
  readonly trace: Trace | undefined;
  readonly counts: Counts;
  readonly ends: Ends | undefined;
  readonly calm: boolean;
  private readonly began: number;
  /** Where members live at first. */
  private readonly zone: string;
  private readonly crashOdds: number;
  private readonly rpcOdds: number;
  /** How far a machine's clock is off at most, ms; 0: all are right and none is ever set. */
  readonly skewMost: number;
  private readonly tariffs: Record<'audio' | 'video', Tariff>;
  private readonly sessions = new Map<CallId, SessionHost>();
  private readonly plans = new Map<CallId, Plan>();
  private readonly clients = new Map<CallId, CallClient[]>();
  private readonly resumed = new Set<CallId>();
  private databaseAway = false;
  private wires = 0;
  private callIds = 0;
  private purchases = 0;
  private moves = 0;

  constructor(seed: string, rules: Rules, counts: Counts, more: { trace?: Trace | undefined; ends?: Ends }) {
    this.rules = rules;
    this.counts = counts;
    this.trace = more.trace;
    this.ends = more.ends;
    const random = new Random(seed);
    this.random = random;
    this.calm = random.chance(0.4);
    this.crashOdds = this.calm ? 0 : random.pick([0, 0.002, 0.02]);
    this.rpcOdds = this.calm ? 0 : random.pick([0, 0.01, 0.1, 0.3]);
    this.skewMost = this.calm ? 0 : random.pick([0, 200, 5_000]);
    this.weather = this.calm
      ? { loss: 0, repeat: 0, latency: [5, 120] }
      : { loss: random.pick([0, 0.02, 0.15]), repeat: random.pick([0, 0.05, 0.3]), latency: [5, random.pick([100, 400, 2_000])] };
    this.limits = { ...limits, maxSeconds: random.chance(0.15) ? random.int(15, 150) : limits.maxSeconds };
    const usual = random.chance(0.6);
    this.tariffs = {
      audio: usual ? golden : drawTariff(random, 'audio'),
      video: random.chance(0.5) && usual ? golden : drawTariff(random, 'video'),
    };
    this.zone = random.pick(zones).name;
    // Half of all worlds begin shortly before somebody's midnight, now and then one at which clocks change.
    this.began = random.chance(0.5) ? NOON : midnightBefore(random.pick(days), this.zone) - random.int(5_000, 600_000);
    this.agenda = new Agenda(this.began);
    this.offer = drawOffer(random);
    this.ledger = rules.ledger(2);
    this.laws = new Laws(this);
    this.populate();
  }

  private populate(): void {
    const { random } = this;
    for (let n = 0; n < 4; n++) {
      const role = n < 2 ? 'member' : 'companion';
      const userId = `usr_${role === 'member' ? 'm' : 'c'}${n}` as UserId;
      const person = new Person(this, {
        userId,
        role,
        shard: random.int(0, 1),
        hub: new HubHost(this, userId),
        devices: random.chance(0.25) ? 2 : 1,
      });
      this.people.push(person);
      if (random.chance(0.95)) for (const device of person.devices) device.open();
      const coins = random.pick([0, 9, 60, 68, 69, 100, 128, 129, 189, 300, 1_000, 5_000]);
      if (coins > 0) this.grant(person, coins, `seed:${userId}`);
      if (role === 'member') this.endow(person);
    }
    const wishes = random.int(2, 6);
    let at = 1_000;
    const moments: number[] = [];
    // Now and then they meet again the next day, about when a rest of yesterday's company is gone.
    const far = random.chance(0.25);
    for (let n = 0; n < wishes; n++) {
      const member = this.people[random.int(0, 1)] as Person;
      const companion = this.people[random.int(2, 3)] as Person;
      const [caller, callee] = random.chance(0.88) ? [member, companion] : [companion, member];
      moments.push(at);
      this.agenda.after(at, () => this.wish(caller, callee));
      if (random.chance(0.3)) this.agenda.after(at + random.int(-2_000, 240_000), () => this.expire());
      // Both ring each other at once.
      if (random.chance(0.08)) this.agenda.after(at + random.int(-60, 60), () => this.wish(callee, caller));
      at += random.chance(0.25) ? random.int(0, 15_000) : random.int(30_000, 330_000);
      if (far && random.chance(0.5)) at += random.pick([0.5, 0.8, 0.99, 1, 1.01]) * DAY_MS + random.int(-200_000, 0);
    }
    if (!this.calm) this.trouble(moments);
  }

  /** What strikes the world itself, apart from any one call. */
  private trouble(wishes: readonly number[]): void {
    const { random, agenda } = this;
    const strikes = (most: number) => Array.from({ length: random.int(0, most) }, () => random.pick(wishes) + random.int(-1_000, 240_000));
    for (const at of strikes(3))
      agenda.after(at, () => {
        this.databaseAway = true;
        this.note('database', 'away');
        agenda.after(random.pick([500, 5_000, 40_000, 150_000]), () => {
          this.databaseAway = false;
          this.note('database', 'back');
        });
      });
    for (const at of strikes(4))
      agenda.after(at, () => {
        for (const session of this.sessions.values()) if (random.chance(0.7)) this.crashSession(session);
      });
    for (const at of strikes(3)) agenda.after(at, () => random.pick(this.people).hub.crash());
    for (const at of strikes(4)) agenda.after(at, () => random.pick(random.pick(this.people).devices).drop());
    if (this.skewMost > 0)
      for (const at of strikes(4))
        agenda.after(at, () => {
          for (const session of this.sessions.values()) session.stepClock(random.pick([-30_000, -3_000, -500, 500, 3_000, 12_000, 40_000]));
        });
  }

  // ── running ────────────────────────────────────────────────────────────────────────────────────────────

  run(): void {
    let steps = 0;
    while (this.agenda.step()) {
      steps += 1;
      this.laws.step();
      if (steps % FOLD_EVERY === 0) this.laws.fold();
      if (steps >= MOST_STEPS) this.laws.neverEnds();
    }
    this.laws.end();
    this.counts.steps += steps;
    for (const { journal } of this.ledger.shards)
      for (const { kind } of journal) {
        this.counts.postings += 1;
        if (kind === 'allowance') this.counts.allowances += 1;
        if (kind === 'piece') this.counts.pieces += 1;
        if (kind === 'migration') this.counts.moves += 1;
      }
  }

  // ── odds ───────────────────────────────────────────────────────────────────────────────────────────────

  crashNow(): boolean {
    return this.crashOdds > 0 && this.random.chance(this.crashOdds);
  }
  clockSkew(): number {
    return this.skewMost === 0 ? 0 : this.random.int(-this.skewMost, this.skewMost);
  }
  alarmLateness(): number {
    if (this.calm) return 0;
    return this.random.chance(0.9)
      ? this.random.int(0, 50)
      : this.random.chance(0.9)
        ? this.random.int(0, 3_000)
        : this.random.int(0, 40_000);
  }
  alarmOdd(): boolean {
    return !this.calm && this.random.chance(0.03);
  }
  nextWire(): number {
    return ++this.wires;
  }
  nextMove(): number {
    return ++this.moves;
  }
  note(who: string, what: string): void {
    this.trace?.(`${((this.agenda.now - this.began) / 1000).toFixed(3).padStart(9)}  ${who.padEnd(10)} ${what}`);
  }

  crashSession(session: SessionHost): void {
    if (!session.isUp()) return;
    this.counts.crashes += 1;
    this.note(session.id, 'crash');
    session.crash();
  }
  restarted(session: SessionHost): void {
    this.note(session.id, 'restart');
  }

  /** A call to another object: it may fail before or after it did its work. */
  rpc<T>(work: () => T, answered: (value: T) => void, failed: () => void): void {
    this.ask<T>((answer) => answer(work()), answered, failed);
  }

  /** `rpc` where the other one takes its time to answer. */
  ask<T>(work: (answer: (value: T) => void) => void, answered: (value: T) => void, failed: () => void): void {
    const { random, agenda } = this;
    const fails = this.rpcOdds > 0 && random.chance(this.rpcOdds) ? random.pick(['before', 'after', 'late', 'late'] as const) : null;
    if (fails === 'late') {
      // Given up here, and carried out over there all the same.
      agenda.after(random.int(20, 2_000), failed);
      agenda.after(random.int(100, 30_000), () => work(() => {}));
      return;
    }
    agenda.after(random.int(1, 15), () => {
      if (fails === 'before') {
        failed();
        return;
      }
      work((value) => agenda.after(random.int(1, 15), () => (fails === 'after' ? failed() : answered(value))));
    });
  }

  // ── calls ──────────────────────────────────────────────────────────────────────────────────────────────

  session(id: CallId): SessionHost | undefined {
    return this.sessions.get(id);
  }
  planOf(id: CallId): Plan | undefined {
    return this.plans.get(id);
  }
  person(id: UserId): Person {
    const found = this.people.find(({ userId }) => userId === id);
    if (!found) throw new Error(`nobody is ${id}`);
    return found;
  }
  liveness(id: CallId): 'running' | 'ended' | 'unknown' {
    const session = this.sessions.get(id);
    return session === undefined ? 'unknown' : isOver(session.record) ? 'ended' : 'running';
  }

  private wish(caller: Person, callee: Person, resumes: SessionHost | null = null): void {
    const callId = `call_${++this.callIds}` as CallId;
    const plan = draw(this.random, { calm: this.calm });
    const device = caller.devices[0] as Device;
    device.link.request<{ call: CallId; party: CallParty } | null>(
      (answer) => this.serveWish(callId, caller, callee, device, plan, resumes, answer),
      (said) => {
        if (said === null) return;
        const session = this.sessions.get(said.call);
        const its = this.plans.get(said.call);
        if (!session || !its) return;
        this.join(session, said.party, device, its);
      },
    );
  }

  /** `POST /calls`, as far as the rules need it. Answers the call, the call to join instead, or null. */
  private serveWish(
    callId: CallId,
    caller: Person,
    callee: Person,
    device: Device,
    plan: Plan,
    resumes: SessionHost | null,
    answer: (said: { call: CallId; party: CallParty } | null) => void,
  ): void {
    caller.hub.callIdFor(`key-${callId}`, callId);
    let session = this.sessions.get(callId);
    if (!session) {
      const payer: CallParty = caller.role === 'member' ? 'caller' : 'callee';
      const paying = payer === 'caller' ? caller : callee;
      const tariff = resumes ? (resumes.record.money.tariff as Tariff) : this.tariffs[plan.media];
      const carried = resumes ? this.rules.standingOf(resumes.record, resumes.clock()) : null;
      const { version } = this.purse(paying);
      const peer = payer === 'caller' ? callee : caller;
      const pace = this.rules.paceOf(tariff, carried?.positions.payer, carried?.connectedMs);
      const means = this.purse(paying).means(version, {
        peer: peer.userId,
        media: carried?.media ?? plan.media,
        now: this.agenda.now,
        pace,
      });
      const resumable = resumes === null || (carried !== null && !this.resumed.has(resumes.id));
      if (!resumable || !this.rules.canStart(tariff, means, carried?.positions.payer)) {
        answer(null);
        return;
      }
      if (resumes) this.resumed.add(resumes.id);
      session = this.begin({
        callId,
        caller,
        callee,
        payer,
        device,
        plan,
        tariff,
        means,
        version,
        resumes,
        carried,
      });
    }
    const placed = session;
    placed.when((record) => {
      if (record.phase === 'placing') return false;
      const joined = record.refusal?.joined ?? null;
      if (joined !== null) answer({ call: joined, party: 'callee' });
      else answer(isOver(record) ? null : { call: callId, party: 'caller' });
      return true;
    });
  }

  private begin(of: {
    callId: CallId;
    caller: Person;
    callee: Person;
    payer: CallParty;
    device: Device;
    plan: Plan;
    tariff: Tariff;
    means: PlaceOrder['means'];
    version: PlaceOrder['payerVersion'];
    resumes: SessionHost | null;
    carried: Standing | null;
  }): SessionHost {
    const card = (person: Person): CallPerson => ({
      id: person.userId,
      displayName: person.userId,
      portrait: null,
      role: person.role,
      ledgerShard: person.shard,
    });
    const order: PlaceOrder = {
      callId: of.callId,
      caller: card(of.caller),
      callee: card(of.callee),
      payer: of.payer,
      media: of.carried?.media ?? of.plan.media,
      kind: 'direct',
      now: this.agenda.now,
      sessionId: of.device.sessionId,
      resumes: of.resumes?.id ?? null,
      carried: of.carried,
      tariff: of.tariff,
      quote: { tariffId: of.tariff.id, unit: 'COIN', firstAmount: 0, then: null, checkpoints: [], secondsAffordable: null },
      payerVersion: of.version,
      means: of.means,
      limits: this.limits,
    };
    this.counts.calls += 1;
    if (of.resumes) this.counts.resumed += 1;
    this.plans.set(of.callId, of.plan);
    this.clients.set(of.callId, []);
    const session = new SessionHost(this, order);
    this.sessions.set(of.callId, session);
    this.laws.placed(session, order);
    if (order.carried === null) this.laws.promised(order, this.rules.carriesUntil(order.tariff, beginning.payer, order.means, false));
    if (this.trace)
      this.note(
        of.callId,
        `placed ${of.caller.userId} → ${of.callee.userId}, ${order.payer} pays${of.resumes ? `, resumes ${of.resumes.id}` : ''}`,
      );
    const { cancels, stopped } = of.plan;
    if (cancels !== null)
      this.agenda.after(cancels, () =>
        of.device.link.request<void>(
          (answer) => {
            if (!['placing', 'ringing'].includes(session.record.phase)) answer();
            else if (session.feed({ type: 'hangup', party: 'caller' }) !== null) answer();
          },
          () => {},
        ),
      );
    if (stopped && stopped.atMs < 0) this.agenda.after(-stopped.atMs, () => this.stop(session, stopped.reason));
    return session;
  }

  /** A device goes into a call it placed or answered. */
  join(session: SessionHost, party: CallParty, device: Device, plan: Plan): void {
    const clients = this.clients.get(session.id);
    if (!clients || clients.some((client) => client.party === party)) return;
    clients.push(new CallClient(this, session, party, device, plan));
  }

  private client(session: SessionHost, party: CallParty): CallClient | undefined {
    return this.clients.get(session.id)?.find((client) => client.party === party);
  }

  private stop(session: SessionHost, reason: 'blocked' | 'moderated'): void {
    const attempt = (tries: number) => {
      if (session.feed({ type: 'stop', reason }) === null && tries > 0) this.agenda.after(1_000, () => attempt(tries - 1));
    };
    attempt(20);
  }

  /** After every decision, in the same step. */
  decided(session: SessionHost, before: CallRecord, event: CallEvent, now: number, step: Step): void {
    if (this.trace) this.note(session.id, `${event.type} → ${step.state.phase}${told(step.effects)}`);
    this.laws.decided(session, before, event, now, step);
    const { state } = step;
    if (state.phase === before.phase) return;
    if (state.phase === 'active' && before.clock === null) this.talk(session);
    if (state.phase === 'settled') this.after(session);
    if (isOver(state) && !isOver(before) && state.endReason !== null)
      this.ends?.set(state.endReason, (this.ends.get(state.endReason) ?? 0) + 1);
  }

  /** Both are connected: from here on things happen as planned. */
  private talk(session: SessionHost): void {
    this.counts.talked += 1;
    const plan = this.plans.get(session.id);
    if (!plan) return;
    const { agenda, random } = this;
    const hangUp = (party: CallParty) => this.client(session, party)?.hangUp();
    if (plan.talks !== null) {
      if (plan.hangsUp !== 'callee') agenda.after(plan.talks, () => hangUp('caller'));
      if (plan.hangsUp !== 'caller') agenda.after(plan.talks + (plan.hangsUp === 'both' ? random.int(-20, 20) : 0), () => hangUp('callee'));
    }
    // Nobody talks for hours here, even where no one means to hang up.
    agenda.after(420_000, () => hangUp('caller'));
    agenda.after(421_000, () => hangUp('callee'));
    for (const trouble of plan.troubles) {
      agenda.after(Math.max(0, trouble.atMs), () => {
        const client = this.client(session, trouble.side);
        if (!client || client.over) return;
        this.note(session.id, `${trouble.side} ${trouble.kind} for ${trouble.forMs} ms`);
        if (trouble.kind === 'offline') client.goOffline(trouble.forMs);
        else if (trouble.kind === 'asleep') client.sleep(trouble.forMs);
        else if (trouble.kind === 'reload') client.reload();
        else client.loseMedia(trouble.forMs);
      });
    }
    const { stopped, mediaChange, topUp, chargeBack } = plan;
    befall(this, session);
    if (chargeBack) agenda.after(chargeBack.atMs, () => this.chargeBack(session, chargeBack.amount));
    if (stopped && stopped.atMs >= 0) agenda.after(stopped.atMs, () => this.stop(session, stopped.reason));
    if (mediaChange)
      for (let time = 0; time <= 2 * mediaChange.insists; time++)
        agenda.after(mediaChange.atMs + 300 * time, () => {
          const { media } = session.record;
          this.client(session, mediaChange.by)?.ask(time % 2 === 1 ? media : media === 'audio' ? 'video' : 'audio');
        });
    // A top-up at the worst moment: around the second of a checkpoint.
    if (topUp && random.chance(0.5))
      agenda.after(random.pick([0, 20_000, 60_000, 120_000]) + random.int(-60, 60), () => this.topUp(session, topUp.amount));
  }

  runsLow(session: SessionHost, plan: Plan): void {
    const { topUp } = plan;
    if (topUp && this.random.chance(0.7)) this.agenda.after(topUp.afterMs, () => this.topUp(session, topUp.amount));
  }

  private topUp(session: SessionHost, amount: number): void {
    const { record } = session;
    const person = this.person(record[record.payer].id);
    const key = `purchase:sandbox:${++this.purchases}`;
    (person.devices[0] as Device).link.request<void>(
      (answer) => {
        if (this.databaseAway) return;
        if (record.payerVersion === 'tokens' || this.random.chance(0.4)) this.grant(person, amount, key);
        else this.grant(person, this.random.int(1, 2), key, this.lotEnds());
        this.tellFunds(session);
        answer();
      },
      () => {},
    );
  }

  /** What is there is taken, the rest is owed; the call hears of it. */
  private chargeBack(session: SessionHost, amount: number): void {
    const person = this.person(session.record[session.record.payer].id);
    const key = `refund:sandbox:${++this.purchases}`;
    this.note(person.userId, `-${amount} (${key})`);
    const of = {
      owner: person.userId,
      shard: person.shard,
      unit: 'COIN',
      amount,
      key,
      to: 'house:issuance',
      now: this.agenda.now,
    } as const;
    this.laws.ordered(key, amount);
    this.ledger.clawBack(of);
    if (this.random.chance(0.2)) this.ledger.clawBack(of);
    this.tellFunds(session);
  }

  /** The hub says that something changed: the call asks the pricing model anew. */
  tellFunds(session: SessionHost): void {
    session.feed(this.fundsOf(session));
  }

  private fundsOf(session: SessionHost): EventOf<'funds'> {
    const { media, money, clock } = session.record;
    const pace = this.rules.paceOf(money.tariff, money.positions.payer, clock?.connectedMs);
    return { type: 'funds', means: this.meansIn(session, media, pace), n: money.positions.payer.n, media };
  }

  private meansIn({ record }: SessionHost, media: 'audio' | 'video', pace: Pace): PlaceOrder['means'] {
    const payer = this.person(record[record.payer].id);
    const peer = record[otherSide(record.payer)].id;
    return this.purse(payer).means(record.payerVersion, { peer, media, now: this.agenda.now, pace });
  }

  purse(person: Person): Purse {
    const purse = this.purses.get(person.userId);
    if (!purse) throw new Error(`${person.userId} has no purse`);
    return purse;
  }

  /** What a member begins with beside coins. */
  private endow(person: Person): void {
    const { random, rules, ledger, offer, zone } = this;
    const version = random.pick(['tokens', 'tokens', 'subscription', 'moments'] as const);
    const purse = new Purse({ owner: { userId: person.userId, shard: person.shard }, rules, ledger, offer, version, zone });
    this.purses.set(person.userId, purse);
    this.laws.means.lives(person.userId, this.agenda.now, zone);
    if (purse.version !== 'tokens' && random.chance(0.8)) subscribe(this, purse);
    const lots = purse.version === 'moments' ? random.int(0, 2) : random.chance(0.15) ? 1 : 0;
    for (let n = 0; n < lots; n++) this.grant(person, random.int(1, 3), `seed:${person.userId}:${n}`, this.lotEnds());
  }

  /** When a new lot expires: mostly in its time, now and then in the middle of a call. */
  private lotEnds(): number {
    return this.agenda.now + this.random.pick([20_000, 90_000, 200_000, 1_000_000, DAY_MS, 180 * DAY_MS, 180 * DAY_MS]);
  }

  /** The job comes by. */
  private expire(): void {
    if (!this.databaseAway) this.ledger.expire(this.agenda.now);
  }

  /** Somebody is given coins, or moments that expire at `expiresAt`. */
  private grant(person: Person, amount: number, key: string, expiresAt?: number): void {
    const unit = expiresAt === undefined ? 'COIN' : 'MOMENT';
    this.note(person.userId, `+${amount} ${unit} (${key})`);
    this.laws.ordered(key, amount);
    this.ledger.credit({
      owner: person.userId,
      shard: person.shard,
      unit,
      amount,
      key,
      from: 'house:issuance',
      now: this.agenda.now,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  }

  /** A call is settled: perhaps it goes on in another. */
  private after(session: SessionHost): void {
    const plan = this.plans.get(session.id);
    const { record } = session;
    if (!plan || plan.resumes === null) return;
    // Now and then somebody tries with a call that can't be resumed.
    if (record.endReason !== 'balance_exhausted' && !this.random.chance(0.05)) return;
    const payer = this.person(record[record.payer].id);
    const payee = this.person(record[otherSide(record.payer)].id);
    if (this.random.chance(0.8)) this.grant(payer, this.random.pick([60, 200, 500]), `purchase:sandbox:${++this.purchases}`);
    const [caller, callee] = record.payer === 'caller' ? [payer, payee] : [payee, payer];
    this.agenda.after(plan.resumes, () => {
      this.wish(caller, callee, session);
      // Asked twice, by two devices: only one call may come of it.
      if (this.random.chance(0.2)) this.wish(caller, callee, session);
    });
  }

  // ── effects ────────────────────────────────────────────────────────────────────────────────────────────

  carryOut(session: SessionHost, effect: OutboxEffect, told: Deliveries): void {
    const { record } = session;
    const later = () => told.later();
    const party = (who: CallParty) => this.person(record[who].id).hub;
    if (effect.kind === 'lock') this.lock(session, told);
    else if (effect.kind === 'charge') this.charge(session, effect.order, told);
    else if (effect.kind === 'unlock')
      this.rpc(
        () => [party('caller'), party('callee')].map((hub) => hub.unlock(session.id)),
        () => told.done(),
        later,
      );
    else if (effect.kind === 'ring') this.ringCallee(session, told);
    else if (effect.kind === 'tell')
      this.rpc(
        () => party(effect.party).callUpdated(callOf(session.record)),
        () => told.done(),
        later,
      );
    else if (effect.kind === 'means')
      this.rpc(
        () => this.fundsOf(session),
        (funds) => told.done(funds),
        later,
      );
    else if (effect.kind === 'tariff')
      this.rpc(
        () => ({
          tariff: this.random.chance(0.9) ? this.tariffs[effect.media] : null,
          means: this.meansIn(session, effect.media, this.rules.paceOf(this.tariffs[effect.media])),
          n: session.record.money.positions.payer.n,
        }),
        (found) => told.done({ type: 'tariff.found', media: effect.media, ...found }),
        later,
      );
    else
      this.rpc(
        () => this.databaseAway,
        (away) => (away ? later() : told.done()),
        later,
      );
  }

  private ringCallee(session: SessionHost, told: Deliveries): void {
    const call = callOf(session.record);
    // A call that was cancelled meanwhile is never announced.
    if (session.record.phase !== 'ringing') told.done();
    else
      this.rpc(
        () => this.person(call.calleeId).hub.ring(call, call.callerId),
        (devices) => told.done({ type: 'rung', devices }),
        () => told.later(),
      );
  }

  private lock(session: SessionHost, told: Deliveries): void {
    const { caller, callee } = session.record;
    const order = ([caller, callee] as const).map(({ id }) => id).sort();
    const take = (at: number) => {
      const mine = order[at];
      if (mine === undefined) {
        told.done({ type: 'locks.taken' });
        return;
      }
      const other = mine === caller.id ? callee.id : caller.id;
      this.ask<LockAnswer>(
        (answer) => this.person(mine).hub.takeLock({ callId: session.id, peerId: other, now: this.agenda.now }, answer),
        (said) => {
          if (said.locked) {
            take(at + 1);
            return;
          }
          if (said.heldBy === session.id) {
            told.done(); // It gave its locks back before it had them.
            return;
          }
          const same = said.peerId === other;
          const joined = same && this.joinGlare(session, said.heldBy) ? said.heldBy : null;
          told.done({ type: 'locks.refused', code: same || mine === caller.id ? 'caller_busy' : 'callee_busy', joined });
        },
        () => told.later(),
      );
    };
    take(0);
  }

  /** They have a call with each other already: whoever is rung in that one answers it. */
  private joinGlare(session: SessionHost, heldBy: CallId): boolean {
    const { caller, callerSession } = session.record;
    const other = this.sessions.get(heldBy);
    if (!other) return false;
    const party: CallParty = other.record.caller.id === caller.id ? 'caller' : 'callee';
    return other.feed({ type: 'accept', party, sessionId: callerSession })?.ok === true;
  }

  private charge(session: SessionHost, order: ChargeOrder, told: Deliveries): void {
    const { random, agenda } = this;
    agenda.after(random.int(2, 40), () => {
      const fails =
        this.databaseAway || (this.rpcOdds > 0 && random.chance(this.rpcOdds)) ? random.pick(['before', 'before', 'after'] as const) : null;
      if (fails === 'before') {
        told.later({ type: 'charge.unknown', atSeconds: order.atSeconds });
        return;
      }
      const version = session.record.payerVersion;
      const due = order.payerCheckpoint;
      const payer = this.purses.get(order.payer.userId);
      const ways = due && payer ? payer.ways(version, order, due) : [];
      this.tryWay({ session, order, ways, told, lost: fails === 'after', readIn: this.laws.means.reads() }, 0);
    });
  }

  /** Tries one way to pay, and where that is refused the next; anything may happen in between. */
  private tryWay(charge: Charge, at: number): void {
    const { random, agenda } = this;
    const { session, order, ways, told, readIn } = charge;
    const due = order.payerCheckpoint;
    const way = ways[at];
    const unknown = () => told.later({ type: 'charge.unknown', atSeconds: order.atSeconds });
    if (due && way)
      this.laws.means.attempting(`call:${order.callId}:payer:${due.n}`, { order, version: session.record.payerVersion, readIn });
    const answer = due && way ? this.ledger.attempt(order, due, way, agenda.now) : this.ledger.charge(order, ways, agenda.now);
    if (answer.outcome === 'refused' && at + 1 < ways.length) {
      const broken = this.rpcOdds > 0 && random.chance(this.rpcOdds) ? random.pick(['crash', 'away'] as const) : null;
      if (broken === 'crash') this.crashSession(session);
      else if (broken === 'away') unknown();
      else if (this.calm) this.tryWay(charge, at + 1);
      else agenda.after(random.int(0, 6), () => this.tryWay(charge, at + 1));
      return;
    }
    if (random.chance(0.7)) this.ledger.drain(order.payer.shard);
    else agenda.after(random.int(0, 8_000), () => this.ledger.drain(order.payer.shard));
    this.laws.charged(order, answer);
    agenda.after(random.int(2, 40), () => {
      if (charge.lost) unknown();
      else if (answer.outcome === 'posted') told.done({ type: 'charge.posted', atSeconds: order.atSeconds, items: answer.items });
      else if (answer.outcome === 'refused') told.done({ type: 'charge.refused', atSeconds: order.atSeconds, outage: order.outage });
      else unknown();
    });
  }

  allSessions(): Iterable<SessionHost> {
    return this.sessions.values();
  }
}

/** A charge that is under way. */
interface Charge {
  readonly session: SessionHost;
  readonly order: ChargeOrder;
  readonly ways: readonly Way[];
  readonly told: Deliveries;
  /** Its answer will be lost. */
  readonly lost: boolean;
  readonly readIn: number;
}

const told = (effects: readonly Effect[]): string =>
  effects.length === 0
    ? ''
    : `  [${effects.map((effect) => (effect.kind === 'send' ? effect.frame.type : effect.kind === 'timeline' ? effect.type : effect.kind)).join(' ')}]`;

/** Lives one world through; throws the `Violation` of the first law that breaks. */
export function liveThrough(seed: string, counts: Counts, more: { trace?: Trace | undefined; ends?: Ends; rules?: Rules } = {}): void {
  new World(seed, more.rules ?? realRules, counts, more).run();
}
