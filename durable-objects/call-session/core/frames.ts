/** The call as the wire shows it. Nothing of the record goes out except through here. */
import type { Call, CallParty } from '../../../worker/protocol/call/call.ts';
import type { CallDown } from '../../../worker/protocol/call/down.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import type { Effect } from './effects.ts';
import { nextAtOf } from './money.ts';
import { billingPartyOf, type CallRecord, connectedMsOf, isOver } from './state.ts';

/** Over, and nothing is left to post: the receipt is final. */
export const isQuiet = (record: CallRecord): boolean => isOver(record) && record.money.pending === null;

const stateOf = (record: CallRecord): Call['state'] => (record.phase === 'settled' ? 'ended' : record.phase);
const momentOf = (at: number | null): string | null => (at === null ? null : toTimestamp(at));

/** The call as everyone sees it. */
export const callOf = (record: CallRecord): Call => ({
  id: record.id,
  state: stateOf(record),
  media: record.media,
  kind: record.kind,
  callerId: record.caller.id,
  calleeId: record.callee.id,
  createdAt: toTimestamp(record.createdAt),
  endReason: record.endReason,
  connectedMs: connectedMsOf(record),
  endedAt: momentOf(record.endedAt),
  settled: isQuiet(record),
  resumes: record.resumes,
});

export const stateFrame = (record: CallRecord, to: CallParty, now: number): Effect => ({
  kind: 'send',
  to,
  frame: {
    type: 'call.state',
    state: stateOf(record),
    at: toTimestamp(now),
    connectedMs: connectedMsOf(record),
    nextAt: nextAtOf(record),
    media: record.media,
    kind: record.kind,
    you: to,
    role: billingPartyOf(record, to),
    heartbeatMs: record.limits.heartbeatMs,
    until: momentOf(record.until),
  },
});

export const send = (to: CallParty, frame: CallDown): Effect => ({ kind: 'send', to, frame });
