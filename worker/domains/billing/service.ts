/** Tariffs: drafting, publishing, and which one holds for a call. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { FieldError } from '../../protocol/errors.ts';
import type { Tariff, TariffState, TariffTerms } from '../../protocol/http/tariffs.ts';
import { type TariffId, tariffId, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement, eventStatement } from '../event_log/service.ts';
import { callSettings } from '../settings/service.ts';
import { lengthErrors, pickTariff, stateAt, type TariffQuestion, termsErrors, withDefaults } from './rules.ts';
import { insertDraft, publish, retire, type TariffRow, tariffRow, tariffRows, tariffsInForce } from './store.ts';

export { goldenTariff } from './golden-tariff.ts';
export { type Replay, type ReplayedCall, replay } from './replay.ts';

/** The tariff that holds now for such a call, or null where none does. */
export async function tariffFor(ctx: Context, question: TariffQuestion): Promise<Tariff | null> {
  const rows = await tariffsInForce(ctx.env.DB, ctx.now);
  return pickTariff(
    rows.map((row) => toWire(ctx, row)),
    question,
  );
}

/** A version by its id, whatever its state: a running call keeps the one it began with. */
export async function tariffById(ctx: Context, id: TariffId): Promise<Tariff | null> {
  const row = await tariffRow(ctx.env.DB, id);
  return row ? toWire(ctx, row) : null;
}

/** @throws Problem `not_found` */
export const readTariff = async (ctx: Context, id: TariffId): Promise<Tariff> => mustExist(await tariffById(ctx, id));

const DEFAULT_PAGE = 50;

