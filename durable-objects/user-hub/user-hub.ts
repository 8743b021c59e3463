/**
 * One person's devices, presence, busy lock and sequence of notifications. The shell: sockets, storage and alarms; what
 * it decides stands in `lock.ts`, `presence.ts`, `sequence.ts`, `ladder.ts`, `topics.ts`, `calls.ts` and `device.ts`. Rules with their ids: SPEC.md.
 */
import { DurableObject } from 'cloudflare:workers';
import { hiddenFrom } from '../../worker/domains/blocklist/service.ts';
import { kinds } from '../../worker/domains/notification/kinds.ts';
import { verifyTicket } from '../../worker/domains/user/service.ts';
import type { Env } from '../../worker/env.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import { causeOf, logWith } from '../../worker/platform/log.ts';
import { ok, type Result, refuse } from '../../worker/platform/result.ts';
import { readUpgrade, refuseUpgrade } from '../../worker/platform/sockets.ts';
import { type Asked, callSession, type InboxPage, type UserHubStub } from '../../worker/platform/stubs.ts';
import type { Call } from '../../worker/protocol/call/call.ts';
import type { HubDown } from '../../worker/protocol/hub/down.ts';
import type { BalanceChanged } from '../../worker/protocol/hub/latest.ts';
import type { ChatMoved, Sequenced } from '../../worker/protocol/hub/sequenced.ts';
import { type HubUp, hubUp } from '../../worker/protocol/hub/up.ts';
import type { CallId, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { PersonCard, PresenceState } from '../../worker/protocol/people.ts';
import { NamedAlarms } from '../kit/alarms.ts';
import { migrate } from '../kit/migrations.ts';
import type { Delivery } from '../kit/outbox.ts';
import { Patience } from '../kit/patience.ts';
import { answerPings, closeSocket, openSocket, readFrame } from '../kit/sockets.ts';
import { spendTicket } from '../kit/tickets.ts';
import { Busy, type Locked } from './busy.ts';
import { isNews, rings } from './calls.ts';
import { ClimbStore } from './climb-store.ts';
import { Climbs } from './climbs.ts';
import { type Device, deviceOf, FRAME_BUDGET, tooEarly } from './device.ts';
import { Devices } from './devices.ts';
import { HiddenPeople } from './hidden.ts';
import { InboxStore } from './inbox-store.ts';
import { freesLock } from './lock.ts';
import { Notices } from './notices.ts';
import { askCall, learn, type Matter, tellClose, tellPresence, tellQueue, tellTopUp, tellWatching } from './outward.ts';
import { hubTables } from './schema.ts';
import { planResume } from './sequence.ts';
import { HubStore, type OpenRoom } from './store.ts';
import { Telling } from './telling.ts';
import { CHECK_MS, Whereabouts } from './whereabouts.ts';

/** Longer than any room takes from checking a ticket to registering its socket, ms. */
const TICKET_CHECK_MS = 5_000;

/** Longer than any ring lasts, and than a device takes to come back from a broken line, ms. */
const JUST_NOW_MS = 10 * 60_000;

type AlarmName = 'presence' | 'outbox' | 'ladder' | 'check' | 'forget';

export class UserHub extends DurableObject<Env> implements UserHubStub {
  readonly #store: HubStore;
  readonly #alarms: NamedAlarms<AlarmName>;
  readonly #devices: Devices;
  readonly #busy: Busy;
  readonly #telling: Telling;
  readonly #whereabouts: Whereabouts;
  readonly #climbs: Climbs;
  readonly #notices: Notices;
  readonly #patience = new Patience(FRAME_BUDGET);
  readonly #hidden: HiddenPeople;
  readonly #log = logWith({ object: 'user_hub' });

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, hubTables);
    answerPings(state);
    this.#store = new HubStore(state.storage.sql);
    this.#hidden = new HiddenPeople((now) => hiddenFrom(this.#context(now), this.#self));
    this.#alarms = new NamedAlarms<AlarmName>(
      state.storage,
      {
        presence: (now) => this.#whereabouts.settle(now),
        outbox: () => this.#telling.drain(),
        ladder: (now) => state.storage.transactionSync(() => this.#climbs.climb(now)),
        check: (now) => this.#check(now),
        forget: (now) => this.#forget(now),
      },
      (name, thrown) => this.#log.error('an alarm failed', { name, cause: causeOf(thrown) }),
    );
    this.#devices = new Devices(state);
    this.#busy = new Busy(
      this.#store,
      (callId) => this.#isOver(callId),
      (now) => this.#whereabouts.settle(now),
    );
    this.#telling = new Telling(
      state,
      this.#alarms,
      (matter) => this.#deliver(matter),
      (matter, thrown) => this.#log.warn('telling failed', { kind: matter.kind, cause: causeOf(thrown) }),
    );
    this.#whereabouts = new Whereabouts(this.#store, this.#devices, this.#alarms, (matter) => this.#telling.tell(matter));
    this.#climbs = new Climbs(new ClimbStore(state.storage.sql), this.#alarms, (matter) => this.#telling.tell(matter));
    this.#notices = new Notices(state.storage, {
      store: this.#store,
      inbox: new InboxStore(state.storage.sql),
      climbs: this.#climbs,
      devices: this.#devices,
      alarms: this.#alarms,
    });
    this.#alarms.wake(state);
  }

  override async alarm(): Promise<void> {
    await this.#alarms.fire(Date.now());
  }

  // ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────

  override async fetch(request: Request): Promise<Response> {
    const upgrade = readUpgrade(request, this.env);
    if (!upgrade.ok) return refuseUpgrade(upgrade.code, upgrade.detail, request);
    const began = Date.now();
    const verified = await verifyTicket(this.env, upgrade.value.ticket, 'hub', began);
    if (!verified.ok) return refuseUpgrade(verified.code, verified.detail, request);
    const ticket = verified.value;
    if (ticket.userId !== this.#self) return refuseUpgrade('forbidden', 'This ticket is somebody else’s.', request);
    // A sign-out that arrived while the ticket was being checked has already closed what there was to close.
    const revoked = this.#store.revokedSince(began);
    if (revoked.includes('*') || revoked.includes(ticket.sessionId))
      return refuseUpgrade('unauthenticated', 'This session has ended.', request);
    const now = Date.now();
    if (!spendTicket(this.ctx.storage.sql, ticket, now))
      return refuseUpgrade('unauthenticated', 'This ticket was used before; ask for another.', request);
    this.#store.setRole(ticket.role);
    this.#devices.makeRoom();
    return openSocket(this.ctx, [ticket.sessionId], (socket) =>
      deviceOf.write(socket, { sessionId: ticket.sessionId, openedAt: now, greeted: false, away: false }),
    );
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const now = Date.now();
    const device = deviceOf.read(socket);
    if (!device || socket.readyState !== WebSocket.OPEN) return;
    const mood = this.#patience.take(socket, now);
    if (mood !== 'fine') {
      if (mood === 'limited') this.#devices.send(socket, { type: 'error', code: 'rate_limited', message: 'Slower, please.' });
      else this.#close(socket, mood, now);
      return;
    }
    const read = readFrame(hubUp, message);
    const error: HubDown | null = !read.ok
      ? read.error
      : tooEarly(device, read.frame)
        ? { type: 'error', code: 'validation_failed', message: 'Say hello first.' }
        : null;
    if (error !== null || !read.ok) {
      if (error) this.#devices.send(socket, error);
      if (this.#patience.bad(socket, now)) this.#close(socket, 'bad_frame', now);
      return;
    }
    this.#patience.good(socket, now);
    this.#take(socket, device, read.frame, now);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#left(socket, Date.now());
  }

  override webSocketError(socket: WebSocket): void {
    this.#left(socket, Date.now());
  }

  #take(socket: WebSocket, device: Device, frame: HubUp, now: number): void {
    switch (frame.type) {
      case 'hello':
        this.#greet(socket, device, frame.lastSeq, now);
        break;
      case 'ack':
        this.#notices.ack(frame.id, device.sessionId, now);
        break;
      case 'presence.set':
        deviceOf.write(socket, { ...device, away: frame.presence === 'away' });
        this.#whereabouts.settle(now);
    }
  }

  /** Everything after what the device has, then what became of the calls among it. */
  #greet(socket: WebSocket, device: Device, lastSeq: number, now: number): void {
    deviceOf.write(socket, { ...device, greeted: true });
    const kept = this.#store.kept();
    const { after, gapFrom } = planResume(lastSeq, kept);
    const items = this.#store.itemsAfter(after);
    const gap = gapFrom === null ? {} : ({ gap: true, from: gapFrom } as const);
    this.#devices.send(socket, { type: 'hello', seq: kept.newest, items, ...gap, inbox: this.#notices.standing() });
    for (const call of this.#becameOf(items, now)) this.#devices.send(socket, { type: 'call.updated', call });
    const { role } = this.#store.person();
    if (role === null || role === 'companion') this.#telling.tell({ kind: 'learn' });
    if (role === 'member') this.#telling.tell({ kind: 'watch' });
    this.#whereabouts.settle(now);
  }

  /**
   * What is known of the calls among `items` that ring no more, and of those that changed a moment ago: a device that was
   * away just then may have their ring already. Calls nobody has told of are asked, and told of when they have answered.
   */
  #becameOf(items: readonly Sequenced[], now: number): Iterable<Call> {
    const known = new Map(this.#store.heardSince(now - JUST_NOW_MS).map((call) => [call.id, call]));
    for (const item of items) {
      if (item.type !== 'call.incoming') continue;
      const heard = this.#store.heardCall(item.call.id);
      if (heard === null || rings(heard)) this.#telling.tell({ kind: 'ask', callId: item.call.id });
      else known.set(heard.id, heard);
    }
    return known.values();
  }

  #left(socket: WebSocket, now: number): void {
    // The other side's close has to be answered; one that is through already does not mind.
    try {
      socket.close();
    } catch {
      // It went without a close.
    }
    this.#whereabouts.settle(now);
  }

  #close(socket: WebSocket, reason: Parameters<typeof closeSocket>[1], now: number): void {
    closeSocket(socket, reason);
    this.#whereabouts.settle(now);
  }

  // ── idempotency and the busy lock ───────────────────────────────────────────────────────────────────────

  async callIdFor(order: {
    key: string;
    bodyHash: string;
    callId: CallId;
    now: number;
  }): Promise<Result<{ callId: CallId; first: boolean }>> {
    const placed = this.#store.placed(order);
    this.#alarms.setAtLatest('forget', order.now + 86_400_000);
    if (placed.bodyHash !== order.bodyHash) return refuse('idempotency_conflict', 'This key was used for another call.');
    return ok({ callId: placed.callId, first: placed.callId === order.callId });
  }

  lock(order: { callId: CallId; peerId: UserId; now: number }): Promise<Result<Locked>> {
    return this.#busy.lock(order);
  }

  async unlock(order: { callId: CallId; now: number }): Promise<Result<null>> {
    this.#busy.unlock(order);
    return ok(null);
  }

  async busyWith(): Promise<CallId | null> {
    return this.#store.lock()?.callId ?? null;
  }

  /** True only if the call itself says so; a call that can't be reached is believed to go on. */
  async #isOver(callId: CallId): Promise<boolean> {
    try {
      return freesLock(await callSession(this.env, callId).liveness());
    } catch (thrown) {
      this.#log.warn('a call could not be asked', { callId, cause: causeOf(thrown) });
      return false;
    }
  }

  // ── what the person is told ─────────────────────────────────────────────────────────────────────────────

  async ring(order: { call: Call; from: PersonCard; now: number }): Promise<Result<{ devices: number }>> {
    return ok(this.#notices.ring(order, newId('ntf')));
  }

  async callUpdated(order: { call: Call; now: number }): Promise<Result<null>> {
    if (!isNews(this.#store.heardCall(order.call.id), order.call)) return ok(null);
    this.ctx.storage.transactionSync(() => {
      this.#store.hearCall(order.call, order.now);
      this.#notices.callHeard(order.call, order.now);
    });
    this.#alarms.setAtLatest('forget', order.now + 86_400_000);
    this.#devices.broadcast({ type: 'call.updated', call: order.call });
    return ok(null);
  }

  async topUpBelow({ threshold }: { threshold: number | null }): Promise<Result<null>> {
    this.#store.topUpBelow(threshold);
    return ok(null);
  }

  async balanceChanged(event: BalanceChanged, ref: string): Promise<Result<null>> {
    this.#devices.broadcast(event);
    // Each time less is left, not once: an order that came to nothing is followed by the next.
    if (event.unit === 'COIN' && event.delta < 0 && event.amount < this.#store.ordersBelow()) this.#telling.tell({ kind: 'top_up' });
    const lock = this.#store.lock();
    // A running call warns by what its payer has; missed, it learns with its next checkpoint. What it posted itself it
    // knows by the answer: told of that too, it would wake twice more for each checkpoint.
    if (lock && lock.callId !== ref) {
      const told = callSession(this.env, lock.callId).fundsChanged({ userId: this.#self });
      this.ctx.waitUntil(
        told.catch((thrown: unknown) => this.#log.warn('a call was not told', { callId: lock.callId, cause: causeOf(thrown) })),
      );
    }
    return ok(null);
  }

  async notify(item: Parameters<UserHubStub['notify']>[0]): Promise<Result<{ inVain: boolean }>> {
    if (!Object.hasOwn(kinds, item.kind)) return refuse('validation_failed', 'There is no such kind of notification.');
    return ok(this.#notices.notify(item));
  }

  async chatMoved({ now, ...moved }: ChatMoved & { now: number }): Promise<Result<null>> {
    this.#notices.chatMoved(moved, this.#self, newId('ntf'), now);
    return ok(null);
  }

  async wanted({ now, ...asking }: Parameters<UserHubStub['wanted']>[0]): Promise<Result<Asked>> {
    return ok(this.ctx.storage.transactionSync(() => this.#climbs.asked(asking, now)));
  }

  async climbed({ id, rung, now, ...went }: Parameters<UserHubStub['climbed']>[0]): Promise<Result<null>> {
    const outcome = went.outcome === 'deferred' ? { type: went.outcome, rung, until: went.until } : { type: went.outcome, rung };
    this.ctx.storage.transactionSync(() => this.#climbs.climbed(id, outcome, now));
    return ok(null);
  }

  async inbox(asked: Parameters<UserHubStub['inbox']>[0]): Promise<Result<InboxPage>> {
    return ok(this.#notices.inbox(asked));
  }

  async readInbox({ by, now, ...which }: Parameters<UserHubStub['readInbox']>[0]): Promise<Result<{ unread: number }>> {
    return ok({ unread: this.#notices.read(which, by, now) });
  }

  async personChanged(change: { userId: UserId; presence: PresenceState; available: boolean }): Promise<void> {
    if (!this.#whereabouts.isHere()) return;
    try {
      if (await this.#hidden.has(change.userId, Date.now())) return;
    } catch (thrown) {
      // Not knowing whether they are blocked, say nothing: the gallery is read again over HTTP.
      return this.#log.warn('blocks could not be read', { cause: causeOf(thrown) });
    }
    this.#devices.broadcast({ type: 'presence.changed', ...change });
  }

  // ── presence ────────────────────────────────────────────────────────────────────────────────────────────

  async presence(now: number): Promise<{ presence: PresenceState; since: number }> {
    return this.#whereabouts.now(now);
  }

  async shiftChanged(order: { working: boolean; onBreak?: boolean; now: number }): Promise<Result<null>> {
    this.#whereabouts.shiftChanged({ working: order.working, onBreak: order.onBreak ?? false }, order.now);
    return ok(null);
  }

  // ── revocation ──────────────────────────────────────────────────────────────────────────────────────────

  async register(order: OpenRoom & { open: boolean; now: number }): Promise<void> {
    this.#store.setRoom(order.id, order.kind, order.open, order.now);
    this.#alarms.setAtLatest('forget', order.now + 86_400_000);
    // Its ticket may have been checked just before a session ended that this hub has closed already.
    if (order.open) for (const session of this.#store.revokedSince(order.now - TICKET_CHECK_MS)) this.#closeIn(order, session);
  }

  async revoke(order: { sessionId?: SessionId; now: number }): Promise<Result<null>> {
    const session = order.sessionId ?? '*';
    this.ctx.storage.transactionSync(() => {
      this.#store.setRevoked(session, Math.max(order.now, Date.now()));
      for (const room of this.#store.rooms()) this.#closeIn(room, session);
    });
    this.#devices.close('revoked', order.sessionId);
    this.#whereabouts.settle(order.now);
    return ok(null);
  }

  #closeIn(room: OpenRoom, session: SessionId | '*'): void {
    const sessionId = session === '*' ? null : session;
    this.#telling.tell(
      room.kind === 'chat' ? { kind: 'closeChat', chatId: room.id, sessionId } : { kind: 'close', callId: room.id, sessionId },
    );
  }

  // ── telling others ──────────────────────────────────────────────────────────────────────────────────────

  async #deliver(matter: Matter): Promise<Delivery> {
    const now = Date.now();
    switch (matter.kind) {
      case 'learn':
        return this.#whereabouts.learn(() => learn(this.#context(now), this.#self));
      case 'presence': {
        const told = this.#store.person();
        const person = { presence: told.presence, onShift: told.working === true, since: told.since };
        await tellPresence(this.env, { userId: this.#self, ...person, at: now });
        // It may have changed while it was being told.
        return () => {
          const { presence, working } = this.#store.person();
          if (presence !== told.presence || working !== told.working) this.#telling.tell(matter);
        };
      }
      case 'watch': {
        const watching = this.#whereabouts.isHere();
        await tellWatching(this.env, { viewerId: this.#self, watching, now });
        return () => {
          if (this.#whereabouts.isHere() !== watching) this.#telling.tell(matter);
        };
      }
      case 'ask': {
        const call = await askCall(this.env, matter.callId);
        if (call && !rings(call)) await this.callUpdated({ call, now });
        return 'done';
      }
      case 'close':
      case 'closeChat':
        await tellClose(this.env, this.#self, matter);
        return 'done';
      case 'top_up':
        await tellTopUp(this.env, this.#self);
        return 'done';
      case 'climb':
      case 'call_over':
        await tellQueue(this.env, this.#self, matter);
        return 'done';
    }
  }

  // ── housekeeping ────────────────────────────────────────────────────────────────────────────────────────

  /** Closes dead sockets, goes on watching the gallery, and asks about a lock that has been held for long. */
  async #check(now: number): Promise<void> {
    this.#devices.closeSilent(now);
    this.#whereabouts.settle(now);
    await this.#busy.check(now);
    const here = this.#whereabouts.isHere();
    if (here && this.#store.person().role === 'member') this.#telling.tell({ kind: 'watch' });
    if (here || this.#store.lock() !== null) this.#alarms.set('check', now + CHECK_MS);
  }

  #forget(now: number): void {
    this.#store.forget(now);
    this.#notices.forget(now);
    this.#alarms.set('forget', now + 86_400_000);
  }

  #context(now: number): Context {
    return contextOf(this.env, { now, requestId: crypto.randomUUID(), waitUntil: (work) => this.ctx.waitUntil(work) });
  }

  /** The person this hub is of; hubs are only ever reached by name. */
  get #self(): UserId {
    return this.ctx.id.name as UserId;
  }
}
