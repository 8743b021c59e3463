/** Replies that are ready: everybody's own, and the house's for all. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import type { addReply, CannedReply, changeReply } from '../../protocol/http/desk.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { ReplyId } from '../../protocol/ids.ts';
import { auditStatement } from '../event_log/service.ts';
import { MOST_REPLIES } from './desk-rules.ts';
import { countReplies, type ReplyRow, removeReplyStatement, replyRow, replyRows, upsertReplyStatement } from './desk-store.ts';

/** What this person can choose from. */
export async function repliesFor(ctx: Context, { userId }: Principal): Promise<CannedReply[]> {
  return (await replyRows(ctx.env.DB, userId)).map(toWire);
}

/**
 * Keeps a reply, for oneself or for the house.
 * @throws Problem `forbidden` for the house's without the permission, `too_many`, `validation_failed` where the word is there
 */
export async function keepReply(ctx: Context, principal: Principal, order: BodyOf<typeof addReply>): Promise<CannedReply> {
  const { house = false, word, language = null, text } = order;
  if (house) mayEditHouse(principal);
  const ownerId = house ? null : principal.userId;
  if ((await countReplies(ctx.env.DB, ownerId)) >= MOST_REPLIES)
    throw new Problem('too_many', `There is room for ${MOST_REPLIES} replies.`);
  return write(ctx, principal, null, { id: newId('rpl'), ownerId, word: word.toLowerCase(), language, text, changedAt: ctx.now });
}

/** @throws Problem `not_found` for another's, `forbidden` for the house's without the permission, `validation_failed` */
export async function rewriteReply(
  ctx: Context,
  principal: Principal,
  id: ReplyId,
  { word, language, text }: BodyOf<typeof changeReply>,
): Promise<CannedReply> {
  const row = await mayChange(ctx, principal, id);
  return write(ctx, principal, row, {
    ...row,
    word: word?.toLowerCase() ?? row.word,
    language: language === undefined ? row.language : language,
    text: text ?? row.text,
    changedAt: ctx.now,
  });
}

/** @throws Problem as `rewriteReply` */
export async function dropReply(ctx: Context, principal: Principal, id: ReplyId): Promise<void> {
  const row = await mayChange(ctx, principal, id);
  await ctx.env.DB.batch([removeReplyStatement(ctx.env.DB, id), ...ofTheHouse(ctx, principal, row, null)]);
}

async function write(ctx: Context, principal: Principal, before: ReplyRow | null, row: ReplyRow): Promise<CannedReply> {
  try {
    await ctx.env.DB.batch([upsertReplyStatement(ctx.env.DB, row), ...ofTheHouse(ctx, principal, before, row)]);
  } catch (thrown) {
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
    throw new Problem('validation_failed', 'There is a reply with this word already.', {
      fields: [{ path: 'word', message: 'is there already in this language; change that one or take another word' }],
    });
  }
  return toWire(row);
}

/** What everybody gets to choose from is changed with an audit entry. */
const ofTheHouse = (ctx: Context, { userId }: Principal, before: ReplyRow | null, after: ReplyRow | null): D1PreparedStatement[] => {
  const row = after ?? before;
  if (!row || row.ownerId !== null) return [];
  return [auditStatement(ctx, { actor: userId, action: 'reply.edit_house', subject: row.id, before, after })];
};

async function mayChange(ctx: Context, principal: Principal, id: ReplyId): Promise<ReplyRow> {
  const row = await replyRow(ctx.env.DB, id);
  if (!row || (row.ownerId !== null && row.ownerId !== principal.userId))
    throw new Problem('not_found', 'There is no reply of yours with this id.');
  if (row.ownerId === null) mayEditHouse(principal);
  return row;
}

function mayEditHouse({ permissions }: Principal): void {
  if (!permissions.has('reply.edit_house')) throw new Problem('forbidden', 'Replies of the house are changed by who looks after it.');
}

const toWire = ({ id, ownerId, word, language, text }: ReplyRow): CannedReply => ({
  id: id as ReplyId,
  word,
  language,
  text,
  own: ownerId !== null,
});
