/** What is sold: products, and their prices by platform. */
import type { Context } from '../../platform/context.ts';
import { type CatalogueLine, lineOfStoreRef } from './catalogue-store.ts';
import type { Store } from './payment-event.ts';

export type { CatalogueLine } from './catalogue-store.ts';

/** The product that a store's name of a price stands for, retired ones included; null: nothing of ours. */
export const soldAs = (ctx: Context, store: Store, storeRef: string): Promise<CatalogueLine | null> =>
  lineOfStoreRef(ctx.env.DB, store, storeRef);
