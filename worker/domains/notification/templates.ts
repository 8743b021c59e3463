/** The words of notifications as versions: drafted, previewed, published, retired. Version 1 of each is built in. */

import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { NoticeChannel, NoticeTexts, Template, TemplateLine } from '../../protocol/http/templates.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement, eventStatement } from '../event_log/service.ts';
import {
  insertTemplate,
  publishTemplateRow,
  retireTemplateRow,
  type TemplateRow,
  templateInForce,
  templateRow,
  templateRows,
  templatesAlive,
} from './templates-store.ts';
import { builtIn } from './words/built-in.ts';
import { fieldsOf } from './words/channels.ts';
import { kindOf, type NoticeKind, noticeKinds, placeholdersOf } from './words/kinds.ts';
import { isTold, textErrors } from './words/template-rules.ts';

type TemplateId = Id<'ntt'>;
const DEFAULT_PAGE = 50;

/**
 * What is said of a kind on a channel now, in every language. Words of a version that no longer fit what the code knows
 * (a fact that is gone, a language that came) give way to what is built in: nothing is ever unsaid.
 */
export async function textsInForce(ctx: Context, kind: NoticeKind, channel: NoticeChannel): Promise<NoticeTexts> {
  const row = await templateInForce(ctx.env.DB, kind, channel);
  if (!row) return builtIn(kind, channel);
  const texts = JSON.parse(row.texts) as NoticeTexts;
  if (fits.has(row.id)) return texts;
  const errors = textErrors(kind, channel, texts);
  if (errors.length === 0) {
    fits.add(row.id);
    return texts;
  }
  ctx.log.error('a template does not fit its kind any more', { templateId: row.id, paths: errors.map(({ path }) => path).join(' ') });
  return builtIn(kind, channel);
}
/** Versions found to fit: neither they nor the code change while this isolate lives. */
const fits = new Set<string>();

/** Every kind on every channel it is told on. */
export async function listTemplates(ctx: Context): Promise<TemplateLine[]> {
  const rows = await templatesAlive(ctx.env.DB);
  return noticeKinds.flatMap((kind) =>
    kindOf(kind).channels.map((channel): TemplateLine => {
      const own = rows.filter((row) => row.kind === kind && row.channel === channel);
      const published = own.find(({ publishedAt }) => publishedAt !== null);
      const draft = own.findLast(({ publishedAt, version }) => publishedAt === null && version > (published?.version ?? 1));
      const needs = kindOf(kind).needs ?? [];
      return {
        kind,
        channel,
        facts: [...placeholdersOf(kind)].map(([name, type]) => ({ name, type, needed: needs.includes(name) })),
        counts: kindOf(kind).counts ?? null,
        fields: [...fieldsOf(channel)].map(([name, { most, optional = false, lines = false }]) => ({ name, most, optional, lines })),
        inForce: published ? toWire(published) : builtInOf(kind, channel, true),
        draft: draft ? toWire(draft) : null,
      };
    }),
  );
}

/**
 * Versions of one kind on one channel, newest first, the built-in one last.
 * @throws Problem `not_found` where the kind is not told there
 */
export async function listTemplateVersions(
  ctx: Context,
  asked: { kind: string; channel: NoticeChannel; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Template[]; nextCursor: string | null }> {
  const { kind, channel } = told(asked);
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, z.int()) ?? undefined;
  const [rows, inForce] = await Promise.all([
    templateRows(ctx.env.DB, { kind, channel, before, limit: limit + 1 }),
    templateInForce(ctx.env.DB, kind, channel),
  ]);
  const items = rows.slice(0, limit).map(toWire);
  if (rows.length > limit) return { items, nextCursor: toCursor(items.at(-1)?.version) };
  return { items: [...items, builtInOf(kind, channel, inForce === undefined)], nextCursor: null };
}

/**
 * Drafts the next version.
 * @param order.seenVersion the newest version its editor knows of
 * @throws Problem `not_found` where the kind is not told there, `validation_failed` naming what is wrong with the words,
 *   `version_conflict` where there is a version the editor has not seen
 */
