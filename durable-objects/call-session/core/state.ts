/**
 * What a call is, whole: everything a decision may look at. Stored as one row in the object's SQLite, never sent over
 * the wire. Times are ms since the epoch unless their name says otherwise.
 */
import type { Carrying, MeteredTariff, Positions } from '../../../worker/domains/billing/meter.ts';
import { beginning } from '../../../worker/domains/billing/meter.ts';
import type { ChargeOrder } from '../../../worker/domains/pricing/port.ts';
import type { CallLimits, CallPerson, PlaceOrder } from '../../../worker/platform/stubs.ts';
import type { BillingParty, CallKind, CallMedia, CallParty, EndReason } from '../../../worker/protocol/call/call.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { Tariff } from '../../../worker/protocol/http/tariffs.ts';
import type { CallId, SessionId } from '../../../worker/protocol/ids.ts';

/** The states of calls.md; `settled` is an ended call whose outbox ran empty. */
export const phases = ['placing', 'ringing', 'connecting', 'active', 'reconnecting', 'ended', 'settled'] as const;
export type Phase = (typeof phases)[number];

/** A stretch of a party's silence that is not counted. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** One party's device in the call. */
export interface PartyState {
  /** It has a socket. */
  readonly present: boolean;
  /** Its present socket has reported media. */
  readonly mediaUp: boolean;
  /** Last proof of life of any kind; null before the first. */
  readonly lifeAt: number | null;
  /** Last proof of life while it had media; the clock counts these. */
  readonly proofAt: number | null;
  /** Since when it sits in the running call without media. */
  readonly noMediaSince: number | null;
  /** Silences longer than `deadMs` that the clock has not passed yet. */
  readonly gaps: readonly Gap[];
}

/** The clock of the call. */
export interface Clock {
  /** t0: both had media. */
  readonly startedAt: number;
  /** Up to this moment of the wall connected time is decided. */
  readonly countedUntil: number;
  /** Connected time proved by both; a resumed call's begins at its offset. */
  readonly connectedMs: number;
}

/** What the payer has, as the pricing model last told it. */
export interface KnownMeans extends Carrying {
  /** From then on it may be other than this by itself, ms since the epoch; null or left out: nothing of the kind is known. */
  readonly until?: number | null;
}

/** What a call's money stands on. */
export interface Money {
  /** The whole version, kept as it was: a resumed call goes on with it. */
  readonly tariff: Tariff;
  readonly positions: Positions;
  /** The order under way; one at a time, in order of seconds. */
  readonly pending: { readonly order: ChargeOrder; readonly since: number; readonly unknowns: number } | null;
  /** No party's checkpoint at or after this connected second is due. */
  readonly stopAt: number;
  /** What the payer has; drives warnings only. */
  readonly means: KnownMeans;
  /** [WA4] The pricing model is being asked for it anew. */
  readonly asking?: boolean;
  /** The last payer checkpoint was paid by the house. */
  readonly inGrace: boolean;
  /** False in a resumed call: there is no second grace. */
  readonly graceLeft: boolean;
  /** The warning last given, in seconds. */
  readonly warned: 60 | 15 | null;
  /** The books could not be reached: the house pays what the payer can't any more. */
  readonly outage: boolean;
}

/** A change of medium: asked by one, then agreed by both and waiting for the old tariff's due checkpoints. */
export interface MediaChange {
  readonly media: CallMedia;
  readonly by: CallParty;
  readonly agreed: boolean;
  /** The tariff to go on with, and the connected ms it holds from; null until it is found. */
  readonly next: { readonly tariff: Money['tariff']; readonly fromMs: number } | null;
}

/** Why a call never rang. */
export interface PlacingRefusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /** The call the two of them have already: the caller joins that one. */
  readonly joined: CallId | null;
}

export interface CallRecord {
  readonly id: CallId;
  /** The first call of a chain of resumed ones; the same as `id` in a new one. */
  readonly rootId: CallId;
  readonly resumes: CallId | null;
  readonly kind: CallKind;
  readonly caller: CallPerson;
  readonly callee: CallPerson;
  /** The device that placed it. */
  readonly callerSession: SessionId;
  readonly payer: CallParty;
  readonly payerVersion: PlaceOrder['payerVersion'];
  readonly quote: PlaceOrder['quote'];
  readonly limits: CallLimits;
  readonly createdAt: number;
  /** Connected ms it began with. */
  readonly offsetMs: number;

