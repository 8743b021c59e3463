/** The only SQL for `tariff`. */
import { and, desc, eq, gt, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { tariff } from '../../../db/schema/billing.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { TariffState } from '../../protocol/http/tariffs.ts';

export type TariffRow = typeof tariff.$inferSelect;

export const tariffRow = (binding: D1Database, id: string): Promise<TariffRow | undefined> =>
  database(binding).select().from(tariff).where(eq(tariff.id, id)).get();

const unretired = (now: number): SQL | undefined => or(isNull(tariff.retiredAt), gt(tariff.retiredAt, now));

/** Every version that holds at `now`. */
export const tariffsInForce = (binding: D1Database, now: number): Promise<TariffRow[]> =>
  database(binding)
    .select()
    .from(tariff)
    .where(and(lte(tariff.effectiveAt, now), unretired(now)));

/** Mirrors `stateAt` of rules.ts. */
const inState = (state: TariffState, now: number): SQL | undefined =>
  ({
    draft: and(isNull(tariff.publishedAt), unretired(now)),
    published: and(isNotNull(tariff.publishedAt), unretired(now)),
    retired: lte(tariff.retiredAt, now),
  })[state];

/** Newest first, older than the version `before`. */
export const tariffRows = (
  binding: D1Database,
  asked: { state: TariffState | undefined; line: string | undefined; before: string | undefined; limit: number; now: number },
): Promise<TariffRow[]> =>
  database(binding)
    .select()
    .from(tariff)
    .where(
      and(
        asked.state === undefined ? undefined : inState(asked.state, asked.now),
        asked.line === undefined ? undefined : eq(tariff.lineId, asked.line),
        asked.before === undefined ? undefined : lt(tariff.id, asked.before),
      ),
    )
    .orderBy(desc(tariff.id))
    .limit(asked.limit);

/**
 * A draft; its version is one above the highest of its line, or `version` where it is given: then its batch is aborted
 * (`tariff_is_fixed`) where the line has that version already.
 */
export const insertDraft = (
  binding: D1Database,
  { version, ...row }: Pick<TariffRow, 'id' | 'lineId' | 'terms' | 'createdAt' | 'createdBy'> & { version: number | undefined },
): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(tariff)
      .values({ ...row, version: version ?? sql`(SELECT coalesce(max(version), 0) + 1 FROM tariff WHERE line_id = ${row.lineId})` }),
  );

/** Takes a version out of force from `now` on, or discards a draft; what is retired already stays as it is. */
export const retire = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(tariff)
      .set({ retiredAt: sql`max(coalesce(effective_at, 0), ${now})` })
      .where(and(eq(tariff.id, id), unretired(now))),
  );

/**
 * Publishes a draft and ends the line's version before it at that moment. Triggers abort the whole batch with
 * `tariff_is_published` or `tariff_is_outdated`.
 */
export const publish = (
  binding: D1Database,
  order: { id: string; lineId: string; version: number; publishedAt: number; effectiveAt: number },
): D1PreparedStatement[] => {
  const db = database(binding);
  const { publishedAt, effectiveAt } = order;
  return [
    db.update(tariff).set({ publishedAt, effectiveAt }).where(eq(tariff.id, order.id)),
    db
      .update(tariff)
      .set({ retiredAt: sql`max(effective_at, ${effectiveAt})` })
      .where(
        and(eq(tariff.lineId, order.lineId), lt(tariff.version, order.version), isNotNull(tariff.publishedAt), unretired(effectiveAt)),
      ),
  ].map((query) => statementOf(binding, query));
};
