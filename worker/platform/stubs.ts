/**
 * How to reach an object: its RPC interface and its name. Types only; classes are imported by `worker/index.ts` alone.
 * Every method answers a `Result`, is safe to repeat, and says so where it is not obvious.
 */
import type { Call, CallMedia, EndReason, Quote, Receipt, TimelineItem } from '../protocol/call/call.ts';
import type { MediaGrant } from '../protocol/call/media.ts';
import type { ChatEvent } from '../protocol/chat/event.ts';
import type { MediaState, Message, SentMessage } from '../protocol/chat/message.ts';
import type { Tariff } from '../protocol/http/tariffs.ts';
import type { BalanceChanged } from '../protocol/hub/latest.ts';
import type { ChatMoved } from '../protocol/hub/sequenced.ts';
import type { CallId, ChatId, ChatMediaId, Id, MessageId, SessionId, UserId } from '../protocol/ids.ts';
import type { NotificationKind, Rung } from '../protocol/notification.ts';
import type { MonetizationVersion, PersonCard, PresenceState, Role } from '../protocol/people.ts';
import type { Result } from './result.ts';

/** An object namespace, typed by the object's RPC interface instead of its class (only `index.ts` imports classes). */
export interface Namespace<Stub> {
  getByName(name: string): Stub;
}

/** One paid call; named by its call id. */
export interface CallSessionStub {
  /** Socket upgrade; the ticket in the subprotocol is checked and spent here. */
  fetch(request: Request): Promise<Response>;
  /** Stores the call, takes the locks, rings. Repeated: the same answer. */
  place(order: PlaceOrder): Promise<Result<{ call: Call; quote: Quote }>>;
  /** The answer `place` gave: the call (or the one its caller joined instead), or why it never rang; `not_found` if unknown. */
  placed(): Promise<Result<{ call: Call; quote: Quote }>>;
  accept(by: { userId: UserId; sessionId: SessionId; now: number }): Promise<Result<{ call: Call; media: MediaGrant }>>;
  decline(by: { userId: UserId; now: number }): Promise<Result<{ call: Call }>>;
  /** Hang up, or stop ringing. */
  end(by: { userId: UserId; now: number }): Promise<Result<{ call: Call }>>;
  /** Ends the call for a reason that lies outside it: a block, a moderator, a ban. */
  stop(by: { reason: Extract<EndReason, 'blocked' | 'moderated'>; now: number }): Promise<Result<{ call: Call }>>;
  read(): Promise<Result<{ call: Call; quote: Quote }>>;
  /** Where it stood when the balance ran out, for the call that resumes it; `call_ended` where nothing can be resumed. */
  standing(by: { now: number }): Promise<Result<Standing>>;
  /** What the payer has to spend changed in mid-call (a top-up, a gift); the warnings follow. */
  fundsChanged(event: { userId: UserId }): Promise<void>;
  receipt(): Promise<Result<Receipt>>;
  timeline(): Promise<Result<{ items: TimelineItem[] }>>;
  /** What the busy lock of a hub stands on: only `ended` or `unknown` frees it. */
  liveness(): Promise<'running' | 'ended' | 'unknown'>;
  /** The sweeper's question: go on with whatever is due. Answers whether the call is settled. */
  reconcile(now: number): Promise<Result<{ settled: boolean; known: boolean }>>;
  /** Closes this person's sockets of a session (all of them without one). */
  closeSockets(of: { userId: UserId; sessionId?: SessionId; reason: 'revoked' | 'forbidden' }): Promise<void>;
}

/** Everything `CallSession` needs to begin, decided by `video/service` before it; frozen for the whole call. */
export interface PlaceOrder {
  readonly callId: CallId;
  readonly caller: CallPerson;
  readonly callee: CallPerson;
  readonly payer: 'caller' | 'callee';
  readonly media: CallMedia;
  readonly kind: 'direct' | 'roulette';
  readonly now: number;
  /** The device that placed it. */
  readonly sessionId: SessionId;
  /** The ended call this one goes on from. */
  readonly resumes: CallId | null;
  /** Where that one stood; null for a call that begins anew. */
  readonly carried: Standing | null;
  /** The tariff version the call keeps, whatever is published meanwhile. */
  readonly tariff: Tariff;
  readonly quote: Quote;
  /** Which pricing model pays. */
  readonly payerVersion: MonetizationVersion;
  /**
   * What the payer had when it was placed: seconds that are paid for already, then coins, and until when (ms) that can be
   * counted on; drives warnings only.
   */
  readonly means: { readonly seconds: number; readonly amount: number; readonly until?: number | null };
  readonly limits: CallLimits;
}

