/** The only SQL for `paywall`. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { paywall } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';

export type PaywallRow = typeof paywall.$inferSelect;

export const paywallRows = (binding: D1Database): Promise<PaywallRow[]> =>
  database(binding).select().from(paywall).orderBy(desc(paywall.createdAt), desc(paywall.id));

export const paywallRow = (binding: D1Database, id: string): Promise<PaywallRow | undefined> =>
  database(binding).select().from(paywall).where(eq(paywall.id, id)).get();

/** The one in force at a place; of the place `link` the one with this id. */
export const livePaywall = (
  binding: D1Database,
  { placement, id }: { placement: PaywallRow['placement']; id?: string | undefined },
): Promise<PaywallRow | undefined> =>
  database(binding)
    .select()
    .from(paywall)
    .where(and(eq(paywall.placement, placement), eq(paywall.state, 'live'), id === undefined ? undefined : eq(paywall.id, id)))
    .get();

export const insertPaywall = (binding: D1Database, row: PaywallRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(paywall).values(row));

export const updatePaywall = (binding: D1Database, { id, ...row }: PaywallRow): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(paywall)
      .set({ layout: row.layout, offers: row.offers, state: row.state, changedAt: row.changedAt })
      .where(eq(paywall.id, id)),
  );

/** The one that was in force at a place gives way. */
export const retireOthers = (binding: D1Database, { id, placement, changedAt }: PaywallRow): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(paywall)
      .set({ state: 'retired', changedAt })
      .where(and(eq(paywall.placement, placement), eq(paywall.state, 'live'), sql`${paywall.id} <> ${id}`)),
  );

/** Aborts its batch with `malformed JSON` where the paywall was changed since `changedAt`. */
export const unlessPaywallChanged = (binding: D1Database, id: string, changedAt: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .select({ ok: sql`iif(${paywall.changedAt} = ${changedAt}, 1, json_extract('changed meanwhile', '$'))` })
      .from(paywall)
      .where(eq(paywall.id, id)),
  );
