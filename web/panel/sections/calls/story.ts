/** A call as moments on one time line: its states, what froze it, every charge; and what holds at each of them. */
import type { CallState, Receipt, ReceiptLine, TimelineItem } from '../../../../worker/protocol/call/call.ts';

export interface Moment {
  /** ms since the epoch. */
  readonly at: number;
  readonly kind: 'state' | 'freeze' | 'charge' | 'other';
  readonly item: TimelineItem | null;
  readonly line: ReceiptLine | null;
  /** What holds once this has happened. */
  readonly state: CallState;
  readonly paid: number;
  readonly earned: number;
}

/** A stretch of time in one state; `to` is where the next begins. */
export interface Stretch {
  readonly state: CallState;
  readonly from: number;
  readonly to: number;
}

const stateAfter: Readonly<Record<string, CallState>> = {
  placed: 'placing',
  ringing: 'ringing',
  connecting: 'connecting',
  connected: 'active',
  reconnecting: 'reconnecting',
  reconnected: 'active',
  ended: 'ended',
};

const kindOf = (type: string): Moment['kind'] => (/^reconnect/.test(type) ? 'freeze' : stateAfter[type] ? 'state' : 'other');

/** Everything that happened, in order; of the same millisecond the call's own word comes before the charge. */
export function momentsOf(timeline: readonly TimelineItem[], receipt: Receipt): Moment[] {
  const told = [
    ...timeline.map((item) => ({ at: Date.parse(item.at), kind: kindOf(item.type), item, line: null })),
    ...receipt.checkpoints.map((line) => ({ at: Date.parse(line.at), kind: 'charge' as const, item: null, line })),
  ].toSorted((a, b) => a.at - b.at || Number(a.line !== null) - Number(b.line !== null));
  let state: CallState = 'placing';
  let [paid, earned] = [0, 0];
  return told.map((one) => {
    state = (one.item && stateAfter[one.item.type]) ?? state;
    if (one.line?.party === 'payer' && one.line.paidBy === 'coins') paid += one.line.amount;
    if (one.line?.party === 'payee') earned += one.line.amount;
    return { ...one, state, paid, earned };
  });
}

/** @param until where the line ends: the last moment, or now for a call that runs */
export function stretchesOf(moments: readonly Moment[], until: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [n, { at, state }] of moments.entries()) {
    const to = moments[n + 1]?.at ?? until;
    const last = stretches.at(-1);
    if (last?.state === state) stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ state, from: at, to });
  }
  return stretches.filter(({ from, to }) => to > from);
}
