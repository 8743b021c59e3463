/** The only SQL for `desk_conversation`, `desk_move` and `canned_reply`; in the lists (`chat_member`) it gives and takes places. */
import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { cannedReply, chatMember, deskConversation, deskMove } from '../../../db/schema/chat.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { DeskList } from '../../protocol/http/desk.ts';

export type DeskRow = typeof deskConversation.$inferSelect;
export type MoveRow = typeof deskMove.$inferSelect;
export type ReplyRow = typeof cannedReply.$inferSelect;

const table = deskConversation;

/** Takes in what the room tells; what is older than what stands here changes nothing. Who answers is not touched. */
export const upsertFacts = (
  binding: D1Database,
  row: Pick<DeskRow, 'chatId' | 'memberId' | 'companionId' | 'waitingSince' | 'lastAt' | 'seq'> & { now: number },
): D1PreparedStatement => {
  const { now, ...facts } = row;
  const { waitingSince, lastAt, seq } = facts;
  return statementOf(
    binding,
    database(binding)
      .insert(table)
      .values({ ...facts, assigneeId: facts.companionId, seatedId: facts.companionId, assignedAt: now, version: 1 })
      .onConflictDoUpdate({ target: table.chatId, set: { waitingSince, lastAt, seq }, setWhere: lte(table.seq, seq) }),
  );
};

/**
 * Who still sat in the room of a conversation that lay in the queue has answered it since: it is theirs again. Two
 * statements for one batch, behind `upsertFacts`.
 */
export function answeredFromQueue(
  binding: D1Database,
  { chatId, by, at, now }: { chatId: string; by: string; at: number; now: number },
): D1PreparedStatement[] {
  const db = database(binding);
  const theirs = and(
    eq(table.chatId, chatId),
    isNull(table.assigneeId),
    eq(table.seatedId, by),
    isNull(table.waitingSince),
    lt(table.assignedAt, at),
  );
  const version = sql<number>`${table.version} + 1`;
  return [
    statementOf(
      binding,
      db.insert(deskMove).select(
        db
          .select({
            chatId: table.chatId,
            version: version.as('version'),
            kind: sql`'answered'`.as('kind'),
            fromId: sql`NULL`.as('from_id'),
            toId: table.seatedId,
            byId: table.seatedId,
            note: sql`NULL`.as('note'),
            at: sql`${now}`.as('at'),
          })
          .from(table)
          .where(theirs),
      ),
    ),
    statementOf(binding, db.update(table).set({ assigneeId: by, assignedAt: now, version }).where(theirs)),
  ];
}

export const deskRow = (binding: D1Database, chatId: string): Promise<DeskRow | undefined> =>
  database(binding).select().from(table).where(eq(table.chatId, chatId)).get();

/** Conversations of a member that this companion answers or that are between the two. */
export const rowsOfPair = (binding: D1Database, { companionId, memberId }: { companionId: string; memberId: string }): Promise<DeskRow[]> =>
  database(binding)
    .select()
    .from(table)
    .where(and(eq(table.memberId, memberId), or(eq(table.assigneeId, companionId), eq(table.companionId, companionId))));

/** Who looks, at which moment overdue begins (ms), and whom blocks hide. */
export interface Desk {
  readonly viewerId: string;
  readonly overdueSince: number;
  readonly hidden: readonly string[];
}

const seen = ({ hidden }: Desk): SQL => sql`${table.memberId} NOT IN (SELECT value FROM json_each(${JSON.stringify(hidden)}))`;
const overdue = ({ overdueSince }: Desk): SQL | undefined => lte(table.waitingSince, overdueSince);
const mine = ({ viewerId }: Desk): SQL => eq(table.assigneeId, viewerId);
const nobodys = isNull(table.assigneeId);

const standsIn: Readonly<Record<DeskList, (desk: Desk) => SQL | undefined>> = {
  mine,
  unassigned: () => nobodys,
  waiting: (desk) => and(mine(desk), isNotNull(table.waitingSince)),
  overdue: (desk) => and(or(mine(desk), nobodys), overdue(desk)),
};

/** Later than every moment there is, ms. */
const NEVER = 4_000_000_000_000;

/** Who waits longest comes first; nobody waiting comes after them, by how long it lies there. Of `mine` the newest first. */
const place = {
  mine: { value: sql<number>`-${table.lastAt}` },
  other: { value: sql<number>`coalesce(${table.waitingSince}, ${NEVER} + ${table.lastAt})` },
};
const placeIn = (list: DeskList): SQL<number> => (list === 'mine' ? place.mine : place.other).value;

export type DeskPosition = readonly [number, string];

/** One list of the desk, from behind `after`; each row with its place in it. */
export const rowsIn = (
  binding: D1Database,
  list: DeskList,
  { after, limit, ...desk }: Desk & { after: DeskPosition | null; limit: number },
): Promise<{ row: DeskRow; place: number }[]> => {
  const at = placeIn(list);
  return database(binding)
    .select({ row: table, place: at })
    .from(table)
    .where(and(standsIn[list](desk), seen(desk), after ? sql`(${at}, ${table.chatId}) > (${after[0]}, ${after[1]})` : undefined))
    .orderBy(asc(at), asc(table.chatId))
    .limit(limit);
};

