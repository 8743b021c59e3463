/** Notes about a member, and what a companion leaves for whoever is there next. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import type { AnswerOf, BodyOf } from '../../protocol/http/endpoint.ts';
import {
  type addNote,
  type changeNote,
  type Handover,
  type listNotes,
  type Note,
  noteRefusals,
  type readNoteHistory,
  type writeHandover,
} from '../../protocol/http/notes.ts';
import type { NoteId, UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween } from '../blocklist/service.ts';
import { audit, eventStatement } from '../event_log/service.ts';
import { cardsOf } from '../profile/service.ts';
import { userById } from '../user/service.ts';
import { changedNote, inOrder, MOST_NOTES, type NoteReader, refusalOf, seesHandover, seesHistory, seesNote } from './note-rules.ts';
import {
  countNotes,
  type HandoverRow,
  handoverRow,
  type NoteRow,
  noteRow,
  noteStatements,
  removeHandoverRow,
  rowsAbout,
  versionRows,
  writeHandoverRow,
} from './note-store.ts';
import { pairRows } from './store.ts';

/** Conversations lie in a higher tier; `app.ts` hands in what is asked of them. */
export interface Writing {
  /** Whether a companion answers a conversation of this member now, and whether they have one at all. */
  writesWith(ctx: Context, companionId: UserId, memberId: UserId): Promise<{ readonly answers: boolean; readonly has: boolean }>;
}

/**
 * What this reader may see of what is kept of a member.
 * @throws Problem `not_found` for who has nothing to do with them
 */
export async function notesAbout(
  ctx: Context,
  writing: Writing,
  principal: Principal,
  memberId: UserId,
): Promise<AnswerOf<typeof listNotes>> {
  const reader = await readerOf(ctx, writing, principal, memberId);
  if (reader.supervises)
    await audit(ctx, { actor: principal.userId, action: 'note.read_any', subject: memberId, before: null, after: null });
  const { notes, handovers } = await rowsAbout(ctx.env.DB, memberId);
  const seen = notes.filter((note) => seesNote(reader, note)).toSorted(inOrder);
  const left = handovers.filter((each) => seesHandover(reader, each));
  const cards = await cardsOf(ctx, [...new Set([...seen, ...left].map(({ authorId }) => authorId as UserId))]);
  return {
    items: seen.map((row) => toNote(row, principal.userId, cards)),
    handovers: left.map((row) => toHandover(row, principal.userId, cards)),
    withheld: reader.answers ? notes.length - seen.length : 0,
  };
}

/**
 * Keeps something of a member.
 * @throws Problem `not_found` as `notesAbout`, `too_many`, `validation_failed` naming the field that has what is never kept
 */
export async function keepNote(
  ctx: Context,
  writing: Writing,
  principal: Principal,
  memberId: UserId,
  order: BodyOf<typeof addNote>,
): Promise<Note> {
  await readerOf(ctx, writing, principal, memberId);
  const authorId = principal.userId;
  const empty = {
    id: newId('note'),
    memberId,
    authorId,
    kind: order.kind,
    text: order.text,
    followUpOn: null,
    doneAt: null,
    version: 1,
    createdAt: ctx.now,
    changedAt: ctx.now,
    removedAt: null,
  };
  const row = applied(empty, order, ctx.now);
  if ((await countNotes(ctx.env.DB, { memberId, authorId })) >= MOST_NOTES)
    throw new Problem('too_many', `There is room for ${MOST_NOTES} notes about one person. Take away what no longer holds.`);
  return write(ctx, row, 'note.kept');
}

/**
 * Changes one's own note; what it said before stays in its history.
 * @throws Problem `not_found`, `version_conflict`, `validation_failed` as `keepNote`
 */
export async function rewriteNote(
  ctx: Context,
  principal: Principal,
  id: NoteId,
  { version, ...change }: BodyOf<typeof changeNote>,
): Promise<Note> {
  const before = await ownNote(ctx, principal, id);
  if (before.version !== version) throw conflict();
  return write(ctx, { ...applied(before, change, ctx.now), version: version + 1, changedAt: ctx.now }, 'note.changed');
}

/** Takes one's own note away. @throws Problem `not_found` */
export async function dropNote(ctx: Context, principal: Principal, id: NoteId): Promise<void> {
  const before = await ownNote(ctx, principal, id);
  await write(ctx, { ...before, version: before.version + 1, changedAt: ctx.now, removedAt: ctx.now }, 'note.removed');
}

/** All that a note has said, newest first. @throws Problem `not_found` */
export async function historyOf(ctx: Context, principal: Principal, id: NoteId): Promise<AnswerOf<typeof readNoteHistory>> {
  const row = await noteRow(ctx.env.DB, id);
  const reader = { userId: principal.userId, supervises: principal.permissions.has('note.read_any') };
  // Removed ones are for who looks after the house alone.
  if (!row || !seesHistory(reader, row) || (row.removedAt !== null && !reader.supervises)) throw noNote();
  const versions = await versionRows(ctx.env.DB, id);
  const cards = await cardsOf(ctx, [...new Set(versions.map(({ byId }) => byId as UserId))]);
  return {
    items: versions.map(({ byId, at, doneAt, version, kind, text, followUpOn, removed }) => ({
      version,
      kind,
      text,
      followUpOn,
      removed,
      doneAt: doneAt === null ? null : toTimestamp(doneAt),
      by: cardOf(byId, cards),
      at: toTimestamp(at),
    })),
  };
}