/** The timers of one call, ms (settings `call.*`). */
export interface CallLimits {
  readonly ringMs: number;
  readonly connectMs: number;
  readonly heartbeatMs: number;
  readonly deadMs: number;
  readonly reconnectMs: number;
  readonly soloMs: number;
  readonly frozenMs: number;
  /** Seconds; the lower of this and the tariff's own wins. */
  readonly maxSeconds: number;
  readonly resumeMs: number;
}

/** How far one party's checkpoints are posted: `n` of the next, its place in the tariff's schedule, and their sum. */
interface StandingPosition {
  readonly n: number;
  readonly index: number;
  readonly total: number;
}

/** Where an ended call stood, for the one that resumes it. */
export interface Standing {
  /** The first call of the chain; its id is in the posting keys. */
  readonly rootId: CallId;
  readonly connectedMs: number;
  readonly positions: { readonly payer: StandingPosition; readonly payee: StandingPosition };
  readonly media: CallMedia;
  readonly tariff: Tariff;
}

export interface CallPerson extends PersonCard {
  readonly role: Role;
  readonly ledgerShard: number;
}

/** Somebody of a conversation. */
export interface ChatPerson {
  readonly userId: UserId;
  readonly role: Role;
  readonly ledgerShard: number;
}

/** Why nothing can be sent in a conversation now; null: it can. */
export type ChatClosed = 'blocked' | 'gone' | null;

/** How a conversation stands for one of its people. */
export interface ChatStanding {
  /** The newest event there is. */
  readonly seq: number;
  /** The oldest event this person may see. */
  readonly first: number;
  /** Up to where they have read, and how many messages of others lie behind it; at most `MAX_UNREAD` are counted. */
  readonly readSeq: number;
  readonly unread: number;
  /** The newest message they may see. */
  readonly last: Message | null;
  readonly closed: ChatClosed;
}

/** Bodies that only the house sends, and texts written by a rule. */
export type HousePost = {
  readonly [K in Message['kind']]: { readonly kind: K; readonly body: NonNullable<Extract<Message, { kind: K }>['body']> };
}['text' | 'gift' | 'call' | 'activity' | 'system'];

/**
 * One conversation; named by its chat id. `by` is a person of it; whoever is not, or has left, gets `not_found`. Null,
 * where it is allowed, is the house: it sees everything.
 */
export interface ChatRoomStub {
  /** Socket upgrade; the ticket in the subprotocol is checked and spent here. */
  fetch(request: Request): Promise<Response>;
  /** Makes the room. Repeated: nothing changes. */
  open(order: { chatId: ChatId; people: readonly ChatPerson[]; now: number }): Promise<Result<{ seq: number }>>;
  /**
   * Lets somebody in: to see all of it, or from the member's first unanswered message on. Repeated for who is in: nothing
   * changes. @returns the oldest event they may see
   */
  join(order: { person: ChatPerson; from: 'all' | 'unanswered'; now: number }): Promise<Result<{ first: number }>>;
  /** Somebody goes: their sockets close (4003), and they see nothing of it any more. Repeated: nothing happens. */
  leave(order: { userId: UserId; now: number }): Promise<Result<null>>;
  /** Sends like a socket does. The same `clientId` and body: the same answer; another body: `idempotency_conflict`. */
  send(order: { by: UserId; message: SentMessage; now: number }): Promise<Result<{ message: Message } | { pending: true }>>;
  /**
   * The house says something, free of charge: a call card, a gift, a system note, a rule's text (`automatic`). `key` names
   * it for good (`call:<callId>`): repeated, the first one is the answer. A text is refused where nothing can be sent.
   */
  post(order: { key: string; sender: UserId | null; automatic: boolean; now: number } & HousePost): Promise<Result<{ message: Message }>>;
  /** Deletes a message in the name of the house. Repeated: the same answer. */
  remove(order: { messageId: MessageId; now: number }): Promise<Result<{ message: Message }>>;
  /** A contiguous piece of the sequence: after a seq, the last ones before it, or the newest; at most 200. */
  events(asked: {
    by: UserId | null;
    after?: number | undefined;
    before?: number | undefined;
    limit?: number | undefined;
  }): Promise<Result<{ epoch: string; seq: number; first: number; items: ChatEvent[] }>>;
  /** Messages with words that begin so, newest first; `before` is the `seq` of the last one of the page before. */
  search(asked: {
    by: UserId | null;
    q: string;
    before?: number | undefined;
    limit: number;
  }): Promise<Result<{ items: Message[]; next: number | null }>>;
  read(asked: { by: UserId }): Promise<Result<ChatStanding>>;
  /** Messages as they stand, in the order asked for; unknown ones are left out. */
  messages(asked: { by: UserId | null; ids: readonly MessageId[] }): Promise<Result<{ items: Message[] }>>;
  /** Moderation has decided; also before the media is sent with a message. Repeated: nothing happens. */
  mediaDecided(order: { mediaId: ChatMediaId; state: Exclude<MediaState, 'pending'>; now: number }): Promise<Result<null>>;
  /** A block between people of this room was made or lifted: it looks itself. */
  blockChanged(order: { now: number }): Promise<Result<null>>;
  /** Closes this person's sockets of a session (all of them without one). */
  closeSockets(of: { userId: UserId; sessionId?: SessionId; reason: 'revoked' | 'forbidden' }): Promise<void>;
}

