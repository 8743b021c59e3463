/** The only SQL for products and prices. */
import { and, eq, type InferSelectModel } from 'drizzle-orm';
import { price, product } from '../../../db/schema/payment.ts';
import { database } from '../../platform/database.ts';
import type { Store } from './payment-event.ts';

/** A price and what it buys. */
export interface CatalogueLine {
  readonly product: InferSelectModel<typeof product>;
  readonly price: InferSelectModel<typeof price>;
}

export async function lineOfStoreRef(binding: D1Database, store: Store, storeRef: string): Promise<CatalogueLine | null> {
  const rows = await database(binding)
    .select({ product, price })
    .from(price)
    .innerJoin(product, eq(product.id, price.product))
    .where(and(eq(price.store, store), eq(price.storeRef, storeRef)));
  return rows[0] ?? null;
}
