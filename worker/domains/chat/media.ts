/** Pictures, voice notes, films and files of messages: asked for, uploaded, claimed by a message, decided, shown. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { Principal } from '../../platform/principal.ts';
import { readExactly } from '../../platform/serve.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { MediaKind, MediaState, MessageMedia } from '../../protocol/chat/message.ts';
import { type askUpload as askEndpoint, chatMediaLimits } from '../../protocol/http/chats.ts';
import type { AnswerOf, BodyOf } from '../../protocol/http/endpoint.ts';
import { type ChatId, type ChatMediaId, chatMediaId, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween } from '../blocklist/service.ts';
import { auditStatement } from '../event_log/service.ts';
import { setting } from '../settings/service.ts';
import { readBody } from './containers/read.ts';
import {
  claim,
  decideStatement,
  deleteMedia,
  insertMedia,
  KEPT,
  keepReported,
  type MediaRow,
  markTold,
  markUploaded,
  mediaRow,
  REPORTED,
  reportStatement,
  SENT,
  sweptRows,
  unclaim,
  untoldRows,
  waitingRows,
} from './media-store.ts';
import { mustBeIn, peerOf } from './rooms.ts';
import { mintUpload, readUpload, UPLOAD_MS } from './upload-token.ts';

const keyOf = ({ chatId, id }: Pick<MediaRow, 'chatId' | 'id'>): string => `chat/${chatId}/${id}`;

const notThere = (): Problem => new Problem('not_found', 'There is no such upload, or its time is over. Ask for another address.');

/**
 * An address for one body of the kind, type and size that were said.
 * @throws Problem `not_found`, `blocked`, `validation_failed`, `too_many` that no message names yet
 */
export async function askUpload(
  ctx: Context,
  { userId }: Principal,
  chatId: ChatId,
  wish: BodyOf<typeof askEndpoint>,
): Promise<AnswerOf<typeof askEndpoint>> {
  const { chat } = await mustBeIn(ctx, userId, chatId);
  mustBeTaken(wish);
  if (await blockedBetween(ctx, userId, peerOf(chat, userId))) throw new Problem('blocked', 'One of you has blocked the other.');
  const mediaId = newId('cmd');
  const { kind, type, bytes } = wish;
  const durationMs = kind === 'voice' || kind === 'video' ? (wish.durationMs ?? null) : null;
  try {
    await insertMedia(ctx.env.DB, {
      id: mediaId,
      chatId,
      uploaderId: userId,
      kind,
      type,
      askedBytes: bytes,
      durationMs,
      createdAt: ctx.now,
    });
  } catch (thrown) {
    if (refusedWith(thrown, 'too_many_uploads')) throw new Problem('too_many', 'Twenty uploads wait to be sent. Send some first.');
    throw thrown;
  }
  const expiresAt = ctx.now + UPLOAD_MS;
  const token = await mintUpload(ctx.env.KEY_SEALING_SECRET, mediaId, expiresAt);
  return { mediaId, upload: { url: `/api/v1/chat-uploads/${token}`, type, expiresAt: toTimestamp(expiresAt) } };
}

function mustBeTaken({ kind, type, bytes }: { kind: MediaKind; type: string; bytes: number }): void {
  const limits = chatMediaLimits[kind];
  const fields = [
    ...((limits.types as readonly string[]).includes(type) ? [] : [{ path: 'type', message: `must be one of ${limits.types.join(', ')}` }]),
    ...(bytes <= limits.bytes ? [] : [{ path: 'bytes', message: `must be at most ${limits.bytes}` }]),
  ];
  if (fields.length > 0) throw new Problem('validation_failed', 'This can’t be sent.', { fields });
}

const unfit = (message: string): Problem =>
  new Problem('validation_failed', 'This can’t be sent.', { fields: [{ path: 'body', message }] });

/**
 * Takes the body in: looked at whole, cleaned, kept. The same body again: the same answer.
 * @throws Problem `not_found`, `validation_failed`, `body_too_large`, `idempotency_conflict` for another body
 */
