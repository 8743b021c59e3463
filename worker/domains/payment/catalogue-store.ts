/** The only SQL for products and prices. */
import { and, asc, eq, gt, type InferSelectModel, isNull, or, sql } from 'drizzle-orm';
import { price, product } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { Platform } from '../../protocol/http/shop.ts';
import type { Store } from './payment-event.ts';

export type ProductRow = InferSelectModel<typeof product>;
export type PriceRow = InferSelectModel<typeof price>;

/** A price and what it buys. */
export interface CatalogueLine {
  readonly product: ProductRow;
  readonly price: PriceRow;
}

const lines = (binding: D1Database) =>
  database(binding).select({ product, price }).from(price).innerJoin(product, eq(product.id, price.product)).$dynamic();

export async function lineOfStoreRef(binding: D1Database, store: Store, storeRef: string): Promise<CatalogueLine | null> {
  const rows = await lines(binding).where(and(eq(price.store, store), eq(price.storeRef, storeRef)));
  return rows[0] ?? null;
}

export async function lineOfPrice(binding: D1Database, id: string): Promise<CatalogueLine | null> {
  const rows = await lines(binding).where(eq(price.id, id as PriceRow['id']));
  return rows[0] ?? null;
}

/** Prices of what is on sale on a platform that have not ended by `now`, in the order of products. */
export const linesOnSale = (binding: D1Database, platform: Platform, now: number): Promise<CatalogueLine[]> =>
  lines(binding)
    .where(and(eq(product.state, 'live'), eq(price.platform, platform), or(isNull(price.activeUntil), gt(price.activeUntil, now))))
    .orderBy(asc(product.rank), asc(product.id));

export async function allProducts(binding: D1Database): Promise<{ products: ProductRow[]; prices: PriceRow[] }> {
  const db = database(binding);
  const [products, prices] = await db.batch([
    db.select().from(product).orderBy(asc(product.rank), asc(product.id)),
    db.select().from(price).orderBy(asc(price.platform), asc(price.activeFrom), asc(price.id)),
  ]);
  return { products, prices };
}

export async function productWithPrices(binding: D1Database, id: string): Promise<{ product: ProductRow; prices: PriceRow[] } | null> {
  const db = database(binding);
  const [[row], prices] = await db.batch([
    db.select().from(product).where(eq(product.id, id)),
    db.select().from(price).where(eq(price.product, id)).orderBy(asc(price.platform), asc(price.activeFrom), asc(price.id)),
  ]);
  return row ? { product: row, prices } : null;
}

export const insertProduct = (binding: D1Database, row: ProductRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(product).values(row));

export const updateProduct = (
  binding: D1Database,
  id: string,
  change: Partial<Pick<ProductRow, 'rank' | 'state'>> & Pick<ProductRow, 'changedAt'>,
): D1PreparedStatement => statementOf(binding, database(binding).update(product).set(change).where(eq(product.id, id)));

export const insertPrice = (binding: D1Database, row: PriceRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(price).values(row));

export const updatePriceEnd = (binding: D1Database, id: string, activeUntil: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(price)
      .set({ activeUntil })
      .where(eq(price.id, id as PriceRow['id'])),
  );

/** Aborts its batch with `malformed JSON` where the product was changed since `changedAt`. */
export const unlessProductChanged = (binding: D1Database, id: string, changedAt: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .select({ ok: sql`iif(${product.changedAt} = ${changedAt}, 1, json_extract('changed meanwhile', '$'))` })
      .from(product)
      .where(eq(product.id, id)),
  );
