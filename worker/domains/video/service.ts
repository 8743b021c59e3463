/** Calls, from the outside: place, answer, end, read; and what a running `CallSession` asks of the house. */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import { callSession } from '../../platform/stubs.ts';
import type { Call, CallKind, CallMedia } from '../../protocol/call/call.ts';
import type { MediaGrant } from '../../protocol/call/media.ts';
import type { Tariff } from '../../protocol/http/tariffs.ts';
import type { CallId, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import { tariffFor } from '../billing/service.ts';
import { companionById } from '../companions/service.ts';
import { record } from '../event_log/service.ts';
import { noteTalk } from '../interaction/service.ts';
import { type Placed, socketFor } from './placing.ts';
import { ownRow } from './reading.ts';
import { callRow, updateCall } from './store.ts';

export { allCalls, type CallGroup, callGroups, stopCall, wholeCall } from './board.ts';
export { mediaGrantFor, noteMediaOutcome } from './media.ts';
export { placeCall, resumeCall } from './placing.ts';
export { haveCalled, listCalls, markCallsSeen, ownRow, readCall, readReceipt, readStory, readTimeline } from './reading.ts';

/**
 * Answers. The first device wins; again from it: the same answer.
 * @throws Problem `answered_elsewhere`, `call_ended`, `not_found`, `forbidden` for the caller
 */
export async function acceptCall(
  ctx: Context,
  principal: Principal,
  id: CallId,
): Promise<{ call: Call; media: MediaGrant; socket: Placed['socket'] }> {
  await ownRow(ctx, principal, id);
  const { userId, sessionId } = principal;
  const { call, media } = unwrap(await callSession(ctx.env, id).accept({ userId, sessionId, now: ctx.now }));
  return { call, media, socket: await socketFor(ctx, principal, id) };
}

/** Not now. By state: a call that was answered or is over stays as it is. */
export async function declineCall(ctx: Context, principal: Principal, id: CallId): Promise<Call> {
  await ownRow(ctx, principal, id);
  return unwrap(await callSession(ctx.env, id).decline({ userId: principal.userId, now: ctx.now })).call;
}

/** Hangs up, or stops ringing. By state: an ended call stays as it ended. */
export async function endCall(ctx: Context, principal: Principal, id: CallId): Promise<Call> {
  await ownRow(ctx, principal, id);
  return unwrap(await callSession(ctx.env, id).end({ userId: principal.userId, now: ctx.now })).call;
}

/** Brings a call's row up to its object. Repeated or late: a settled row never moves. */
export async function recordCall(
  ctx: Context,
  { call, started, settledAt }: { call: Call; started: boolean; settledAt: number | null },
): Promise<void> {
  // Before the row: once that is settled, nobody comes by here again.
  if (call.endedAt !== null && call.connectedMs > 0) await noteTalkOf(ctx, call, Date.parse(call.endedAt));
  await updateCall(ctx.env.DB, {
    id: call.id,
    now: ctx.now,
    state: call.state,
    media: call.media,
    endReason: call.endReason,
    connectedMs: call.connectedMs,
    endedAt: call.endedAt === null ? null : Date.parse(call.endedAt),
    settledAt,
    // A call that never connected posted nothing: the one it resumes may be resumed again.
    ...(call.state === 'ended' && !started ? { resumesClaim: null } : {}),
  });
}

/** Both were connected: what the two have had with each other grows. */
async function noteTalkOf(ctx: Context, { id, callerId, calleeId, createdAt, connectedMs, media }: Call, endedAt: number): Promise<void> {
  const row = await callRow(ctx.env.DB, id);
  if (!row) return;
  const memberId = row.payerId as UserId;
  const companionId = memberId === callerId ? calleeId : callerId;
  await noteTalk(ctx, { callId: id, memberId, companionId, at: Date.parse(createdAt), endedAt, connectedMs, media });
}

/** Says in the event log that a call which rang is over. */
export const callEnded = (ctx: Context, call: Call): Promise<void> =>
  record(ctx, {
    type: 'call.ended',
    subject: call.id,
    payload: { endReason: call.endReason, connectedMs: call.connectedMs, media: call.media, kind: call.kind },
  });

/** The tariff a running call goes on with in another medium; null where the companion does not take it or none is set. */
export async function tariffForChange(
  ctx: Context,
  call: {
    kind: CallKind;
    media: CallMedia;
    payer: { id: UserId; role: Role };
    payee: { id: UserId; role: Role };
    direction: 'member_to_companion' | 'companion_to_member';
  },
): Promise<Tariff | null> {
  const companion = await companionById(ctx, call.payee.id);
  if (!companion?.media.includes(call.media)) return null;
  const { kind, media, direction } = call;
  return tariffFor(ctx, { kind, media, payerRole: call.payer.role, payeeRole: call.payee.role, direction });
}
