/** Cases: what people raise, and what the event log says that somebody should look at. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Complaint, complainOfCall, readAfterCall } from '../../protocol/http/after-call.ts';
import type { listCases as listCasesEndpoint, ModerationCase, WaitingMedia } from '../../protocol/http/cases.ts';
import type { reportChat as reportEndpoint } from '../../protocol/http/chats.ts';
import type { AnswerOf, BodyOf, QueryOf } from '../../protocol/http/endpoint.ts';
import { type CallId, type CaseId, type ChatId, caseId as caseIdShape, type UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { messageOf, reportedStatement, waitingMedia } from '../chat/service.ts';
import { advanceStatement, unreadEvents } from '../event_log/service.ts';
import { saidOf } from '../interaction/service.ts';
import { cardsOf } from '../profile/service.ts';
import { ownRow } from '../video/service.ts';
import { raise } from './raising.ts';
import { CASE_EVENTS, caseOf, evidenceOf, SYSTEM } from './rules.ts';
import { type CaseRow, caseRow, caseRows, insertCase } from './store.ts';

/**
 * “This is wrong”. Again of the same call: the same complaint, as it was first said.
 * @throws Problem `not_found` for a call that is not there or not theirs
 */
export async function complain(ctx: Context, principal: Principal, id: CallId, said: BodyOf<typeof complainOfCall>): Promise<Complaint> {
  await ownRow(ctx, principal, id);
  const raised = { source: 'complaint', subject: id, raisedBy: principal.userId, ...said } as const;
  const row = await raise(ctx, raised, { type: 'call.complained_of', payload: { reason: said.reason } });
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

/**
 * “Something here is not right”, of a conversation or of one of its messages. Again: the same case, as it was first said.
 * @throws Problem `not_found` for what is not there or not theirs, `validation_failed` for one's own message
 */
export async function report(
  ctx: Context,
  principal: Principal,
  chatId: ChatId,
  { reason, messageId, text }: BodyOf<typeof reportEndpoint>,
): Promise<AnswerOf<typeof reportEndpoint>['report']> {
  const { peerId, message } = await messageOf(ctx, principal, { chatId, messageId });
  if (messageId !== undefined && !message) throw new Problem('not_found', 'There is no such message.');
  if (message?.sender === principal.userId)
    throw new Problem('validation_failed', 'That message is your own.', { fields: [{ path: 'messageId', message: 'is your own' }] });
  const about = message?.sender ?? peerId;
  const row = await raise(
    ctx,
    {
      ...{ source: 'report', subject: messageId ?? chatId, raisedBy: principal.userId, reason, text: text || null, about, chatId },
      evidence: message && evidenceOf(message),
    },
    { type: 'chat.reported', payload: { reason, about, chatId } },
    message?.media ? [reportedStatement(ctx, message.media.id)] : [],
  );
  return { id: row.id as CaseId, reason: row.reason as typeof reason, at: toTimestamp(row.createdAt) };
}

const DEFAULT_PAGE = 30;

/** Cases for staff, the newest first. */
export async function listCases(
  ctx: Context,
  asked: QueryOf<typeof listCasesEndpoint>,
): Promise<{ items: ModerationCase[]; nextCursor: string | null }> {
  const { limit = DEFAULT_PAGE, cursor, state, source } = asked;
  const before = fromCursor(cursor, caseIdShape) ?? undefined;
  const rows = await caseRows(ctx.env.DB, { state, source, before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const people = shown.flatMap(({ raisedBy, about }) => [raisedBy, about]).filter((id) => id !== null && id !== SYSTEM) as UserId[];
  const cards = await cardsOf(ctx, [...new Set(people)]);
  return {
    items: shown.map((row) => toCase(row, cards)),
    nextCursor: rows.length > limit ? toCursor(shown.at(-1)?.id) : null,
  };
}

const toCase = (row: CaseRow, cards: ReadonlyMap<UserId, PersonCard>): ModerationCase => ({
  id: row.id as CaseId,
  source: row.source,
  subject: row.subject,
  chatId: row.chatId as ChatId | null,
  raisedBy: row.raisedBy === SYSTEM ? null : cardIn(cards, row.raisedBy as UserId),
  about: row.about === null ? null : cardIn(cards, row.about as UserId),
  reason: row.reason,
  text: row.text ?? '',
  state: row.state,
  at: toTimestamp(row.createdAt),
  evidence: row.evidence,
});

const cardIn = (cards: ReadonlyMap<UserId, PersonCard>, id: UserId): PersonCard => cards.get(id) ?? { id, displayName: '', portrait: null };

/** Media that nobody has looked at yet, with the name of who sent each. */
export async function listWaitingMedia(
  ctx: Context,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: WaitingMedia[]; nextCursor: string | null }> {
  const { items, nextCursor } = await waitingMedia(ctx, asked);
  const cards = await cardsOf(ctx, [...new Set(items.map(({ uploaderId }) => uploaderId))]);
  return {
    items: items.map(({ media, chatId, uploaderId, at }) => ({ media, chatId, uploader: cardIn(cards, uploaderId), at: toTimestamp(at) })),
    nextCursor,
  };
}