/**
 * What the next companion should know; an empty text takes it away.
 * @throws Problem as `keepNote`, `version_conflict`
 */
export async function leaveHandover(
  ctx: Context,
  writing: Writing,
  principal: Principal,
  memberId: UserId,
  { version, text }: BodyOf<typeof writeHandover>,
): Promise<Handover | null> {
  await readerOf(ctx, writing, principal, memberId);
  mustBeFit({ text });
  const who = { memberId, authorId: principal.userId };
  if (text === '') {
    if (!(await removeHandoverRow(ctx.env.DB, who, version)) && (await handoverRow(ctx.env.DB, who))) throw conflict();
    return null;
  }
  const row = { ...who, text, version: version + 1, changedAt: ctx.now };
  if (!(await writeHandoverRow(ctx.env.DB, row, version))) throw conflict();
  return toHandover(row, principal.userId, await cardsOf(ctx, [principal.userId]));
}

/** @throws Problem `validation_failed` naming the first field whose words have what is never kept */
export function mustBeFit(fields: Readonly<Record<string, string | undefined>>): void {
  for (const [path, text] of Object.entries(fields)) {
    const refusal = refusalOf(text ?? '');
    if (refusal !== null)
      throw new Problem('validation_failed', `The field ${path} ${noteRefusals[refusal]}.`, {
        fields: [{ path, message: noteRefusals[refusal] }],
      });
  }
}

function applied(before: NoteRow, change: Parameters<typeof changedNote>[1], now: number): NoteRow {
  mustBeFit({ text: change.text });
  const changed = changedNote(before, change, now);
  if (changed.ok) return changed.note;
  const { field: path, message } = changed;
  throw new Problem('validation_failed', 'Some fields are not as they should be; see `fields`.', { fields: [{ path, message }] });
}

async function write(ctx: Context, row: NoteRow, type: string): Promise<Note> {
  const authorId = row.authorId as UserId;
  try {
    await ctx.env.DB.batch([
      ...noteStatements(ctx.env.DB, row, authorId),
      eventStatement(ctx, { type, subject: row.id, actor: authorId, payload: { memberId: row.memberId, kind: row.kind } }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE')) throw conflict();
    throw thrown;
  }
  return toNote(row, authorId, await cardsOf(ctx, [authorId]));
}

async function ownNote(ctx: Context, { userId }: Principal, id: NoteId): Promise<NoteRow> {
  const row = await noteRow(ctx.env.DB, id);
  if (row?.authorId === userId && row.removedAt === null) return row;
  throw noNote();
}

/** What somebody is to a member, who must have talked or written with them or look after the house. */
async function readerOf(ctx: Context, writing: Writing, principal: Principal, memberId: UserId): Promise<NoteReader> {
  const { userId } = principal;
  const supervises = principal.permissions.has('note.read_any');
  const member = await userById(ctx, memberId);
  if (member?.role !== 'member') throw nobody();
  if (supervises) return { userId, supervises, answers: false };
  const [blocked, { answers, has }, { total }] = await Promise.all([
    blockedBetween(ctx, userId, memberId),
    writing.writesWith(ctx, userId, memberId),
    pairRows(ctx.env.DB, { companionId: userId, memberId, limit: 1 }),
  ]);
  if (blocked || !(has || total.talks > 0)) throw nobody();
  return { userId, supervises, answers };
}

const nobody = (): Problem => new Problem('not_found', 'There is no member of yours with this id.');
const noNote = (): Problem => new Problem('not_found', 'There is no note of yours with this id.');
const conflict = (): Problem => new Problem('version_conflict', 'This was changed in the meantime. Look again, then repeat your change.');

const cardOf = (id: string, cards: ReadonlyMap<UserId, PersonCard>): PersonCard =>
  cards.get(id as UserId) ?? { id: id as UserId, displayName: '', portrait: null };

const toNote = (row: NoteRow, viewerId: UserId, cards: ReadonlyMap<UserId, PersonCard>): Note => ({
  id: row.id as NoteId,
  memberId: row.memberId as UserId,
  author: cardOf(row.authorId, cards),
  kind: row.kind,
  text: row.text,
  followUpOn: row.followUpOn,
  doneAt: row.doneAt === null ? null : toTimestamp(row.doneAt),
  version: row.version,
  createdAt: toTimestamp(row.createdAt),
  changedAt: toTimestamp(row.changedAt),
  own: row.authorId === viewerId,
});

const toHandover = (row: HandoverRow, viewerId: UserId, cards: ReadonlyMap<UserId, PersonCard>): Handover => ({
  author: cardOf(row.authorId, cards),
  text: row.text,
  version: row.version,
  changedAt: toTimestamp(row.changedAt),
  own: row.authorId === viewerId,
});