export async function draftTemplate(
  ctx: Context,
  order: { kind: string; channel: NoticeChannel; texts: NoticeTexts; seenVersion?: number | undefined; actor: UserId },
): Promise<Template> {
  const { kind, channel } = told(order);
  const { texts, actor } = order;
  refuseIfWrong(kind, channel, texts);
  const id = newId('ntt');
  const before = await textsInForce(ctx, kind, channel);
  const version = order.seenVersion === undefined ? undefined : order.seenVersion + 1;
  try {
    await ctx.env.DB.batch([
      insertTemplate(ctx.env.DB, { id, kind, channel, version, texts: JSON.stringify(texts), createdAt: ctx.now, createdBy: actor }),
      auditStatement(ctx, { actor, action: 'template.edit', subject: id, before, after: texts }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'template_is_fixed') || refusedWith(thrown, 'template_skips_a_version'))
      throw new Problem('version_conflict', 'Somebody drafted another version of these words meanwhile. Look at it first.');
    throw thrown;
  }
  return toWire(mustExist(await templateRow(ctx.env.DB, id)));
}

/**
 * Says it so from now on; what was said before ends at the same moment. Repeated: the same answer.
 * @throws Problem `not_found`, `validation_failed` where the words have come to be wrong since they were drafted, or
 *   `version_conflict` where it is retired or a newer version was in force
 */
export async function publishTemplate(ctx: Context, { id, actor }: { id: TemplateId; actor: UserId }): Promise<Template> {
  const row = mustExist(await templateRow(ctx.env.DB, id));
  if (row.retiredAt !== null) throw new Problem('version_conflict', 'This version is retired; draft a new one.');
  if (row.publishedAt !== null) return toWire(row);
  const { kind, channel } = told(row);
  refuseIfWrong(kind, channel, JSON.parse(row.texts) as NoticeTexts);
  const payload = { kind, channel, version: row.version };
  const before = { state: 'draft' };
  try {
    await ctx.env.DB.batch([
      ...publishTemplateRow(ctx.env.DB, { id, kind, channel, now: ctx.now }),
      auditStatement(ctx, { actor, action: 'template.publish', subject: id, before, after: { state: 'published', ...payload } }),
      eventStatement(ctx, { type: 'template.published', subject: id, actor, payload }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'template_is_outdated'))
      throw new Problem('version_conflict', 'A newer version of these words was in force already; draft a new one.');
    // Published or discarded by somebody else in this very moment: the next look says which.
    if (!refusedWith(thrown, 'template_is_settled')) throw thrown;
    return publishTemplate(ctx, { id, actor });
  }
  return toWire(mustExist(await templateRow(ctx.env.DB, id)));
}

/**
 * Goes back to the words that are built in, or discards a draft. Repeated: the same answer.
 * @throws Problem `not_found`
 */
export async function retireTemplate(ctx: Context, { id, actor }: { id: TemplateId; actor: UserId }): Promise<Template> {
  const row = mustExist(await templateRow(ctx.env.DB, id));
  if (row.retiredAt !== null) return toWire(row);
  const payload = { kind: row.kind, channel: row.channel, version: row.version };
  const before = { state: stateOf(row), ...payload };
  try {
    await ctx.env.DB.batch([
      retireTemplateRow(ctx.env.DB, id, Math.max(ctx.now, row.publishedAt ?? 0)),
      auditStatement(ctx, { actor, action: 'template.retire', subject: id, before, after: { state: 'retired', ...payload } }),
      eventStatement(ctx, { type: 'template.retired', subject: id, actor, payload }),
    ]);
  } catch (thrown) {
    // Retired by somebody else in this very moment: the answer is the same.
    if (!refusedWith(thrown, 'template_is_settled')) throw thrown;
  }
  return toWire(mustExist(await templateRow(ctx.env.DB, id)));
}

/** @throws Problem `not_found` where a kind is not told on a channel */
export function told<C extends NoticeChannel>({ kind, channel }: { kind: string; channel: C }): { kind: NoticeKind; channel: C } {
  if (!isTold(kind, channel)) throw new Problem('not_found', 'Nothing of this kind is told this way.');
  return { kind, channel };
}

/** @throws Problem `validation_failed` naming what is wrong with the words */
export function refuseIfWrong(kind: NoticeKind, channel: NoticeChannel, texts: NoticeTexts): void {
  const fields = textErrors(kind, channel, texts);
  if (fields.length > 0) throw new Problem('validation_failed', 'These words can’t be sent; see `fields`.', { fields });
}

function mustExist<T>(found: T | undefined): T {
  if (found === undefined) throw new Problem('not_found', 'There are no words with this id.');
  return found;
}

const stateOf = ({ publishedAt, retiredAt }: TemplateRow): Template['state'] =>
  retiredAt !== null ? 'retired' : publishedAt === null ? 'draft' : 'published';

const moment = (ms: number | null): string | null => (ms === null ? null : toTimestamp(ms));

const toWire = (row: TemplateRow): Template => ({
  id: row.id as TemplateId,
  kind: row.kind,
  channel: row.channel,
  version: row.version,
  state: stateOf(row),
  texts: JSON.parse(row.texts) as NoticeTexts,
  createdAt: toTimestamp(row.createdAt),
  publishedAt: moment(row.publishedAt),
  retiredAt: moment(row.retiredAt),
});

const builtInOf = (kind: NoticeKind, channel: NoticeChannel, inForce: boolean): Template => ({
  id: null,
  kind,
  channel,
  version: 1,
  state: inForce ? 'published' : 'retired',
  texts: builtIn(kind, channel),
  createdAt: null,
  publishedAt: null,
  retiredAt: null,
});
