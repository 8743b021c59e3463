/**
 * One paid call. The shell: sockets, storage, the alarm and the outbox. Everything it decides is decided in `core/`;
 * the rules with their ids stand in SPEC.md.
 */
import { DurableObject } from 'cloudflare:workers';
import { verifyTicket } from '../../worker/domains/user/service.ts';
import { mediaGrantFor } from '../../worker/domains/video/service.ts';
import type { Env } from '../../worker/env.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import { causeOf, logWith } from '../../worker/platform/log.ts';
import { ok, type Result, refuse } from '../../worker/platform/result.ts';
import { readUpgrade, refuseUpgrade } from '../../worker/platform/sockets.ts';
import { type CallSessionStub, callSession, type PlaceOrder, type Standing } from '../../worker/platform/stubs.ts';
import type { Call, CallParty, EndReason, Quote, Receipt, TimelineItem } from '../../worker/protocol/call/call.ts';
import type { MediaGrant } from '../../worker/protocol/call/media.ts';
import type { CloseReason } from '../../worker/protocol/errors.ts';
import type { SessionId, UserId } from '../../worker/protocol/ids.ts';
import { migrate } from '../kit/migrations.ts';
import { Outbox } from '../kit/outbox.ts';
import { Patience } from '../kit/patience.ts';
import { answerPings, openSocket, sendFrame } from '../kit/sockets.ts';
import { StandingAlarm } from '../kit/standing-alarm.ts';
import { spendTicket } from '../kit/tickets.ts';
import { begin, decide, nextWake } from './core/decide.ts';
import { isForOutbox, isForSockets, isWritten, type SocketEffect } from './core/effects.ts';
import type { CallEvent } from './core/events.ts';
import { callOf } from './core/frames.ts';
import { receiptOf } from './core/receipt.ts';
import { standingOf } from './core/resuming.ts';
import { type CallRecord, isOver, sides } from './core/state.ts';
import type { Answer, Step } from './core/step.ts';
import { isAnswered } from './core/talking.ts';
import { Devices, FRAME_BUDGET } from './devices.ts';
import { carryOut, type Errand, entityOf, fundsOf } from './errands.ts';
import { hear } from './hearing.ts';
import { CallStore } from './store.ts';
import { tables } from './tables.ts';

/** An object that is not settled looks again after this long even if nothing is due, ms. */
const LOOK_AGAIN_MS = 30_000;
/** What is under way is not begun again by the alarm before this, ms. */
const UNDER_WAY_MS = 1_000;

const unknownCall = refuse('not_found', 'There is no such call.');