  readonly phase: Phase;
  readonly media: CallMedia;
  readonly refusal: PlacingRefusal | null;
  /** The callee's device that answered. */
  readonly answeredBy: SessionId | null;
  /** When the present phase is over at the latest; null where it has no such end. */
  readonly until: number | null;
  readonly parties: Readonly<Record<CallParty, PartyState>>;
  /** Null before t0. */
  readonly clock: Clock | null;
  /** The moment at which both are asked to prove again although nothing falls due then (PL3); null while nobody is. */
  readonly proveAt: number | null;
  /** How often the clock was frozen, for how long in all, and since when now. */
  readonly freezes: number;
  readonly frozenMs: number;
  readonly frozenFrom: number | null;
  readonly money: Money;
  readonly change: MediaChange | null;
  /** When each party asked for another medium of late, ms since the epoch (MC5). */
  readonly wishes: Readonly<Record<CallParty, readonly number[]>>;
  readonly endReason: EndReason | null;
  readonly endedAt: number | null;
  readonly settledAt: number | null;
  /** The latest moment any decision was made at: time never runs backwards here. */
  readonly lastNow: number;
}

const nobody: PartyState = { present: false, mediaUp: false, lifeAt: null, proofAt: null, noMediaSince: null, gaps: [] };

/** How long locks may take before a call that does not get them is given up, ms. */
export const PLACING_MS = 10_000;

/** The call as it is stored first, before any lock is taken. */
export function placed(order: PlaceOrder): CallRecord {
  const { carried, tariff, limits } = order;
  return {
    id: order.callId,
    rootId: carried?.rootId ?? order.callId,
    resumes: order.resumes,
    kind: order.kind,
    caller: order.caller,
    callee: order.callee,
    callerSession: order.sessionId,
    payer: order.payer,
    payerVersion: order.payerVersion,
    quote: order.quote,
    limits,
    createdAt: order.now,
    offsetMs: carried?.connectedMs ?? 0,
    phase: 'placing',
    media: order.media,
    refusal: null,
    answeredBy: null,
    until: order.now + PLACING_MS,
    parties: { caller: nobody, callee: nobody },
    clock: null,
    proveAt: null,
    freezes: 0,
    frozenMs: 0,
    frozenFrom: null,
    money: {
      tariff,
      positions: carried?.positions ?? beginning,
      pending: null,
      stopAt: maxSecondsOf(tariff, limits),
      means: order.means,
      inGrace: false,
      graceLeft: carried === null,
      warned: null,
      outage: false,
    },
    change: null,
    wishes: { caller: [], callee: [] },
    endReason: null,
    endedAt: null,
    settledAt: null,
    lastNow: order.now,
  };
}

/** The longest a call under this tariff may be, in connected seconds. */
export const maxSecondsOf = (tariff: MeteredTariff, limits: CallLimits): number =>
  Math.min(tariff.maxSeconds ?? limits.maxSeconds, limits.maxSeconds);

export const sides: readonly CallParty[] = ['caller', 'callee'];
export const otherSide = (party: CallParty): CallParty => (party === 'caller' ? 'callee' : 'caller');
/** Who a caller or callee is to the money. */
export const billingPartyOf = (record: CallRecord, party: CallParty): BillingParty => (party === record.payer ? 'payer' : 'payee');
/** Who the payer or payee is in the call. */
export const sideOfBilling = (record: CallRecord, party: BillingParty): CallParty =>
  party === 'payer' ? record.payer : otherSide(record.payer);

/** True from t0 until the end. */
export const isRunning = (record: CallRecord): boolean => record.phase === 'active' || record.phase === 'reconnecting';
export const isOver = (record: CallRecord): boolean => record.phase === 'ended' || record.phase === 'settled';

/** Connected ms as the world sees it: proved by both, and never past where the money stopped. */
export const connectedMsOf = (record: CallRecord): number =>
  record.clock === null ? 0 : Math.max(record.offsetMs, Math.min(record.clock.connectedMs, record.money.stopAt * 1000));

export const withParty = (record: CallRecord, party: CallParty, change: Partial<PartyState>): CallRecord => ({
  ...record,
  parties: { ...record.parties, [party]: { ...record.parties[party], ...change } },
});
export const withMoney = (record: CallRecord, change: Partial<Money>): CallRecord => ({ ...record, money: { ...record.money, ...change } });
