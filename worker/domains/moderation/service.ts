/** Cases: what people raise, and what the event log says that somebody should look at. */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Complaint, complainOfCall, readAfterCall } from '../../protocol/http/after-call.ts';
import type { AnswerOf, BodyOf } from '../../protocol/http/endpoint.ts';
import type { CallId, CaseId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { advanceStatement, eventStatement, unreadEvents } from '../event_log/service.ts';
import { saidOf } from '../interaction/service.ts';
import { ownRow } from '../video/service.ts';
import { CASE_EVENTS, caseOf } from './rules.ts';
import { type CaseRow, caseRow, insertCase } from './store.ts';

/**
 * “This is wrong”. Again of the same call: the same complaint, as it was first said.
 * @throws Problem `not_found` for a call that is not there or not theirs
 */
export async function complain(ctx: Context, principal: Principal, id: CallId, said: BodyOf<typeof complainOfCall>): Promise<Complaint> {
  await ownRow(ctx, principal, id);
  const key = { source: 'complaint' as const, subject: id, raisedBy: principal.userId };
  const before = await caseRow(ctx.env.DB, key);
  if (before) return toComplaint(before);
  const caseId = newId('case');
  await ctx.env.DB.batch([
    insertCase(ctx.env.DB, {
      ...key,
      id: caseId,
      reason: said.reason,
      text: said.text,
      state: 'open',
      createdAt: ctx.now,
      about: null,
      chatId: null,
      evidence: null,
    }),
    eventStatement(ctx, { type: 'call.complained_of', subject: id, actor: principal.userId, payload: { reason: said.reason } }),
  ]);
  // Of two devices at once the first was written.
  const row = await caseRow(ctx.env.DB, key);
  if (!row) throw new Error('a case that was just written is not there');
  return toComplaint(row);
}

/** All that the caller said of their call. */
export async function after(ctx: Context, principal: Principal, id: CallId): Promise<AnswerOf<typeof readAfterCall>> {
  await ownRow(ctx, principal, id);
  const [said, row] = await Promise.all([
    saidOf(ctx, principal.userId, id),
    caseRow(ctx.env.DB, { source: 'complaint', subject: id, raisedBy: principal.userId }),
  ]);
  return { ...said, complaint: row ? toComplaint(row) : null };
}

const READER = 'moderation.open_cases';
const AT_ONCE = 200;

/** Opens cases for what the event log has said since the last time; the place in the log moves with them. */
export async function openCases(ctx: Context): Promise<void> {
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: CASE_EVENTS, limit: AT_ONCE });
    const last = events.at(-1);
    if (!last) return;
    const raised = events.flatMap((event) => {
      const found = caseOf(event);
      return found
        ? [
            insertCase(ctx.env.DB, {
              ...found,
              id: newId('case'),
              text: null,
              state: 'open',
              createdAt: ctx.now,
              about: null,
              chatId: null,
              evidence: null,
            }),
          ]
        : [];
    });
    await ctx.env.DB.batch([...raised, advanceStatement(ctx, { reader: READER, seq: last.seq })]);
    if (events.length < AT_ONCE) return;
  }
}

const toComplaint = (row: CaseRow): Complaint => ({
  id: row.id as CaseId,
  callId: row.subject as CallId,
  reason: row.reason as Complaint['reason'],
  text: row.text ?? '',
  state: row.state,
  at: toTimestamp(row.createdAt),
});