export class CallSession extends DurableObject<Env> implements CallSessionStub {
  readonly #store: CallStore;
  readonly #outbox: Outbox<Errand>;
  readonly #devices: Devices;
  readonly #alarm: StandingAlarm;
  readonly #patience = new Patience(FRAME_BUDGET);
  readonly #log = logWith({ object: 'call_session' });
  readonly #underWay = new Set<Promise<void>>();
  /** As stored; null until the call is placed. */
  #record: CallRecord | null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, tables);
    answerPings(state);
    this.#store = new CallStore(state.storage.sql);
    this.#devices = new Devices(state);
    this.#alarm = new StandingAlarm(state.storage);
    this.#outbox = new Outbox<Errand>(
      state.storage,
      ({ body, tries }, thrown) => this.#log.warn('an errand failed', { kind: body.kind, tries, cause: causeOf(thrown) }),
      { maxTries: Number.POSITIVE_INFINITY },
    );
    this.#record = this.#store.record();
    void state.blockConcurrencyWhile(async () => {
      const at = await this.#alarm.recall();
      // One that is past due is what woke it.
      if (at === null || at > Date.now()) this.#arm();
      this.#missSockets();
    });
  }

  /** A process that died took its sockets without saying so: whoever had one and has none now is silent. */
  #missSockets(): void {
    for (const party of sides) {
      const record = this.#record;
      if (record && !isOver(record) && record.parties[party].present && !this.#devices.has(party))
        this.#happened({ type: 'socket.closed', party });
    }
  }

  // ── decisions ───────────────────────────────────────────────────────────────────────────────────────────

  /** One decision: decide, write record and effects in one transaction, then see to the effects. Nothing here awaits. */
  #happened(event: CallEvent): Answer {
    const record = this.#record;
    if (!record) return unknownCall;
    return this.#take(decide(record, { ...event, proofs: { ...this.#devices.proofs(), ...event.proofs } }, Date.now()));
  }

  #take({ state, effects, answer }: Step): Answer {
    this.ctx.storage.transactionSync(() => {
      this.#store.writeRecord(state);
      for (const effect of effects.filter(isWritten)) this.#store.write(effect);
      for (const effect of effects.filter(isForOutbox)) this.#outbox.put(entityOf(effect), effect, state.lastNow);
    });
    this.#record = state;
    for (const effect of effects.filter(isForSockets)) this.#tellSocket(state, effect);
    if (effects.some(isForOutbox)) this.#beginErrands();
    this.#arm();
    return answer;
  }

  #tellSocket(record: CallRecord, effect: SocketEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#devices.send(effect.to, effect.frame);
        break;
      case 'grant':
        this.ctx.waitUntil(this.#grant(record, effect.to));
        break;
      case 'farewell':
        this.#devices.send(effect.to, { type: 'call.ended', reason: record.endReason ?? 'hangup', receipt: this.#receipt(record) });
        if (effect.close) this.#devices.farewell(effect.to);
        break;
      case 'settled':
        this.#devices.send(effect.to, { type: 'receipt.settled', receipt: this.#receipt(record) });
        this.#devices.farewell(effect.to);
    }
  }

  async #grant(record: CallRecord, to: CallParty): Promise<void> {
    try {
      const grant = await mediaGrantFor(this.#context(), { callId: record.id, maxSeconds: record.limits.maxSeconds });
      this.#devices.send(to, { type: 'media', ...grant });
    } catch (thrown) {
      this.#log.error('no media could be granted', { callId: record.id, cause: causeOf(thrown) });
    }
  }

  #receipt(record: CallRecord): Receipt {
    return receiptOf(record, this.#store.lines());
  }

  #context(): Context {
    const now = Math.max(Date.now(), this.#record?.lastNow ?? 0);
    return contextOf(this.env, { now, requestId: crypto.randomUUID(), waitUntil: (work) => this.ctx.waitUntil(work) });
  }

  // ── errands and the alarm ───────────────────────────────────────────────────────────────────────────────

  /** Begins once the present decision is stored: an errand's answer is taken in inside the outbox's own transaction. */
  #beginErrands(): void {
    const run = Promise.resolve()
      .then(() => this.#errands())
      .catch((thrown: unknown) => {
        this.#log.error('errands failed', { cause: causeOf(thrown) });
        // What was not stored has not happened.
        this.#record = this.#store.record();
        this.#alarm.mistrust();
      })
      .finally(() => this.#underWay.delete(run));
    this.#underWay.add(run);
    this.ctx.waitUntil(run);
  }

  async #errands(): Promise<void> {
    const desk = {
      record: () => this.#placed(),
      receipt: () => this.#receipt(this.#placed()),
      happened: (event: CallEvent) => void this.#happened(event),
    };
    await this.#outbox.drain(Date.now, ({ body }) => carryOut({ ...desk, ctx: this.#context() }, body));
    if (this.#record?.phase === 'ended' && this.#outbox.size() === 0) this.#happened({ type: 'drained' });
    this.#arm();
  }

  /** Waits for everything that was begun, and for what that begins. */
  async #rest(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** The same, for a moment only: a ledger that takes its time must hold up neither the next frame nor the next deadline. */
  async #restAWhile(): Promise<void> {
    let enough: ReturnType<typeof setTimeout> | null = null;
    await Promise.race([this.#rest(), new Promise((resolve) => (enough = setTimeout(resolve, UNDER_WAY_MS)))]);
    clearTimeout(enough);
  }

  #placed(): CallRecord {
    if (!this.#record) throw new Error('an errand without a call');
    return this.#record;
  }

  /** Sets the alarm to whatever comes next; an unsettled call always has one. */
  #arm(): void {
    const record = this.#record;
    if (!record) return;
    const now = Math.max(Date.now(), record.lastNow);
    const errand = this.#outbox.nextAt();
    const underWay = errand !== null && errand <= now;
    const deadline = Math.min(
      nextWake(record, now) ?? Number.POSITIVE_INFINITY,
      underWay ? Number.POSITIVE_INFINITY : (errand ?? Number.POSITIVE_INFINITY),
    );
    // Looks for what may have been missed: at the latest then, earlier does as well.
    const look = underWay ? now + UNDER_WAY_MS : record.phase === 'settled' ? Number.POSITIVE_INFINITY : now + LOOK_AGAIN_MS;
    const stands = this.#alarm.comesAt(now);
    if (look < deadline && stands !== null && stands <= look) return;
    const at = Math.min(deadline, look);
    if (Number.isFinite(at)) this.#alarm.set(at);
    else this.#alarm.clear();
  }

  /** Never throws: a throwing alarm is given up by the platform after a few tries. */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      this.#happened({ type: 'tick' });
      this.#beginErrands();
      await this.#restAWhile();
    } catch (thrown) {
      this.#log.error('the alarm failed', { cause: causeOf(thrown) });
      this.#alarm.mistrust();
      this.#alarm.set(Date.now() + UNDER_WAY_MS);
    }
  }

  // ── the call, asked by the Worker and by other objects ──────────────────────────────────────────────────

  async place(order: PlaceOrder): Promise<Result<{ call: Call; quote: Quote }>> {
    if (!this.#record) this.#take(begin(order));
    return this.placed();
  }

  async placed(): Promise<Result<{ call: Call; quote: Quote }>> {
    if (this.#record?.phase === 'placing') {
      this.#beginErrands();
      await this.#rest();
    }
    const record = this.#record;
    if (!record) return unknownCall;
    if (record.refusal?.joined) return callSession(this.env, record.refusal.joined).read();
    if (record.refusal) return refuse(record.refusal.code, record.refusal.detail);
    if (record.phase === 'placing') return refuse('overloaded', 'The call is still being set up. Please try again in a moment.');
    return this.read();
  }

  async accept(by: { userId: UserId; sessionId: SessionId; now: number }): Promise<Result<{ call: Call; media: MediaGrant }>> {
    const party = this.#partyOf(by.userId);
    if (!party) return unknownCall;
    const answer = this.#happened({ type: 'accept', party, sessionId: by.sessionId });
    if (!answer.ok) return answer;
    const { id, limits } = this.#placed();
    try {
      const media = await mediaGrantFor(this.#context(), { callId: id, maxSeconds: limits.maxSeconds });
      return ok({ call: callOf(this.#placed()), media });
    } catch (thrown) {
      this.#log.error('no media could be granted', { callId: id, cause: causeOf(thrown) });
      return refuse('overloaded', 'Calls can’t be connected at the moment. Please try again.');
    }
  }

  async decline(by: { userId: UserId; now: number }): Promise<Result<{ call: Call }>> {
    const party = this.#partyOf(by.userId);
    return party ? this.#answerWithCall(this.#happened({ type: 'decline', party })) : unknownCall;
  }

  async end(by: { userId: UserId; now: number }): Promise<Result<{ call: Call }>> {
    const party = this.#partyOf(by.userId);
    return party ? this.#answerWithCall(this.#happened({ type: 'hangup', party })) : unknownCall;
  }

  async stop(by: { reason: Extract<EndReason, 'blocked' | 'moderated'>; now: number }): Promise<Result<{ call: Call }>> {
    return this.#answerWithCall(this.#happened({ type: 'stop', reason: by.reason }));
  }

  async read(): Promise<Result<{ call: Call; quote: Quote }>> {
    // Asking lets time pass: whoever reads sees a ring that has run out as run out.
    this.#happened({ type: 'tick' });
    const record = this.#record;
    return record ? ok({ call: callOf(record), quote: record.quote }) : unknownCall;
  }

  async standing(_by: { now: number }): Promise<Result<Standing>> {
    const record = this.#record;
    if (!record) return unknownCall;
    const standing = standingOf(record, Math.max(Date.now(), record.lastNow));
    return standing ? ok(standing) : refuse('call_ended', 'This call can’t be resumed any more.');
  }

  async fundsChanged(event: { userId: UserId }): Promise<void> {
    const record = this.#record;
    if (!record || record[record.payer].id !== event.userId) return;
    const funds = await fundsOf(this.#context(), record);
    if (funds) this.#happened(funds);
  }

  async receipt(): Promise<Result<Receipt>> {
    return this.#record ? ok(this.#receipt(this.#record)) : unknownCall;
  }

  async timeline(): Promise<Result<{ items: TimelineItem[] }>> {
    return this.#record ? ok({ items: this.#store.timeline() }) : unknownCall;
  }

  async liveness(): Promise<'running' | 'ended' | 'unknown'> {
    if (!this.#record) return 'unknown';
    this.#happened({ type: 'tick' });
    return isOver(this.#placed()) ? 'ended' : 'running';
  }

  async reconcile(_now: number): Promise<Result<{ settled: boolean; known: boolean }>> {
    if (!this.#record) return ok({ settled: false, known: false });
    this.#happened({ type: 'tick' });
    // Its row may have been lost on the way although the call is settled: written again, it is the same row.
    if (this.#placed().phase === 'settled') this.#outbox.put('record', { kind: 'record', phase: 'settled' }, this.#placed().lastNow);
    this.#beginErrands();
    await this.#rest();
    return ok({ settled: this.#placed().phase === 'settled', known: true });
  }

  async closeSockets(of: { userId: UserId; sessionId?: SessionId; reason: 'revoked' | 'forbidden' }): Promise<void> {
    for (const { socket, party } of this.#devices.ofPerson(of.userId, of.sessionId)) this.#drop(socket, party, of.reason);
  }

  #answerWithCall(answer: Answer): Result<{ call: Call }> {
    return answer.ok ? ok({ call: callOf(this.#placed()) }) : answer;
  }

  #partyOf(userId: UserId): CallParty | null {
    const record = this.#record;
    if (record?.caller.id === userId) return 'caller';
    return record?.callee.id === userId ? 'callee' : null;
  }

  // ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────

  override async fetch(request: Request): Promise<Response> {
    const upgrade = readUpgrade(request, this.env);
    if (!upgrade.ok) return refuseUpgrade(upgrade.code, upgrade.detail, request);
    const id = this.#record?.id;
    if (!id) return refuseUpgrade('not_found', unknownCall.detail, request);
    const verified = await verifyTicket(this.env, upgrade.value.ticket, `call:${id}`, Date.now());
    if (!verified.ok) return refuseUpgrade(verified.code, verified.detail, request);
    const { userId, sessionId, jti, expiresAt } = verified.value;
    const party = this.#partyOf(userId);
    if (!party) return refuseUpgrade('not_found', unknownCall.detail, request);
    const { answeredBy } = this.#placed();
    if (party === 'callee' && answeredBy !== null && answeredBy !== sessionId)
      return refuseUpgrade('answered_elsewhere', 'This call was answered on another device.', request);
    if (!spendTicket(this.ctx.storage.sql, { jti, expiresAt }, Date.now()))
      return refuseUpgrade('unauthenticated', 'This ticket was used before; ask for another.', request);
    return openSocket(this.ctx, [party], (socket) => {
      // The old socket's last proof is taken in before the new one takes its place.
      this.#happened({ type: 'tick' });
      this.#devices.put(socket, { party, userId, sessionId });
      this.#happened({ type: 'socket.opened', party });
      this.#register(userId, true);
    });
  }

  /** Lets the person's hub know until it does, so that a revoked session reaches this socket. */
  #register(userId: UserId, open: boolean): void {
    const now = Date.now();
    const errand = { kind: 'register', userId, open, at: now } as const;
    this.#outbox.put(entityOf(errand), errand, now);
    this.#beginErrands();
    this.#arm();
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    const device = this.#devices.of(socket);
    if (!device || socket.readyState !== WebSocket.OPEN) return;
    const heard = hear(this.#patience, socket, device.party, message, now);
    if (heard.is === 'error') {
      if (heard.error) sendFrame(socket, heard.error);
      if (heard.close) this.#drop(socket, device.party, heard.close);
      return;
    }
    const underWay = this.#underWay.size;
    const answer = this.#happened(heard.event);
    if (!answer.ok) {
      const { id } = heard;
      sendFrame(socket, { type: 'error', code: answer.code, message: answer.detail, ...(id === undefined ? {} : { id }) });
    }
    // The platform gives this socket's next frame when this one is done with.
    if (this.#underWay.size > underWay) await this.#restAWhile();
  }

  /** The call takes in that a socket is gone before it is closed, so that its last proof counts. */
  #drop(socket: WebSocket, party: CallParty, reason: CloseReason): void {
    this.#happened({ type: 'socket.closed', party });
    this.#devices.drop(socket, reason);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#left(socket);
  }

  #left(socket: WebSocket): void {
    const device = this.#devices.of(socket);
    if (device) {
      this.#happened({ type: 'socket.closed', party: device.party });
      if (this.#record && !isAnswered(this.#record)) this.#register(device.userId, false);
    }
    // The close has to be answered; where the platform did it already, this does nothing.
    if (socket.readyState === WebSocket.OPEN) socket.close();
  }
}
