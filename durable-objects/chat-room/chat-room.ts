/**
 * One conversation. The shell: sockets, storage, the tick, the alarm. What it decides is decided in `core/`; the rules
 * with their ids stand in SPEC.md.
 */
import { DurableObject } from 'cloudflare:workers';
import { mediaToSend, releaseMedia } from '../../worker/domains/chat/service.ts';
import type { MessageTerms } from '../../worker/domains/pricing/port.ts';
import { pricingFor } from '../../worker/domains/pricing/service.ts';
import { verifyTicket } from '../../worker/domains/user/service.ts';
import type { Env } from '../../worker/env.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import { causeOf, logWith } from '../../worker/platform/log.ts';
import { ok, type Refusal, type Result, refuse } from '../../worker/platform/result.ts';
import { readUpgrade, refuseUpgrade } from '../../worker/platform/sockets.ts';
import type { ChatClosed, ChatPerson, ChatRoomStub, ChatStanding, HousePost } from '../../worker/platform/stubs.ts';
import type { ChatEvent } from '../../worker/protocol/chat/event.ts';
import type { MediaState, Message, SentMessage } from '../../worker/protocol/chat/message.ts';
import type { ChatUp } from '../../worker/protocol/chat/up.ts';
import type { ChatId, ChatMediaId, MessageId, SessionId, UserId } from '../../worker/protocol/ids.ts';
import { Patience } from '../kit/patience.ts';
import { answerPings, openSocket } from '../kit/sockets.ts';
import { spendTicket } from '../kit/tickets.ts';
import type { PostOrder } from './core/orders.ts';
import { newestThatFit, planResume, textFor } from './core/resuming.ts';
import { messagesBefore } from './core/sending.ts';
import { type Person, payeeOf, presentPerson, type Reply, type Room, type Windows } from './core/state.ts';
import type { Device } from './device.ts';
import { Devices } from './devices.ts';
import { Duties } from './duties.ts';
import { answer, hear, nameOf } from './hearing.ts';
import { pay } from './paying.ts';
import { MAX_UNREAD, type OpenIntent, RoomStore } from './store.ts';
import { dropBytes, tellHubs, tellLists, tellPresence } from './telling.ts';
import { readTerms, type Terms, TermsAtHand } from './terms.ts';
import { askAgain, Tick } from './tick.ts';
import { Till } from './till.ts';

/** Events in one answer over HTTP. */
const MAX_EVENTS = 200;
/** What holds until the house has been asked. */
const BEFORE_ASKING = { budget: { burst: 1_000, perSecond: 20 }, windows: { editMs: 900_000, deleteMs: 86_400_000 } } as const;