export async function upload(
  ctx: Context,
  token: string,
  sent: { body: ReadableStream<Uint8Array> | null; type: string | undefined; length: number | null },
): Promise<MessageMedia> {
  const id = await readUpload(ctx.env.KEY_SEALING_SECRET, token, ctx.now);
  const row = id && (await mediaRow(ctx.env.DB, id));
  if (!row) throw notThere();
  const { kind, type, askedBytes } = row;
  if (sent.type !== undefined && sent.type !== type && sent.type !== 'application/octet-stream') throw unfit(`must be ${type}`);
  if (sent.length !== null && sent.length > chatMediaLimits[kind].bytes)
    throw new Problem('body_too_large', `It may have ${chatMediaLimits[kind].bytes} bytes at most.`);
  // All of it at once, in memory that is taken once: a film is not looked at in pieces, and fifty megabytes have room.
  const bytes = await readExactly(sent.body, askedBytes);
  if (!bytes) throw unfit(`must be the ${askedBytes} bytes that were asked for`);
  const read = readBody(kind, type, bytes);
  if (!read.ok) throw unfit(read.message);
  const hash = await sha256(read.value.bytes);
  await keepBytes(ctx, row, read.value.bytes, hash);
  const { width, height, durationMs } = read.value;
  const state: MediaState = (await passesAtOnce(ctx)) ? 'passed' : 'pending';
  const facts = { bytes: read.value.bytes.byteLength, width, height, durationMs: durationMs ?? row.durationMs, hash, state };
  await markUploaded(ctx.env.DB, { id: row.id, uploadedAt: ctx.now, ...facts });
  const kept = await mediaRow(ctx.env.DB, row.id);
  if (!kept) throw notThere();
  if (kept.hash !== hash) throw anotherBody();
  return toWire(kept);
}

/** The bytes first, once: a row without them would be a picture that can't be shown. */
async function keepBytes(ctx: Context, row: MediaRow, bytes: Uint8Array<ArrayBuffer>, hash: string): Promise<void> {
  const kept = await ctx.env.MEDIA.put(keyOf(row), bytes, {
    onlyIf: { etagDoesNotMatch: '*' },
    httpMetadata: { contentType: row.type },
    customMetadata: { hash },
  });
  if (kept !== null) return;
  const there = await ctx.env.MEDIA.head(keyOf(row));
  if (there?.customMetadata?.hash !== hash) throw anotherBody();
}

const anotherBody = (): Problem => new Problem('idempotency_conflict', 'Something else was uploaded here before. Ask for another address.');

/** The switch of the house; while nobody has turned it, only a developer's machine passes everything. */
const passesAtOnce = async (ctx: Context): Promise<boolean> => (await setting(ctx, 'media.autoPass')) ?? ctx.env.ENVIRONMENT === 'local';

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * An upload that a message is about to name: its sender's own, whole, and for this conversation; null where it is not. From
 * now on it is not swept away. Whether another message names it already is for the room to know.
 */
export async function mediaToSend(
  ctx: Context,
  { chatId, mediaId, uploaderId }: { chatId: ChatId; mediaId: ChatMediaId; uploaderId: UserId },
): Promise<MessageMedia | null> {
  const row = await claim(ctx.env.DB, { id: mediaId, chatId, uploaderId });
  return row ? toWire(row) : null;
}

/** The message that was to name it was refused, and no other has it: it can be sent again, or is swept away. */
export const releaseMedia = (ctx: Context, { chatId, mediaId }: { chatId: ChatId; mediaId: ChatMediaId }): Promise<void> =>
  unclaim(ctx.env.DB, { id: mediaId, chatId });

/**
 * Takes the medium of a deleted message away, bytes first; one that was reported only out of its people's sight. Repeated:
 * nothing happens.
 */
export async function dropMedia(ctx: Context, { chatId, mediaId }: { chatId: ChatId; mediaId: ChatMediaId }): Promise<void> {
  const row = await mediaRow(ctx.env.DB, mediaId);
  if (row?.chatId !== chatId || (await keepReported(ctx.env.DB, mediaId))) return;
  await ctx.env.MEDIA.delete(keyOf(row));
  await deleteMedia(ctx.env.DB, [mediaId]);
}

/** The statement that keeps a reported medium, to stand in the batch that opens the case. */
export const reportedStatement = (ctx: Context, mediaId: ChatMediaId): D1PreparedStatement => reportStatement(ctx.env.DB, mediaId);

const UNUSED_MS = 86_400_000;
const SWEEP = 200;

/** Takes away what was uploaded, or only asked for, and named by no message within a day. */
export async function sweepMedia(ctx: Context): Promise<void> {
  for (;;) {
    const rows = await sweptRows(ctx.env.DB, ctx.now - UNUSED_MS, SWEEP);
    if (rows.length === 0) return;
    await ctx.env.MEDIA.delete(rows.map(keyOf));
    await deleteMedia(
      ctx.env.DB,
      rows.map(({ id }) => id),
    );
  }
}

// ── showing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Shown {
  readonly row: Pick<MediaRow, 'id' | 'kind' | 'type' | 'hash'>;
  /** Of the whole. */
  readonly size: number;
  /** Which part of it `body` is; null: all of it. */
  readonly part: { readonly from: number; readonly length: number } | null;
  /** Null where the viewer has it already. */
  readonly body: ReadableStream | null;
}

/** What of it somebody asks for: `known` is the hash they have. */
export interface Glance {
  readonly known: string | null;
  readonly range: string | undefined;
}

/**
 * The bytes for one of the conversation's people: one's own always, the other's once they were sent and have passed.
 * @throws Problem `not_found`
 */