/** What a room tells `chat/service` of itself, for the lists. Latest `seq` wins; told again until it is heard. */
export interface ChatNews {
  readonly chatId: ChatId;
  /** The newest event there is. */
  readonly seq: number;
  /** ms since the epoch; when that event was. */
  readonly at: number;
  /** The newest message; null while there is none. */
  readonly last: Message | null;
  /** The first message of a member that no companion has answered yet, ms since the epoch; null where all are. */
  readonly waitingSince: number | null;
  readonly people: readonly {
    readonly userId: UserId;
    readonly readSeq: number;
    readonly unread: number;
    /** When the newest message they may see came, ms since the epoch; where there is none, when they came. */
    readonly newestAt: number;
  }[];
}

/** What a hub says of a rung that somebody is about to carry out. */
export type Asked =
  | { readonly wanted: false; readonly because: string }
  | {
      readonly wanted: true;
      readonly kind: NotificationKind;
      readonly topic: string;
      readonly facts: Readonly<Record<string, unknown>>;
      /** ms since the epoch. */
      readonly beganAt: number;
      readonly expiresAt: number;
      readonly notBy: SessionId | null;
    };

export interface InboxPage {
  readonly items: readonly {
    readonly seq: number;
    readonly id: Id<'ntf'>;
    readonly kind: NotificationKind;
    readonly facts: Readonly<Record<string, unknown>>;
    /** ms since the epoch. */
    readonly at: number;
    readonly readAt: number | null;
  }[];
  /** In the whole inbox. */
  readonly unread: number;
}

/** One person's devices; named by the user id. */
export interface UserHubStub {
  fetch(request: Request): Promise<Response>;
  /** (caller, Idempotency-Key) → call id: the first id given for a key stays; another body hash is a conflict. */
  callIdFor(order: { key: string; bodyHash: string; callId: CallId; now: number }): Promise<Result<{ callId: CallId; first: boolean }>>;
  /**
   * Takes the busy lock for a call. Refused while another call holds it, after asking that call. `heldBy` names the
   * call that holds it, and `peerId` who is in it, so that two people who ring each other find their one call.
   */
  lock(order: {
    callId: CallId;
    peerId: UserId;
    now: number;
  }): Promise<Result<{ locked: true } | { locked: false; heldBy: CallId; peerId: UserId }>>;
  unlock(order: { callId: CallId; now: number }): Promise<Result<null>>;
  /** The call that holds the busy lock, if any. */
  busyWith(): Promise<CallId | null>;
  ring(order: { call: Call; from: PersonCard; now: number }): Promise<Result<{ devices: number }>>;
  /** Tells every device that a call changed (answered elsewhere, cancelled, ended). Latest wins. */
  callUpdated(order: { call: Call; now: number }): Promise<Result<null>>;
  /** Tells devices, and a running call unless `ref`, what the posting was about, is that call. */
  balanceChanged(event: BalanceChanged, ref: string): Promise<Result<null>>;
  /** Below how many coins some are ordered (`payment`); null: none are. */
  topUpBelow(order: { threshold: number | null }): Promise<Result<null>>;
  /**
   * Tells the person something, once for an id, on every rung it takes. `notBy`: the session whose devices do not count as
   * the person's answer, such as the one a warning is about. `vain`: rungs that would reach nobody now, as whoever tells
   * many has found out for all of them; without it each rung finds out by itself, at the price of a message of the queue.
   * @returns `inVain` where all of them are passed over for that, and whoever told it keeps the books of it; the same for
   *   the same id
   */
  notify(item: {
    id: Id<'ntf'>;
    kind: NotificationKind;
    body: Readonly<Record<string, unknown>>;
    notBy?: SessionId | undefined;
    vain?: readonly Rung[] | undefined;
    now: number;
  }): Promise<Result<{ inVain: boolean }>>;
  /**
   * Whether a rung outside the app is still to be carried out, and with what; asked as the last thing before it is.
   * `again`: also where it was given up before.
   */
  wanted(order: { id: Id<'ntf'>; rung: Rung; again: boolean; now: number }): Promise<Result<Asked>>;
  /** What became of that rung: it went out; there was nobody to reach; or it waits until then (ms), and will be asked about again. */
  climbed(
    order: { id: Id<'ntf'>; rung: Rung; now: number } & ({ outcome: 'told' | 'unreached' } | { outcome: 'deferred'; until: number }),
  ): Promise<Result<null>>;
  /** What the person was told, newest first, and how much of all of it is unread. */
  inbox(asked: { before: number | null; limit: number; now: number }): Promise<Result<InboxPage>>;
  /** @returns how many are left unread */
  readInbox(
    which: ({ readonly ids: readonly string[] } | { readonly upTo: number }) & { by: SessionId; now: number },
  ): Promise<Result<{ unread: number }>>;
  /** How a conversation stands for this person now. The same `chatSeq` and `readSeq` again: one item. */
  chatMoved(order: ChatMoved & { now: number }): Promise<Result<null>>;
  presence(now: number): Promise<{ presence: PresenceState; since: number }>;
  /** The companion began or ended work or a break; `working`: calls may come. Presence follows. */
  shiftChanged(order: { working: boolean; onBreak?: boolean; now: number }): Promise<Result<null>>;
  /** A person in this one's view changed; filtered by the feed before it is sent. */
  personChanged(change: { userId: UserId; presence: PresenceState; available: boolean }): Promise<void>;
  /** A room or call says that it holds a socket of this person, so that a revoked session reaches it. */
  register(order: ({ kind: 'call'; id: CallId } | { kind: 'chat'; id: ChatId }) & { open: boolean; now: number }): Promise<void>;
  /** Closes sockets of a session here and in every registered room; all sessions without one. */
  revoke(order: { sessionId?: SessionId; now: number }): Promise<Result<null>>;
}

