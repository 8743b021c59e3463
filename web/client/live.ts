/**
 * Everything live about the person who is signed in on this page: their hub, their balance, who rings, the call they
 * are in. One per sign-in; the screens watch its stores.
 */
import type { Call, CallMedia, Quote } from '../../worker/protocol/call/call.ts';
import { acceptCall, declineCall, endCall, listCalls, placeCall, readCall, resumeCall } from '../../worker/protocol/http/calls.ts';
import type { Me } from '../../worker/protocol/http/me.ts';
import type { InboxStanding } from '../../worker/protocol/hub/inbox.ts';
import type { ChatMoved, Sequenced } from '../../worker/protocol/hub/sequenced.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import type { PersonCard, PresenceState } from '../../worker/protocol/people.ts';
import type { Api } from './api.ts';
import { Balance } from './balance.ts';
import type { Talk, TalkOptions } from './call/talk.ts';
import type { Clock } from './clock.ts';
import type { Hub, SeqMemory } from './hub.ts';
import { type Attention, Shown } from './shown.ts';
import type { RawSocket, SocketPhase } from './socket.ts';
import { Store } from './store.ts';

export interface Incoming {
  readonly call: Call;
  readonly from: PersonCard;
}

/** What became of a ring this device did not answer. */
export interface RingNote {
  readonly kind: 'answered_elsewhere' | 'missed';
  readonly callId: CallId;
  readonly from: PersonCard;
}

export interface LiveOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly open: (path: string, protocols: string[]) => RawSocket;
  readonly me: Me;
  readonly memory: SeqMemory;
  /** Whether somebody could see this page now. */
  readonly attention: () => Attention;
  readonly devices: TalkOptions['devices'];
  readonly mediaClientFor: TalkOptions['mediaClientFor'];
}

/** What is told live needs its schemas; a page can be drawn before they are here. */
const hubModule = () => import('./hub.ts');
/** A page without a call does not wait for it: fetched once the hub is there, and at the latest for the first call. */
const talkModule = () => import('./call/talk.ts');

/** Until the hub's own code is asked for again where it could not be fetched. */
const REFETCH_MS = 3_000;

