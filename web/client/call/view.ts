/** What a screen knows of a call: a fold of the frames its socket brought. Pure; `now` is an argument. */
import type { BillingParty, CallMedia, CallParty, CallState, EndReason, PaidBy, Receipt } from '../../../worker/protocol/call/call.ts';
import type { CallDown } from '../../../worker/protocol/call/down.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import type { Unit } from '../../../worker/protocol/money.ts';

/** One of the reader's own checkpoints. */
export interface Line {
  readonly n: number;
  readonly atSeconds: number;
  readonly unit: Unit;
  readonly amount: number;
  readonly paidBy: PaidBy;
}

export interface CallView {
  readonly state: CallState;
  readonly media: CallMedia;
  readonly you: CallParty | null;
  readonly role: BillingParty | null;
  /** ms connected, as of `asOf` (this device's clock); it goes on while `active`. */
  readonly connectedMs: number;
  readonly asOf: number;
  /** When the next checkpoint falls due, by this device's clock. */
  readonly nextAt: number | null;
  readonly peerPresent: boolean;
  readonly grant: MediaGrant | null;
  readonly lines: readonly Line[];
  /** The reader's balance after the last checkpoint. */
  readonly balance: number | null;
  /** How long the payer's balance carries, as of the moment beside it; null for the payee, or without end. */
  readonly left: { readonly seconds: number; readonly asOf: number } | null;
  /** A change of medium that one asked for and the other has not agreed to yet. */
  readonly asked: { readonly media: CallMedia; readonly by: CallParty } | null;
  /** The server warned that the balance runs out. */
  readonly low: boolean;
  readonly ended: { readonly reason: EndReason; readonly receipt: Receipt | null } | null;
  /** Server clock minus this device's, ms. */
  readonly skew: number;
}

export const LOW_SECONDS = 60;

export const newView = (media: CallMedia, state: CallState, now: number): CallView => ({
  state,
  media,
  you: null,
  role: null,
  connectedMs: 0,
  asOf: now,
  nextAt: null,
  peerPresent: false,
  grant: null,
  lines: [],
  balance: null,
  left: null,
  asked: null,
  low: false,
  ended: null,
  skew: 0,
});

/** The view after one frame. */
export function applyFrame(view: CallView, frame: CallDown, now: number): CallView {
  switch (frame.type) {
    case 'call.state': {
      if (view.ended) return view;
      const skew = Date.parse(frame.at) - now;
      return {
        ...view,
        state: frame.state,
        media: frame.media,
        asked: frame.media === view.media ? view.asked : null,
        you: frame.you,
        role: frame.role,
        connectedMs: frame.connectedMs,
        asOf: now,
        nextAt: frame.nextAt === null ? null : Date.parse(frame.nextAt) - skew,
        skew,
      };
    }
    case 'peer':
      return frame.party === view.you ? view : { ...view, peerPresent: frame.present };
    case 'media':
      return { ...view, grant: { provider: frame.provider, credentials: frame.credentials } };
    case 'media.change':
      // Naming the present medium without agreement: the wish was taken back or can't be had.
      if (frame.agreed || frame.media === view.media) return { ...view, media: frame.media, asked: null };
      return { ...view, asked: { media: frame.media, by: frame.by } };
    case 'billing.checkpoint': {
      if (frame.party !== view.role) return view;
      const { n, atSeconds, unit, amount, paidBy } = frame;
      return {
        ...view,
        // What was proved can't be less than what was charged for: it sets right a clock that a reload left behind.
        connectedMs: Math.max(connectedMsAt(view, now), atSeconds * 1000),
        asOf: now,
        lines: withLine(view.lines, { n, atSeconds, unit, amount, paidBy }),
        balance: frame.balance,
        left: frame.secondsLeft === null ? null : { seconds: frame.secondsLeft, asOf: now },
        low: frame.secondsLeft !== null && frame.secondsLeft <= LOW_SECONDS,
        nextAt: frame.nextAt === null ? null : Date.parse(frame.nextAt) - view.skew,
      };
    }
    case 'billing.low':
      return { ...view, left: { seconds: frame.secondsLeft, asOf: now }, low: frame.secondsLeft <= LOW_SECONDS };
    case 'call.ended':
      return {
        ...view,
        state: 'ended',
        ended: { reason: frame.reason, receipt: frame.receipt },
        connectedMs: frame.receipt.connectedMs,
        asOf: now,
        nextAt: null,
        low: false,
      };
    case 'receipt.settled':
      return view.ended ? { ...view, ended: { ...view.ended, receipt: frame.receipt } } : view;
    case 'error':
      // The medium that both wished for can't be had.
      return frame.code === 'callee_unavailable' ? { ...view, asked: null } : view;
    case 'signal':
      return view;
  }
}

/** Takes over the checkpoints of a receipt: after a reload the frames that told them are gone. */
export function applyReceipt(view: CallView, receipt: Receipt, role: BillingParty): CallView {
  const mine = receipt.checkpoints.filter(({ party }) => party === role);
  return { ...view, lines: mine.reduce((lines, line) => withLine(lines, line), view.lines) };
}

function withLine(lines: readonly Line[], { n, atSeconds, unit, amount, paidBy }: Line): readonly Line[] {
  return [...lines.filter((line) => line.n !== n), { n, atSeconds, unit, amount, paidBy }].sort((a, b) => a.n - b.n);
}

/** ms connected at `now`. It stands while frozen, and never shows more than the server will prove. */
export const connectedMsAt = (view: CallView, now: number): number =>
  view.connectedMs + (view.state === 'active' ? Math.max(0, now - view.asOf) : 0);

/** Whole seconds the balance still carries at `now`, or null where it carries without end or nothing is known. */
export const secondsLeftAt = (view: CallView, now: number): number | null =>
  view.left === null ? null : Math.max(0, Math.round(view.left.seconds - (view.state === 'active' ? (now - view.left.asOf) / 1000 : 0)));

/** What the reader paid or earned so far: a checkpoint that the house carried costs the payer nothing. */
export const soFar = (view: CallView): number =>
  view.lines.reduce((sum, line) => sum + (view.role === 'payee' || line.paidBy === 'coins' ? line.amount : 0), 0);