/** How many stand in each list. */
export async function countsOf(binding: D1Database, desk: Desk): Promise<Record<DeskList, number>> {
  const number = (condition: SQL | undefined) => sql<number>`coalesce(sum(iif(${condition}, 1, 0)), 0)`.mapWith(Number);
  const found = await database(binding)
    .select({
      mine: number(standsIn.mine(desk)),
      unassigned: number(standsIn.unassigned(desk)),
      waiting: number(standsIn.waiting(desk)),
      overdue: number(standsIn.overdue(desk)),
    })
    .from(table)
    .where(and(or(mine(desk), nobodys), seen(desk)))
    .get();
  return found ?? { mine: 0, unassigned: 0, waiting: 0, overdue: 0 };
}

/**
 * Changes who answers, if nobody has changed it since `version` was read: then the batch aborts on the move's key.
 * Two statements for one batch.
 */
export function moveStatements(
  binding: D1Database,
  { chatId, version, kind, fromId, toId, byId, note, at }: MoveRow,
): readonly [D1PreparedStatement, D1PreparedStatement] {
  const db = database(binding);
  return [
    statementOf(binding, db.insert(deskMove).values({ chatId, version: version + 1, kind, fromId, toId, byId, note, at })),
    statementOf(
      binding,
      db
        .update(table)
        .set({ assigneeId: toId, assignedAt: at, version: version + 1 })
        .where(and(eq(table.chatId, chatId), eq(table.version, version))),
    ),
  ];
}

/** Everybody who was ever named to answer it. */
export async function everNamed(binding: D1Database, chatId: string): Promise<string[]> {
  const rows = await database(binding)
    .selectDistinct({ id: deskMove.toId })
    .from(deskMove)
    .where(and(eq(deskMove.chatId, chatId), isNotNull(deskMove.toId)));
  return rows.flatMap(({ id }) => id ?? []);
}

/** Says who has the place in the room now, unless another is the one who answers. */
export async function markSeated(binding: D1Database, chatId: string, seatedId: string): Promise<void> {
  await database(binding)
    .update(table)
    .set({ seatedId })
    .where(and(eq(table.chatId, chatId), or(eq(table.assigneeId, seatedId), isNull(table.assigneeId))))
    .run();
}

/** The same in the lists at once; the room tells of it too, but who has taken a conversation opens it the next moment. */
export async function seatInLists(
  binding: D1Database,
  { chatId, joins, leave, now }: { chatId: string; joins: string; leave: readonly string[]; now: number },
): Promise<void> {
  const db = database(binding);
  await db.batch([
    db
      .insert(chatMember)
      .values({ userId: joins, chatId, joinedAt: now, newestAt: now })
      .onConflictDoUpdate({ target: [chatMember.userId, chatMember.chatId], set: { leftAt: null } }),
    db
      .update(chatMember)
      .set({ leftAt: now, pinned: false, unread: 0 })
      .where(and(eq(chatMember.chatId, chatId), inArray(chatMember.userId, [...leave]), isNull(chatMember.leftAt))),
  ]);
}

/** Conversations whose place in the room is not with who answers; those that were moved before `before` (ms). */
export const unseatedRows = (binding: D1Database, before: number, limit: number): Promise<DeskRow[]> =>
  database(binding)
    .select()
    .from(table)
    .where(and(ne(table.assigneeId, table.seatedId), lt(table.assignedAt, before)))
    .limit(limit);

/** Answered by nobody since `before` (ms), with somebody who should have. */
export const unansweredRows = (binding: D1Database, before: number, limit: number): Promise<DeskRow[]> =>
  database(binding)
    .select()
    .from(table)
    .where(and(isNotNull(table.assigneeId), lte(table.waitingSince, before), lte(table.assignedAt, before)))
    .orderBy(asc(table.waitingSince))
    .limit(limit);

/** How who answers has changed, newest first. */
export const movesOf = (binding: D1Database, chatId: string, limit: number): Promise<MoveRow[]> =>
  database(binding).select().from(deskMove).where(eq(deskMove.chatId, chatId)).orderBy(desc(deskMove.version)).limit(limit);

// ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const ownerIs = (ownerId: string | null): SQL => (ownerId === null ? isNull(cannedReply.ownerId) : eq(cannedReply.ownerId, ownerId));

/** Replies of the house, and of `ownerId`. */
export const replyRows = (binding: D1Database, ownerId: string): Promise<ReplyRow[]> =>
  database(binding)
    .select()
    .from(cannedReply)
    .where(or(isNull(cannedReply.ownerId), eq(cannedReply.ownerId, ownerId)))
    .orderBy(asc(cannedReply.word), asc(cannedReply.language));

export const replyRow = (binding: D1Database, id: string): Promise<ReplyRow | undefined> =>
  database(binding).select().from(cannedReply).where(eq(cannedReply.id, id)).get();

export async function countReplies(binding: D1Database, ownerId: string | null): Promise<number> {
  const found = await database(binding).select({ n: count() }).from(cannedReply).where(ownerIs(ownerId)).get();
  return found?.n ?? 0;
}

/** Aborts its batch where the owner has this word in this language already. */
export const upsertReplyStatement = (binding: D1Database, row: ReplyRow): D1PreparedStatement => {
  const { word, language, text, changedAt } = row;
  return statementOf(
    binding,
    database(binding)
      .insert(cannedReply)
      .values(row)
      .onConflictDoUpdate({ target: cannedReply.id, set: { word, language, text, changedAt } }),
  );
};

export const removeReplyStatement = (binding: D1Database, id: string): D1PreparedStatement =>
  statementOf(binding, database(binding).delete(cannedReply).where(eq(cannedReply.id, id)));