/** A feed of people online; named by its segment. */
export interface GalleryFeedStub {
  /** A companion's hub tells what they are now. Latest wins by `at`. */
  changed(person: { userId: UserId; presence: PresenceState; onShift: boolean; since: number; at: number }): Promise<void>;
  list(): Promise<readonly { userId: UserId; presence: PresenceState; onShift: boolean; since: number }[]>;
  /** Who is looking at `now`, and since when (ms): the members who are online. */
  watching(now: number): Promise<readonly { userId: UserId; since: number }[]>;
  /** A viewer's hub wants `personChanged` until it says otherwise; kept alive by repeating it. */
  watch(order: { viewerId: UserId; watching: boolean; now: number }): Promise<void>;
}

/** Providers that know us by a token that is made from a key. */
export type TokenProvider = 'apns' | 'fcm' | 'play';

export interface ProviderBearer {
  readonly token: string;
  /** A copy may be used until then, ms since the epoch. */
  readonly renewAt: number;
}

/** The tokens by which push providers know us; one object, named `all`. */
export interface ProviderTokensStub {
  /**
   * The token to use now, made or renewed where it must be. `refused` is one that the provider did not take: another comes
   * back, or `overloaded` while there may be none yet. Safe to repeat.
   */
  bearer(ask: { provider: TokenProvider; refused: string | null }): Promise<Result<ProviderBearer>>;
}

// Each takes the one binding it needs instead of `Env`, which is typed by the interfaces above.
export const callSession = (env: { readonly CALL_SESSION: Namespace<CallSessionStub> }, id: CallId): CallSessionStub =>
  env.CALL_SESSION.getByName(id);
export const chatRoom = (env: { readonly CHAT_ROOM: Namespace<ChatRoomStub> }, id: ChatId): ChatRoomStub => env.CHAT_ROOM.getByName(id);
export const userHub = (env: { readonly USER_HUB: Namespace<UserHubStub> }, id: UserId): UserHubStub => env.USER_HUB.getByName(id);
/** One segment for now: everybody. */
export const galleryFeed = (env: { readonly GALLERY_FEED: Namespace<GalleryFeedStub> }): GalleryFeedStub =>
  env.GALLERY_FEED.getByName('everybody');
export const providerTokens = (env: { readonly PROVIDER_TOKENS: Namespace<ProviderTokensStub> }): ProviderTokensStub =>
  env.PROVIDER_TOKENS.getByName('all');