export class Live {
  readonly me: Me;
  readonly api: Api;
  /** How the connection to the hub is. */
  readonly phase = new Store<SocketPhase>({ phase: 'connecting' });
  readonly balance: Balance;
  /** Presence as told since the page opened; lays over what the gallery answered. */
  readonly presence = new Store<ReadonlyMap<UserId, { presence: PresenceState; available: boolean }>>(new Map());
  readonly incoming = new Store<Incoming | null>(null);
  readonly note = new Store<RingNote | null>(null);
  /** The call this device is in, from its first ring to its receipt. */
  readonly talk = new Store<Talk | null>(null);
  /** An unfinished call of this person that this device is not in: a reload, another device. */
  readonly elsewhere = new Store<Call | null>(null);
  /** Grows whenever the list of calls may have changed. */
  readonly callsVersion = new Store(0);
  /** The conversation that moved on last; those who show conversations watch it. */
  readonly chatMoved = new Store<ChatMoved | null>(null);
  /** The notification that came last as it happened; whoever shows cards watches it. */
  readonly told = new Store<string | null>(null);
  /** What the hub last said of the inbox; null until it has. */
  readonly inbox = new Store<InboxStanding | null>(null);
  readonly #options: LiveOptions;
  readonly #shown: Shown;
  #hub: Hub | null = null;
  #isOpen = false;
  #stopWaiting: (() => void) | null = null;
  readonly #quotes = new Map<CallId, Quote>();
  /** The ring this device is answering: the hub's word of it may come before the answer. */
  #answering: CallId | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.me = options.me;
    this.api = options.api;
    this.balance = new Balance(options.api);
    this.#shown = new Shown(options.attention, (id) => this.#hub?.acknowledge(id) ?? false);
  }

  /** Asks and listens from now on, until `close`. Before it, this is only a set of stores. */
  open(): void {
    this.#isOpen = true;
    void this.balance.catchUp();
    void this.#connect();
  }

  /** Rings somebody. `key` belongs to this wish: repeat it with the same key and there is still one call. */
  async place(calleeId: UserId, media: CallMedia, key: string): Promise<Talk> {
    // What a call needs is here before it rings anywhere.
    await talkModule();
    const { call, quote, socket } = await this.api.call(placeCall, { body: { calleeId, media }, key });
    this.#quotes.set(call.id, quote);
    return this.#enter(call, { ticket: socket.ticket });
  }

  async resume(callId: CallId, key: string): Promise<Talk> {
    const { call, quote, socket } = await this.api.call(resumeCall, { params: { id: callId }, key });
    this.#quotes.set(call.id, quote);
    return this.#enter(call, { ticket: socket.ticket });
  }

  /** Answers the ring. A refusal (answered elsewhere, already over) takes the ring away and is thrown. */
  async answer(incoming: Incoming): Promise<Talk> {
    this.#answering = incoming.call.id;
    try {
      const { call, socket, media } = await this.api.call(acceptCall, { params: { id: incoming.call.id } });
      const talk = await this.#enter(call, { ticket: socket.ticket, grant: media });
      this.#stopRing(call.id);
      return talk;
    } catch (thrown) {
      this.#stopRing(incoming.call.id);
      throw thrown;
    } finally {
      this.#answering = null;
    }
  }

  async decline(incoming: Incoming): Promise<void> {
    this.#stopRing(incoming.call.id);
    await this.api.call(declineCall, { params: { id: incoming.call.id } });
  }

  /** Takes a running call back after a reload. Null where it is over. */
  async rejoin(callId: CallId): Promise<Talk | null> {
    const present = this.talk.get();
    if (present?.view.get().callId === callId) return present;
    const { call } = await this.api.call(readCall, { params: { id: callId } });
    return call.state === 'ended' ? null : this.#enter(call, {});
  }

  /** Ends a call this device is not in. */
  async endElsewhere(callId: CallId): Promise<void> {
    await this.api.call(endCall, { params: { id: callId } });
    this.elsewhere.set(null);
  }

  quoteOf(callId: CallId): Quote | null {
    return this.#quotes.get(callId) ?? null;
  }

  /** Leaves the ended call's screen. */
  done(): void {
    this.talk.get()?.leave();
    this.talk.set(null);
  }

  /** The page is on the screen again. */
  looked(): void {
    this.#shown.look();
    this.hurry();
  }

  hurry(): void {
    if (this.#hub) this.#hub.socket.hurry();
    else if (this.#stopWaiting) void this.#connect();
    this.talk.get()?.hurry();
  }

  close(): void {
    this.#isOpen = false;
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.#hub?.close();
    this.#hub = null;
    this.phase.set({ phase: 'closed', reason: 'left' });
    this.done();
  }

  async #connect(): Promise<void> {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.#tell({ phase: 'connecting' });
    const { clock } = this.#options;
    const module = await hubModule().catch(() => null);
    if (!this.#isOpen || this.#hub) return;
    if (module) {
      this.#hub = this.#hubOf(module);
      return;
    }
    this.phase.set({ phase: 'waiting', until: clock.now() + REFETCH_MS, attempt: 1 });
    this.#stopWaiting = clock.after(REFETCH_MS, () => void this.#connect());
  }

  /** The same again changes nothing: no part of a page is drawn anew for it. */
  #tell(phase: SocketPhase): void {
    if (phase.phase !== 'connecting' || this.phase.get().phase !== 'connecting') this.phase.set(phase);
  }

  #hubOf({ Hub }: Awaited<ReturnType<typeof hubModule>>): Hub {
    const { api, clock, open, memory } = this.#options;
    const hub = new Hub({
      api,
      clock,
      open,
      memory,
      onItem: (item, live) => this.#item(item, live),
      onCall: (call) => this.#call(call),
      onBalance: (frame) => this.balance.changed(frame),
      onPresence: ({ userId, presence, available }) => this.presence.set(new Map(this.presence.get()).set(userId, { presence, available })),
      onInbox: (frame) => this.inbox.set(frame),
      onCurrent: () => {
        this.#shown.look();
        void this.balance.catchUp();
        void this.#findCalls();
        talkModule().catch(() => undefined);
      },
    });
    const tell = (): void => this.#tell(hub.socket.phase.get());
    hub.socket.phase.watch(tell);
    tell();
    return hub;
  }

  async #enter(call: Call, with_: Pick<TalkOptions, 'ticket' | 'grant'>): Promise<Talk> {
    const { Talk } = await talkModule();
    const present = this.talk.get();
    if (present?.view.get().callId === call.id && present.view.get().link !== 'closed') return present;
    present?.leave();
    const { api, clock, open, devices, mediaClientFor, me } = this.#options;
    const talk = new Talk({ api, clock, open, devices, mediaClientFor, me: me.id, call, ...with_ });
    this.talk.set(talk);
    if (this.elsewhere.get()?.id === call.id) this.elsewhere.set(null);
    let told = false;
    talk.view.watch(() => {
      if (told || !talk.view.get().ended) return;
      told = true;
      this.#callsChanged();
      void this.balance.catchUp();
    });
    return talk;
  }

  #item(item: Sequenced, live: boolean): boolean {
    if (item.type === 'chat.event') this.chatMoved.set(item);
    if (item.type === 'notification' && live) this.told.set(item.id);
    // What was missed may ring no more; who rings now is asked for once the sequence is complete.
    if (item.type === 'call.incoming' && live && item.call.calleeId === this.me.id && item.call.state === 'ringing') {
      this.note.set(null);
      this.incoming.set({ call: item.call, from: item.from });
    }
    return this.#shown.take(item);
  }

  #call(call: Call): void {
    this.talk.get()?.updated(call);
    this.#callsChanged();
    if (this.elsewhere.get()?.id === call.id) this.elsewhere.set(call.state === 'ended' ? null : call);
    const incoming = this.incoming.get();
    if (incoming?.call.id !== call.id || call.state === 'ringing' || call.state === 'placing') return;
    if (this.#answering === call.id && call.state !== 'ended') return;
    this.incoming.set(null);
    if (this.talk.get()?.view.get().callId === call.id) return;
    const { from } = incoming;
    if (call.state !== 'ended') this.note.set({ kind: 'answered_elsewhere', callId: call.id, from });
    else if (call.endReason === 'no_answer' || call.endReason === 'cancelled') this.note.set({ kind: 'missed', callId: call.id, from });
  }

  #stopRing(callId: CallId): void {
    if (this.incoming.get()?.call.id === callId) this.incoming.set(null);
  }

  /** What a page that just opened, or was away, must know: who rings, and which call is running. */
  async #findCalls(): Promise<void> {
    const before = this.incoming.get();
    try {
      const { items } = await this.api.call(listCalls, { query: { limit: 5 } });
      const mine = this.talk.get()?.view.get().callId;
      const ringing = items.find(({ call }) => call.state === 'ringing' && call.calleeId === this.me.id);
      if (ringing && ringing.call.id !== mine) this.incoming.set({ call: ringing.call, from: ringing.caller });
      // Somebody may have rung since this was asked.
      else if (!ringing && this.incoming.get() === before) this.incoming.set(null);
      const running = items.find(({ call }) => call.state !== 'ended' && call.id !== ringing?.call.id && call.id !== mine);
      this.elsewhere.set(running?.call ?? null);
    } catch {
      // The next hello asks again.
    }
  }

  #callsChanged(): void {
    this.callsVersion.set(this.callsVersion.get() + 1);
  }
}