/** Versions, newest first. */
export async function listTariffs(
  ctx: Context,
  asked: { state?: TariffState | undefined; line?: TariffId | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Tariff[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, tariffId) ?? undefined;
  const rows = await tariffRows(ctx.env.DB, { state: asked.state, line: asked.line, before, limit: limit + 1, now: ctx.now });
  const items = rows.slice(0, limit).map((row) => toWire(ctx, row));
  return { items, nextCursor: rows.length > limit ? toCursor(items.at(-1)?.id) : null };
}

/**
 * Drafts a tariff, or the next version of the line that `replaces` belongs to.
 * @param order.seenVersion the newest version of that line its editor knows of
 * @throws Problem `validation_failed` naming the terms that break a rule, `not_found` for an unknown `replaces`,
 *   `version_conflict` where the line has a version the editor has not seen
 */
export async function draftTariff(
  ctx: Context,
  order: { terms: TariffTerms; replaces?: TariffId | undefined; seenVersion?: number | undefined; actor: UserId },
): Promise<Tariff> {
  refuseIfWrong(await wrongTerms(ctx, order.terms));
  const replaced = order.replaces === undefined ? undefined : await tariffRow(ctx.env.DB, order.replaces);
  if (order.replaces !== undefined && !replaced) throw new Problem('not_found', 'There is no tariff that this could replace.');
  const id = newId('tar');
  const terms = withDefaults(order.terms);
  const before = replaced ? (JSON.parse(replaced.terms) as TariffTerms) : null;
  const version = replaced && order.seenVersion !== undefined ? order.seenVersion + 1 : undefined;
  try {
    await ctx.env.DB.batch([
      insertDraft(ctx.env.DB, {
        id,
        lineId: replaced?.lineId ?? id,
        version,
        terms: JSON.stringify(terms),
        createdAt: ctx.now,
        createdBy: order.actor,
      }),
      auditStatement(ctx, { actor: order.actor, action: 'tariff.edit', subject: id, before, after: terms }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'tariff_is_fixed') || refusedWith(thrown, 'tariff_skips_a_version'))
      throw new Problem('version_conflict', 'Somebody drafted another version of this tariff meanwhile. Look at it first.');
    throw thrown;
  }
  return mustExist(await tariffById(ctx, id));
}

/**
 * Puts a draft in force now; the version of its line before it ends at the same moment. Repeated: the same answer.
 * @throws Problem `not_found`, `validation_failed` where its longest call has come to be too long for it, or
 *   `version_conflict` where it is retired or a newer version is in force
 */
export async function publishTariff(ctx: Context, { id, actor }: { id: TariffId; actor: UserId }): Promise<Tariff> {
  const row = mustExist(await tariffRow(ctx.env.DB, id));
  const state = stateAt(ctx.now, row);
  if (state === 'retired') throw new Problem('version_conflict', 'This version is retired; draft a new one.');
  if (state === 'published') return toWire(ctx, row);
  // Drafted under the same rule, but settings may have changed since.
  refuseIfWrong(await wrongTerms(ctx, JSON.parse(row.terms) as TariffTerms));
  const order = { id, lineId: row.lineId, version: row.version, publishedAt: ctx.now, effectiveAt: ctx.now };
  const payload = { lineId: row.lineId, version: row.version, effectiveAt: ctx.now };
  try {
    await ctx.env.DB.batch([
      ...publish(ctx.env.DB, order),
      auditStatement(ctx, {
        actor,
        action: 'tariff.publish',
        subject: id,
        before: { state: 'draft' },
        after: { state: 'published', ...payload },
      }),
      eventStatement(ctx, { type: 'tariff.published', subject: id, actor, payload }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'tariff_is_outdated'))
      throw new Problem('version_conflict', 'A newer version of this tariff is in force; draft a new one.');
    if (refusedWith(thrown, 'tariff_is_discarded')) throw new Problem('version_conflict', 'This draft was discarded; draft a new one.');
    // Somebody else published it in this very moment: the answer is the same.
    if (!refusedWith(thrown, 'tariff_is_published')) throw thrown;
  }
  return mustExist(await tariffById(ctx, id));
}

/**
 * Takes a version out of force now, or discards a draft. Running calls keep the version they started with; new ones are
 * served by the next best tariff, if there is one. Repeated: the same answer.
 * @throws Problem `not_found`
 */
export async function retireTariff(ctx: Context, { id, actor }: { id: TariffId; actor: UserId }): Promise<Tariff> {
  const row = mustExist(await tariffRow(ctx.env.DB, id));
  const state = stateAt(ctx.now, row);
  if (state === 'retired') return toWire(ctx, row);
  const payload = { lineId: row.lineId, version: row.version };
  try {
    await ctx.env.DB.batch([
      retire(ctx.env.DB, id, ctx.now),
      auditStatement(ctx, {
        actor,
        action: 'tariff.retire',
        subject: id,
        before: { state, ...payload },
        after: { state: 'retired', ...payload },
      }),
      eventStatement(ctx, { type: 'tariff.retired', subject: id, actor, payload }),
    ]);
  } catch (thrown) {
    // Discarded by somebody else in this very moment: the answer is the same.
    if (!refusedWith(thrown, 'tariff_is_discarded')) throw thrown;
  }
  return mustExist(await tariffById(ctx, id));
}

/** Every version in force now. */
export const inForce = async (ctx: Context): Promise<Tariff[]> =>
  (await tariffsInForce(ctx.env.DB, ctx.now)).map((row) => toWire(ctx, row));

/** What is wrong with terms whose shape is right, under the settings of now. */
export async function wrongTerms(ctx: Context, terms: TariffTerms): Promise<FieldError[]> {
  const errors = termsErrors(terms);
  return errors.length > 0 ? errors : lengthErrors(terms, (await callSettings(ctx)).maxSeconds);
}

/** @throws Problem `validation_failed` where there is anything in `errors` */
export function refuseIfWrong(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Problem('validation_failed', 'This tariff does not add up; see `fields`.', { fields: errors });
}

function mustExist<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new Problem('not_found', 'There is no tariff with this id.');
  return found;
}

const toWire = (ctx: Context, row: TariffRow): Tariff => ({
  id: row.id as TariffId,
  lineId: row.lineId as TariffId,
  version: row.version,
  state: stateAt(ctx.now, row),
  ...(JSON.parse(row.terms) as TariffTerms),
  createdAt: toTimestamp(row.createdAt),
  publishedAt: row.publishedAt === null ? null : toTimestamp(row.publishedAt),
  effectiveAt: row.effectiveAt === null ? null : toTimestamp(row.effectiveAt),
});