export async function mediaFor(
  ctx: Context,
  { userId }: Principal,
  wish: { chatId: ChatId; mediaId: ChatMediaId } & Glance,
): Promise<Shown> {
  await mustBeIn(ctx, userId, wish.chatId);
  const row = await mediaRow(ctx.env.DB, wish.mediaId);
  const sent = row?.claimedBy === SENT || row?.claimedBy === REPORTED;
  const seen = row?.uploaderId === userId ? row.claimedBy !== KEPT : sent && row?.state === 'passed';
  if (!row || !seen || row.chatId !== wish.chatId) throw new Problem('not_found', 'There is nothing here to see.');
  return bytesOf(ctx, row, wish);
}

async function bytesOf(ctx: Context, row: MediaRow, { known, range }: Glance): Promise<Shown> {
  const gone = (): Problem => new Problem('not_found', 'There is nothing here to see.');
  if (row.bytes === null) throw gone();
  const shown = { row, size: row.bytes, part: null };
  if (known !== null && known === row.hash) return { ...shown, body: null };
  const part = partOf(range, row.bytes);
  const object = await ctx.env.MEDIA.get(keyOf(row), part ? { range: { offset: part.from, length: part.length } } : {});
  if (!object || !('body' in object)) throw gone();
  return { ...shown, part, body: object.body };
}

/** The one part a `Range` header asks for; null for all of it: several parts, or none there is, are not worth a refusal. */
export function partOf(range: string | undefined, size: number): { from: number; length: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return from < to ? { from, length: to - from } : null;
}

// ── deciding ────────────────────────────────────────────────────────────────────────────────────────────────────────

const DEFAULT_PAGE = 30;

/** Sent media that nobody has looked at yet, the oldest first. */
export async function waitingMedia(
  ctx: Context,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: { media: MessageMedia; chatId: ChatId; uploaderId: UserId; at: number }[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await waitingRows(ctx.env.DB, { after: fromCursor(asked.cursor, chatMediaId) ?? undefined, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => ({
      media: toWire(row),
      chatId: row.chatId as ChatId,
      uploaderId: row.uploaderId as UserId,
      at: row.createdAt,
    })),
    nextCursor: rows.length > limit ? toCursor(shown.at(-1)?.id) : null,
  };
}

async function mustBeUploaded(ctx: Context, id: ChatMediaId): Promise<MediaRow> {
  const row = await mediaRow(ctx.env.DB, id);
  if (row?.uploadedAt != null) return row;
  throw new Problem('not_found', 'There is no such medium.');
}

/** The bytes for whoever decides; that they looked is written down first, for each part of a film: none is seen unwritten. */
export async function mediaForStaff(ctx: Context, actor: UserId, wish: { mediaId: ChatMediaId } & Glance): Promise<Shown> {
  const row = await mustBeUploaded(ctx, wish.mediaId);
  await auditStatement(ctx, { actor, action: 'media.look', subject: row.id, before: null, after: null }).run();
  return bytesOf(ctx, row, wish);
}

/**
 * Decides whether the other side may see it. The same again tells the room once more.
 * @throws Problem `not_found`
 */
export async function decideMedia(
  ctx: Context,
  order: { mediaId: ChatMediaId; state: 'passed' | 'refused'; actor: UserId },
): Promise<{ id: ChatMediaId; state: MediaState }> {
  const { mediaId, state, actor } = order;
  const row = await mustBeUploaded(ctx, mediaId);
  if (row.state !== state || row.decidedAt === null)
    await ctx.env.DB.batch([
      decideStatement(ctx.env.DB, { id: mediaId, state, decidedAt: ctx.now }),
      auditStatement(ctx, { actor, action: 'media.decide', subject: mediaId, before: { state: row.state }, after: { state } }),
    ]);
  await tellRoom(ctx, { ...row, state });
  return { id: mediaId, state };
}

/** Where the room can't be told now, the job tells it. */
async function tellRoom(ctx: Context, { id, chatId, state }: Pick<MediaRow, 'id' | 'chatId' | 'state'>): Promise<void> {
  if (state === 'pending') return;
  try {
    unwrap(await chatRoom(ctx.env, chatId as ChatId).mediaDecided({ mediaId: id as ChatMediaId, state, now: ctx.now }));
    await markTold(ctx.env.DB, { id, state });
  } catch (thrown) {
    ctx.log.error('a room was not told of its media', { chatId, mediaId: id, cause: causeOf(thrown) });
  }
}

/** Tells rooms what was decided of their media, where they could not be told at once. */
export async function tellDecided(ctx: Context): Promise<void> {
  for (const row of await untoldRows(ctx.env.DB, SWEEP)) await tellRoom(ctx, row);
}

const toWire = ({ id, kind, type, bytes, width, height, durationMs, state }: MediaRow): MessageMedia => ({
  id: id as ChatMediaId,
  kind,
  type,
  bytes: bytes ?? 0,
  width,
  height,
  durationMs,
  state,
});