const unknownChat = refuse('not_found', 'There is no such conversation.');
export class ChatRoom extends DurableObject<Env> implements ChatRoomStub {
  readonly #store: RoomStore;
  readonly #devices: Devices;
  readonly #terms: TermsAtHand;
  readonly #tick: Tick;
  readonly #till: Till;
  readonly #duties: Duties;
  readonly #patience = new Patience(() => this.#budget);
  readonly #log = logWith({ object: 'chat_room' });
  /** As stored; null until the room is made. */
  #room: Room | null;
  #windows: Windows = BEFORE_ASKING.windows;
  #budget: Terms['budget'] = BEFORE_ASKING.budget;
  /** Senders whose messages wait for something that has to be asked first: the last of them. */
  readonly #preparing = new Map<UserId, Promise<void>>();
  /** Devices that have said hello and wait for their welcome, and what they sent meanwhile. */
  readonly #greeting = new Map<WebSocket, ChatUp[]>();
  /** People who send over HTTP. */
  readonly #callers = new Map<UserId, object>();
  /** Hubs being told who has sockets here. */
  #presence: Promise<void> = Promise.resolve();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { storage } = state;
    const store = new RoomStore(storage);
    const room = (): Room | null => this.#room;
    const failed = (what: string, thrown: unknown): void => this.#log.error(what, { cause: causeOf(thrown) });
    answerPings(state);
    this.#store = store;
    this.#room = store.room();
    this.#devices = new Devices(state);
    this.#terms = new TermsAtHand(
      () => readTerms(this.#context(), this.#room?.people ?? []),
      (terms) => this.#learned(terms),
    );
    this.#tick = new Tick({
      storage,
      store,
      room,
      windows: () => this.#windows,
      writing: (before, after, now) => this.#writing(before, after, now),
      stored: (after) => {
        this.#room = after;
      },
      deliver: (events, now) => this.#devices.deliver(events, this.#placed().people, now),
      undone: () => this.#undone(),
      failed,
    });
    this.#till = new Till({
      store,
      tick: this.#tick,
      outcomeOf: (intent) => this.#outcomeOf(intent),
      tell: ({ sender, clientId }, reply) => {
        const frame = ackOf(reply, clientId, clientId);
        if (frame) this.#devices.tell(sender, frame);
      },
      dropped: ({ sender, media }) => {
        if (media) this.#inTurn(sender, () => this.#giveBack(media.id));
      },
      rested: () => this.#duties.arm(Date.now()),
      failed,
    });
    this.#duties = new Duties({
      storage,
      store,
      till: this.#till,
      room,
      tell: (as) => this.#tell(as),
      failed,
    });
    void state.blockConcurrencyWhile(() => this.#duties.recall());
  }

  // ── the conversation moves ──────────────────────────────────────────────────────────────────────────────

  /** Inside the transaction: what has to follow is written with it. */
  #writing(before: Room, after: Room, now: number): void {
    if (after.waiting !== before.waiting) this.#store.setWaiting(after.waiting);
    if (after.lastMessageSeq !== before.lastMessageSeq) this.#duties.toIndex(now);
    if (after.lastSeq !== before.lastSeq) this.#duties.toTell(now);
    this.#duties.arm(now);
  }

  /** A transaction was undone: what is remembered of it is forgotten. */
  #undone(): void {
    this.#store.recall();
    this.#room = this.#store.room();
    this.#duties.mistrust();
  }

  // ── messages ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * A message of a person. Where all is at hand it goes into this tick; where something has to be asked first (what it
   * costs, what its medium is), it goes when that is known, and those of the same sender behind it wait for their turn.
   */
  #send(by: UserId, sent: SentMessage, anew: boolean, answer: (reply: Reply) => void): void {
    const before = this.#preparing.get(by);
    const terms = anew ? null : this.#terms.atHand(Date.now(), (work) => this.#aside(work));
    if (!before && terms && sent.kind === 'text') {
      this.#queueSend(by, sent, null, terms, answer);
      return;
    }
    this.#inTurn(by, async () => {
      try {
        const known = terms ?? (await this.#terms.fresh(Date.now()));
        if (sent.kind === 'text') this.#queueSend(by, sent, null, known, answer);
        else await this.#sendMedium(by, sent, known, answer);
      } catch (thrown) {
        this.#log.warn('a message could not be taken', { cause: causeOf(thrown) });
        answer(askAgain);
      }
    });
  }

  /** Behind all that is asked for this sender already. `work` never throws. */
  #inTurn(by: UserId, work: () => Promise<void>): void {
    const turn = (this.#preparing.get(by) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#preparing.get(by) === turn) this.#preparing.delete(by);
    });
    this.#preparing.set(by, turn);
    this.#aside(turn);
  }

  /** Those behind it wait until it is decided: what one of them gives back the next may take again. */
  async #sendMedium(by: UserId, sent: Exclude<SentMessage, { kind: 'text' }>, terms: Terms, answer: (reply: Reply) => void): Promise<void> {
    const media = await this.#mediumOf(by, sent.body.mediaId);
    const first = await new Promise<Reply>((resolve) =>
      this.#queueSend(by, sent, media, terms, (reply) => {
        answer(reply);
        resolve(reply);
      }),
    );
    if (media && first.is === 'refused') await this.#giveBack(media.id);
  }

  /** [RM4] Of a message that was refused: another may have the medium, and if none does, it is swept away. */
  async #giveBack(mediaId: ChatMediaId): Promise<void> {
    if (this.#store.media(mediaId)?.usedBy) return;
    try {
      await releaseMedia(this.#context(), { chatId: this.#placed().chatId, mediaId });
    } catch (thrown) {
      this.#log.warn('a medium could not be given back', { mediaId, cause: causeOf(thrown) });
    }
  }

  /** The medium a message names, where it is the sender's to send. */
  #mediumOf(uploaderId: UserId, mediaId: ChatMediaId) {
    return mediaToSend(this.#context(), { chatId: this.#placed().chatId, mediaId, uploaderId });
  }

  #queueSend(by: UserId, sent: SentMessage, media: Message['media'], terms: Terms, answer: (reply: Reply) => void): void {
    const version = terms.versions.get(by);
    const isPayer = terms.price !== null && presentPerson(this.#placed(), by)?.role === 'member';
    if (isPayer && (!version || !pricingFor(version))) {
      answer({ is: 'refused', code: 'pricing_model_unavailable', detail: 'Messages under your plan are not open yet.' });
      return;
    }
    this.#tick.queue({ type: 'send', by, sent, media, terms: terms.price }, (reply) => {
      if (reply.is === 'pending') this.#till.wait(by, sent.clientId, answer);
      answer(reply);
    });
  }

  async #outcomeOf(intent: OpenIntent) {
    try {
      const terms = await this.#terms.fresh(Date.now());
      return await pay(this.#context(), this.#placed(), intent, terms.versions.get(intent.sender));
    } catch (thrown) {
      this.#log.warn('the price of a message could not be seen to', { cause: causeOf(thrown) });
      return null;
    }
  }

  // ── what the house says ─────────────────────────────────────────────────────────────────────────────────

  #learned(terms: Terms): void {
    this.#windows = terms.windows;
    this.#budget = terms.budget;
    this.#setClosed(terms.closed);
  }

  /** [RM1] Both sides' devices learn at once. */
  #setClosed(closed: ChatClosed): void {
    const room = this.#room;
    if (!room || room.closed === closed) return;
    this.#store.setClosed(closed);
    this.#room = { ...room, closed };
    this.#devices.broadcast({ type: 'closed', closed });
  }

  // ── telling others, and the alarm ───────────────────────────────────────────────────────────────────────

  /** @throws where somebody could not be told; the others were */
  async #tell(room: Room): Promise<void> {
    const ctx = this.#context();
    const { hubs, lists } = this.#store.toldUpTo();
    const told = await Promise.allSettled([
      hubs < room.lastSeq ? tellHubs(ctx, this.#store, room) : null,
      lists < room.lastSeq ? tellLists(ctx, this.#store, room) : null,
      dropBytes(ctx, this.#store, room),
      this.#tellPresence(),
    ]);
    for (const one of told) if (one.status === 'rejected') throw one.reason;
  }

  override async alarm(): Promise<void> {
    this.#devices.closeSilent(Date.now());
    await this.#duties.rang();
  }

  #aside(work: Promise<unknown>): void {
    this.ctx.waitUntil(work.catch((thrown: unknown) => this.#log.warn('work on the side failed', { cause: causeOf(thrown) })));
  }

  #context(): Context {
    return contextOf(this.env, { now: Date.now(), requestId: crypto.randomUUID(), waitUntil: (work) => this.ctx.waitUntil(work) });
  }

  #placed(): Room {
    if (!this.#room) throw new Error('a conversation that was never opened');
    return this.#room;
  }

  // ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────

  override async fetch(request: Request): Promise<Response> {
    const upgrade = readUpgrade(request, this.env);
    if (!upgrade.ok) return refuseUpgrade(upgrade.code, upgrade.detail, request);
    const chatId = this.#room?.chatId;
    if (!chatId) return refuseUpgrade('not_found', unknownChat.detail, request);
    const verified = await verifyTicket(this.env, upgrade.value.ticket, `chat:${chatId}`, Date.now());
    if (!verified.ok) return refuseUpgrade(verified.code, verified.detail, request);
    const { userId, sessionId, jti, expiresAt } = verified.value;
    if (!presentPerson(this.#placed(), userId)) return refuseUpgrade('not_found', unknownChat.detail, request);
    const now = Date.now();
    if (!spendTicket(this.ctx.storage.sql, { jti, expiresAt }, now))
      return refuseUpgrade('unauthenticated', 'This ticket was used before; ask for another.', request);
    this.#devices.makeRoom(userId);
    return openSocket(this.ctx, [], (socket) => {
      this.#devices.set(socket, { userId, sessionId, openedAt: now, greeted: false });
      // Told anew with every socket: a session that ended while its ticket was looked at is found by it.
      this.#store.setRegistered(userId, false);
      this.#presenceMoved();
    });
  }

  #presenceMoved(): void {
    if (!this.#room) return;
    this.#aside(
      this.#tellPresence().catch((thrown: unknown) => {
        this.#toTell();
        throw thrown;
      }),
    );
  }

  /** [RK6] One after the other: a hub that heard of a socket must not hear after it that the one before is gone. */
  #tellPresence(): Promise<void> {
    const told = this.#presence.then(() => tellPresence(this.#context(), this.#store, this.#placed(), this.#devices.people()));
    this.#presence = told.catch(() => {});
    return told;
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    // A device that says something and leaves is heard: only one that was shown out is not.
    const device = this.#devices.of(socket);
    if (!device) return;
    const heard = hear(this.#patience, socket, message, !device.greeted && !this.#greeting.has(socket), Date.now());
    if (heard.is === 'error') {
      if (heard.error) this.#devices.send(socket, heard.error);
      if (heard.close) this.#close(socket, heard.close);
      return;
    }
    const early = this.#greeting.get(socket);
    if (early) early.push(heard.frame);
    else this.#take(socket, device, heard.frame);
  }

  #take(socket: WebSocket, device: Device, frame: ChatUp): void {
    const { userId: by } = device;
    const refusal = (reply: Reply): void => {
      if (reply.is === 'refused') this.#devices.send(socket, answer(nameOf(frame), reply.code, reply.detail));
    };
    switch (frame.type) {
      case 'hello':
        this.#greeting.set(socket, []);
        this.#aside(this.#greet(socket, device, frame));
        break;
      case 'message.send':
        this.#send(by, frame.message, false, (reply) => {
          const told = ackOf(reply, frame.message.clientId, nameOf(frame));
          if (told) this.#devices.send(socket, told);
        });
        break;
      case 'message.edit':
        this.#tick.queue({ type: 'edit', by, messageId: frame.messageId, text: frame.body.text }, refusal);
        break;
      case 'message.delete':
        this.#tick.queue({ type: 'delete', by, messageId: frame.messageId }, refusal);
        break;
      case 'reaction.set':
        this.#tick.queue({ type: 'react', by, messageId: frame.messageId, emoji: frame.emoji }, refusal);
        break;
      case 'delivered':
      case 'read':
        this.#mark(socket, by, frame);
        break;
      case 'typing':
        if (this.#placed().closed === null) this.#devices.broadcast({ type: 'typing', by, typing: frame.typing }, by);
    }
  }

  #mark(socket: WebSocket, by: UserId, frame: Extract<ChatUp, { type: 'delivered' | 'read' }>): void {
    if (frame.seq > this.#placed().lastSeq) {
      this.#devices.send(socket, answer(frame.id, 'validation_failed', 'seq: is not known here'));
      return;
    }
    this.#devices.confirmed(socket, frame.seq);
    this.#tick.mark(by, frame.type, frame.seq);
  }

  /** [RQ2] [RQ3] Everything after what the device has, in one step with its being told from then on. */
  async #greet(socket: WebSocket, device: Device, hello: Extract<ChatUp, { type: 'hello' }>): Promise<void> {
    let terms: Terms | null = null;
    try {
      terms = await this.#terms.fresh(Date.now());
    } catch (thrown) {
      // Reading is never kept from anybody; what is stored of blocks holds, and messages ask again.
      this.#log.warn('the house does not answer', { cause: causeOf(thrown) });
    }
    const early = this.#greeting.get(socket) ?? [];
    this.#greeting.delete(socket);
    // Shown out, or gone, meanwhile.
    if (!this.#devices.of(socket)) return;
    const room = this.#placed();
    const person = presentPerson(room, device.userId);
    if (!person) return this.#close(socket, 'forbidden');
    const { after, gap } = planResume(room, person, hello);
    const events = this.#store.events(after, room.lastSeq);
    const texts = newestThatFit(events.map((event) => textFor(person, event)));
    const from = room.lastSeq - texts.length + 1;
    const head = JSON.stringify({
      type: 'welcome',
      epoch: room.epoch,
      seq: room.lastSeq,
      ...(gap || texts.length < events.length ? { gap: true, from } : {}),
      price: this.#priceFor(person, terms?.price ?? null),
      closed: room.closed,
    });
    const frame = `${head.slice(0, -1)},"events":[${texts.join(',')}]}`;
    this.#devices.set(socket, { ...device, greeted: true });
    this.#devices.sendEvents(socket, frame, room.lastSeq, Date.now());
    for (const waiting of early) this.#take(socket, device, waiting);
  }

  #priceFor(person: Person, terms: MessageTerms | null) {
    if (person.role !== 'member' || !terms?.payer || !payeeOf(this.#placed())) return null;
    const { unit, amount, free } = terms.payer;
    return { unit, amount, freeLeft: Math.max(0, free - messagesBefore(this.#store, person, terms)) };
  }

  #close(socket: WebSocket, reason: Parameters<Devices['close']>[1]): void {
    this.#greeting.delete(socket);
    this.#devices.close(socket, reason);
    this.#presenceMoved();
  }

  override webSocketClose(socket: WebSocket): void {
    this.#left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#left(socket);
  }

  #left(socket: WebSocket): void {
    this.#greeting.delete(socket);
    this.#devices.gone(socket);
    this.#presenceMoved();
    // The other side's close has to be answered; one that is through already does not mind.
    if (socket.readyState === WebSocket.OPEN) socket.close();
  }

  // ── asked by the Worker and by other objects ────────────────────────────────────────────────────────────

  async open(order: { chatId: ChatId; people: readonly ChatPerson[]; now: number }): Promise<Result<{ seq: number }>> {
    if (!this.#room) {
      this.ctx.storage.transactionSync(() => {
        this.#store.begin(order.chatId, crypto.randomUUID());
        for (const person of order.people) this.#store.letIn(person, 1, order.now);
      });
      this.#room = this.#store.room();
    }
    return ok({ seq: this.#placed().lastSeq });
  }

  async join(order: { person: ChatPerson; from: 'all' | 'unanswered'; now: number }): Promise<Result<{ first: number }>> {
    const room = this.#room;
    if (!room) return unknownChat;
    const present = presentPerson(room, order.person.userId);
    if (present) return ok({ first: present.fromSeq });
    const first = order.from === 'all' ? 1 : (room.waiting?.seq ?? room.lastSeq + 1);
    this.#store.letIn(order.person, first, order.now);
    this.#peopleMoved();
    return ok({ first });
  }

  async leave({ userId, now }: { userId: UserId; now: number }): Promise<Result<null>> {
    const room = this.#room;
    if (!room) return unknownChat;
    if (!presentPerson(room, userId)) return ok(null);
    this.#store.letGo(userId, now);
    this.#peopleMoved();
    this.#devices.closeOf(userId, undefined, 'forbidden');
    this.#presenceMoved();
    return ok(null);
  }

  /** Others are to be told how things stand. */
  #toTell(): void {
    const now = Date.now();
    this.#duties.toTell(now);
    this.#duties.arm(now);
  }

  /** Who is here has changed: so may have what is true of them. */
  #peopleMoved(): void {
    const room = this.#placed();
    this.#room = { ...room, people: this.#store.people() };
    this.#terms.forget();
    // Lists count for those who are here.
    this.#store.setListsTold(Math.min(this.#store.toldUpTo().lists, room.lastSeq - 1));
    this.#store.setHubsTold(Math.min(this.#store.toldUpTo().hubs, room.lastSeq - 1));
    this.#toTell();
  }

  async send(order: { by: UserId; message: SentMessage; now: number }): Promise<Result<{ message: Message } | { pending: true }>> {
    if (!this.#room || !presentPerson(this.#room, order.by)) return unknownChat;
    const refusal = await this.#look();
    if (refusal) return refusal;
    if (this.#patience.take(this.#withoutSocket(order.by), Date.now()) !== 'fine') return refuse('rate_limited', 'Slower, please.');
    let last: Reply = askAgain;
    await new Promise<void>((resolve) =>
      this.#send(order.by, order.message, true, (reply) => {
        last = reply;
        resolve();
      }),
    );
    // Waits while its price is being posted, not for as long as the books are away.
    if ((last as Reply).is === 'pending') await this.#till.see(order.by);
    return resultOf(last);
  }

  /** [RK4] Stands for somebody who sends over HTTP. */
  #withoutSocket(userId: UserId): object {
    const known = this.#callers.get(userId) ?? {};
    this.#callers.set(userId, known);
    return known;
  }

  async post(
    order: { key: string; sender: UserId | null; automatic: boolean; now: number } & HousePost,
  ): Promise<Result<{ message: Message }>> {
    if (!this.#room) return unknownChat;
    if (order.kind === 'text') await this.#look();
    const { now: _now, ...said } = order;
    return messageOf(await this.#tick.ask({ type: 'post', ...said } as PostOrder));
  }

  async remove({ messageId }: { messageId: MessageId; now: number }): Promise<Result<{ message: Message }>> {
    if (!this.#room) return unknownChat;
    return messageOf(await this.#tick.ask({ type: 'delete', by: null, messageId }));
  }

  async events(asked: {
    by: UserId | null;
    after?: number | undefined;
    before?: number | undefined;
    limit?: number | undefined;
  }): Promise<Result<{ epoch: string; seq: number; first: number; items: ChatEvent[] }>> {
    const view = this.#viewOf(asked.by);
    if (!view) return unknownChat;
    const { room, person } = view;
    const limit = Math.min(Math.max(asked.limit ?? 50, 1), MAX_EVENTS);
    const last = Math.min(asked.before === undefined ? room.lastSeq : asked.before - 1, room.lastSeq);
    const above = asked.after === undefined ? last - limit : asked.after;
    const after = Math.max(above, person.fromSeq - 1, 0);
    const upTo = asked.after === undefined ? last : Math.min(last, after + limit);
    const items = this.#store.events(after, upTo).map((event) => JSON.parse(textFor(person, event)) as ChatEvent);
    return ok({ epoch: room.epoch, seq: room.lastSeq, first: person.fromSeq, items });
  }

  async search(asked: {
    by: UserId | null;
    q: string;
    before?: number | undefined;
    limit: number;
  }): Promise<Result<{ items: Message[]; next: number | null }>> {
    const view = this.#viewOf(asked.by);
    if (!view) return unknownChat;
    // What was written a moment ago is found too.
    this.#duties.indexAll();
    const between = { above: view.person.fromSeq - 1, below: asked.before ?? view.room.lastSeq + 1 };
    const found = this.#store.search(asked.q, between, asked.limit + 1);
    const items = found.slice(0, asked.limit);
    return ok({ items, next: found.length > asked.limit ? (items.at(-1)?.seq ?? null) : null });
  }

  async read({ by }: { by: UserId }): Promise<Result<ChatStanding>> {
    const room = this.#room;
    const person = room && presentPerson(room, by);
    if (!room || !person) return unknownChat;
    return ok({
      seq: room.lastSeq,
      first: person.fromSeq,
      readSeq: this.#store.marks(by).read,
      unread: Math.min(this.#store.unread(person), MAX_UNREAD),
      last: this.#store.lastMessage(person.fromSeq),
      closed: room.closed,
    });
  }

  async messages({ by, ids }: { by: UserId | null; ids: readonly MessageId[] }): Promise<Result<{ items: Message[] }>> {
    const view = this.#viewOf(by);
    if (!view) return unknownChat;
    const found = ids.map((id) => this.#store.message(id));
    return ok({ items: found.filter((message): message is Message => message !== null && message.seq >= view.person.fromSeq) });
  }

  async mediaDecided(order: { mediaId: ChatMediaId; state: Exclude<MediaState, 'pending'>; now: number }): Promise<Result<null>> {
    if (!this.#room) return unknownChat;
    const reply = await this.#tick.ask({ type: 'media', mediaId: order.mediaId, state: order.state });
    return reply.is === 'refused' ? refuse(reply.code, reply.detail) : ok(null);
  }

  async blockChanged(_order: { now: number }): Promise<Result<null>> {
    if (!this.#room) return unknownChat;
    this.#terms.forget();
    const refusal = await this.#look();
    return refusal ?? ok(null);
  }

  /** Asks the house how things stand. @returns the refusal where it does not answer */
  async #look(): Promise<Refusal | null> {
    try {
      await this.#terms.fresh(Date.now());
      return null;
    } catch (thrown) {
      this.#log.warn('the house does not answer', { cause: causeOf(thrown) });
      return refuse(askAgain.code, askAgain.detail);
    }
  }

  async closeSockets(of: { userId: UserId; sessionId?: SessionId; reason: 'revoked' | 'forbidden' }): Promise<void> {
    this.#devices.closeOf(of.userId, of.sessionId, of.reason);
    this.#presenceMoved();
  }

  /** What somebody may see: a person of the conversation from their time on, the house all of it. */
  #viewOf(by: UserId | null): { room: Room; person: Pick<Person, 'fromSeq'> } | null {
    const room = this.#room;
    const person = by === null ? { fromSeq: 1 } : room && presentPerson(room, by);
    return room && person ? { room, person } : null;
  }
}

/** What the sender of a message is told over a socket; null: nothing more. */
function ackOf(reply: Reply, clientId: string, name: string | undefined) {
  switch (reply.is) {
    case 'placed':
      return { type: 'message.ack', clientId, id: reply.message.id, seq: reply.message.seq, at: reply.message.at } as const;
    case 'pending':
      return { type: 'message.pending', clientId } as const;
    case 'refused':
      return answer(name, reply.code, reply.detail);
    case 'done':
      return null;
  }
}

const messageOf = (reply: Reply): Result<{ message: Message }> => {
  const result = resultOf(reply);
  if (!result.ok) return result;
  return 'message' in result.value ? ok({ message: result.value.message }) : refuse(askAgain.code, askAgain.detail);
};

function resultOf(reply: Reply): Result<{ message: Message } | { pending: true }> {
  if (reply.is === 'refused') return refuse(reply.code, reply.detail);
  return ok(reply.is === 'placed' ? { message: reply.message } : { pending: true });
}
