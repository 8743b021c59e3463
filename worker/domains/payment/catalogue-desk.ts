/** The catalogue as staff keep it: everything audited, nothing that was sold ever changed. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type {
  addPrice as addEndpoint,
  CatalogPlan,
  CatalogProduct,
  changeProduct as changeEndpoint,
  draftProduct,
} from '../../protocol/http/shop-desk.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { type Plan, plansOf } from '../subscriptions/service.ts';
import { storeOn } from './catalogue-rules.ts';
import {
  allProducts,
  insertPrice,
  insertProduct,
  lineOfPrice,
  type PriceRow,
  type ProductRow,
  productWithPrices,
  unlessProductChanged,
  updatePriceEnd,
  updateProduct,
} from './catalogue-store.ts';

export async function listProducts(ctx: Context): Promise<CatalogProduct[]> {
  const { products, prices } = await allProducts(ctx.env.DB);
  const byProduct = Map.groupBy(prices, (row) => row.product);
  return products.map((row) => toWire(row, byProduct.get(row.id) ?? []));
}

/** @throws Problem `taken` for an id that another product has, `validation_failed` for a plan that is none */
export async function makeProduct(ctx: Context, wish: BodyOf<typeof draftProduct>, actor: UserId): Promise<CatalogProduct> {
  if (wish.kind === 'plan' && !(await plansOf(ctx)).some(({ id }) => id === wish.plan))
    throw new Problem('validation_failed', 'There is no such plan.', { fields: [{ path: 'plan', message: 'must be the id of a plan' }] });
  const given =
    wish.kind === 'plan' ? { amount: null, plan: wish.plan, period: wish.period } : { amount: wish.amount, plan: null, period: null };
  const row: ProductRow = {
    ...given,
    ...{ id: wish.id, kind: wish.kind, rank: wish.rank, state: 'draft', createdAt: ctx.now, changedAt: ctx.now },
  };
  await unlessTaken(
    ctx.env.DB.batch([insertProduct(ctx.env.DB, row), audited(ctx, actor, row.id, null, row)]),
    'Another product has this id.',
  );
  return toWire(row, []);
}

/** @throws Problem `not_found`, `version_conflict` where it was changed since the editor looked or does not go that way */
export async function changeProduct(
  ctx: Context,
  id: string,
  { seenChangedAt, rank, state }: BodyOf<typeof changeEndpoint>,
  actor: UserId,
): Promise<CatalogProduct> {
  const { product } = await known(ctx, id);
  const row = {
    ...product,
    ...(rank === undefined ? {} : { rank }),
    ...(state === undefined ? {} : { state }),
    // Two changes within a millisecond are told apart.
    changedAt: Math.max(ctx.now, product.changedAt + 1),
  };
  try {
    await ctx.env.DB.batch([
      ...(seenChangedAt === undefined ? [] : [unlessProductChanged(ctx.env.DB, id, Date.parse(seenChangedAt))]),
      updateProduct(ctx.env.DB, id, { rank: row.rank, state: row.state, changedAt: row.changedAt }),
      audited(ctx, actor, id, product, row),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this product meanwhile.');
    if (refusedWith(thrown, 'one_way'))
      throw new Problem('version_conflict', 'What was taken off sale is not sold again: make a new product.');
    throw thrown;
  }
  return read(ctx, id);
}

/** @throws Problem `not_found`, `taken` where another price has this name at its store */
export async function addPrice(ctx: Context, id: string, wish: BodyOf<typeof addEndpoint>, actor: UserId): Promise<CatalogProduct> {
  await known(ctx, id);
  const row: PriceRow = {
    id: newId('pri'),
    product: id,
    platform: wish.platform,
    store: storeOn[wish.platform],
    storeRef: wish.storeRef,
    currency: wish.currency,
    amount: wish.amount,
    activeFrom: wish.activeFrom === undefined ? ctx.now : Date.parse(wish.activeFrom),
    activeUntil: null,
    createdAt: ctx.now,
  };
  await unlessTaken(
    ctx.env.DB.batch([insertPrice(ctx.env.DB, row), audited(ctx, actor, id, null, { price: row })]),
    'Another price has this name at its store.',
  );
  return read(ctx, id);
}

/** @throws Problem `not_found`, `version_conflict` for one that has ended or is to end otherwise already */
export async function endPrice(ctx: Context, id: Id<'pri'>, at: string | undefined, actor: UserId): Promise<CatalogProduct> {
  const line = await lineOfPrice(ctx.env.DB, id);
  if (!line) throw new Problem('not_found', 'There is no such price.');
  const until = Math.max(ctx.now, at === undefined ? ctx.now : Date.parse(at));
  try {
    await ctx.env.DB.batch([
      updatePriceEnd(ctx.env.DB, id, until),
      audited(ctx, actor, line.product.id, { price: line.price }, { price: { ...line.price, activeUntil: until } }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'append_only')) throw new Problem('version_conflict', 'This price has its end already.');
    throw thrown;
  }
  return read(ctx, line.product.id);
}

async function unlessTaken(work: Promise<unknown>, detail: string): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE')) throw new Problem('taken', detail);
    throw thrown;
  }
}

async function known(ctx: Context, id: string): Promise<{ product: ProductRow; prices: PriceRow[] }> {
  const found = await productWithPrices(ctx.env.DB, id);
  if (!found) throw new Problem('not_found', 'There is no such product.');
  return found;
}

async function read(ctx: Context, id: string): Promise<CatalogProduct> {
  const { product, prices } = await known(ctx, id);
  return toWire(product, prices);
}

const audited = (ctx: Context, actor: UserId, id: string, before: unknown, after: unknown): D1PreparedStatement =>
  auditStatement(ctx, { actor, action: 'catalogue.manage', subject: `product:${id}`, before, after });

const toWire = ({ createdAt: _, changedAt, ...row }: ProductRow, prices: readonly PriceRow[]): CatalogProduct => ({
  ...row,
  changedAt: toTimestamp(changedAt),
  prices: prices.map(({ product: _product, createdAt: _created, activeFrom, activeUntil, ...price }) => ({
    ...price,
    activeFrom: toTimestamp(activeFrom),
    activeUntil: activeUntil === null ? null : toTimestamp(activeUntil),
  })),
});

export const planToWire = ({ changedAt, ...plan }: Plan): CatalogPlan => ({ ...plan, changedAt: toTimestamp(changedAt) });
