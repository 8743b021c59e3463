/** Paywalls: offers put where somebody stands. They name products; what each costs is read from the catalogue each time. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { Paywall, Placement, Platform } from '../../protocol/http/shop.ts';
import type { changePaywall as changeEndpoint, DeskPaywall, draftPaywall } from '../../protocol/http/shop-desk.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { type Buyer, shopFor } from './catalogue.ts';
import { allProducts } from './catalogue-store.ts';
import {
  insertPaywall,
  livePaywall,
  type PaywallRow,
  paywallRow,
  paywallRows,
  retireOthers,
  unlessPaywallChanged,
  updatePaywall,
} from './paywall-store.ts';

/**
 * The paywall in force at a place, with what this member can buy of it; null where there is none, or nothing of it is
 * for them.
 * @param asked.offer of the place `link`: the id that the link names
 */
export async function paywallFor(
  ctx: Context,
  buyer: Buyer,
  { placement, platform, offer }: { placement: Placement; platform: Platform; offer?: string | undefined },
): Promise<Paywall | null> {
  if (placement === 'link' && offer === undefined) return null;
  const [row, { offers }] = await Promise.all([
    livePaywall(ctx.env.DB, { placement, id: placement === 'link' ? offer : undefined }),
    shopFor(ctx, buyer, platform),
  ]);
  if (!row) return null;
  const shown = row.offers.flatMap(({ product, highlighted }) => {
    const found = offers.find((one) => one.product === product);
    return found ? [{ ...found, highlighted }] : [];
  });
  return shown.length === 0 ? null : { id: row.id, placement, layout: row.layout, offers: shown };
}

export const listPaywalls = async (ctx: Context): Promise<DeskPaywall[]> => (await paywallRows(ctx.env.DB)).map(toWire);

/** @throws Problem `taken`, `validation_failed` for products that are none */
export async function makePaywall(ctx: Context, wish: BodyOf<typeof draftPaywall>, actor: UserId): Promise<DeskPaywall> {
  await mustBeProducts(ctx, wish.offers);
  const row: PaywallRow = { ...wish, state: 'draft', createdAt: ctx.now, changedAt: ctx.now };
  try {
    await ctx.env.DB.batch([insertPaywall(ctx.env.DB, row), audited(ctx, actor, null, row)]);
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE')) throw new Problem('taken', 'Another paywall has this id.');
    throw thrown;
  }
  return toWire(row);
}

/** @throws Problem `not_found`, `validation_failed`, `version_conflict` */
export async function changePaywall(
  ctx: Context,
  id: string,
  { seenChangedAt, layout, offers, state }: BodyOf<typeof changeEndpoint>,
  actor: UserId,
): Promise<DeskPaywall> {
  const before = await paywallRow(ctx.env.DB, id);
  if (!before) throw new Problem('not_found', 'There is no such paywall.');
  if (offers) await mustBeProducts(ctx, offers);
  const row: PaywallRow = {
    ...before,
    layout: layout ?? before.layout,
    offers: offers ?? before.offers,
    state: state ?? before.state,
    // Two changes within a millisecond are told apart.
    changedAt: Math.max(ctx.now, before.changedAt + 1),
  };
  try {
    await ctx.env.DB.batch([
      ...(seenChangedAt === undefined ? [] : [unlessPaywallChanged(ctx.env.DB, id, Date.parse(seenChangedAt))]),
      ...(row.state === 'live' && row.placement !== 'link' ? [retireOthers(ctx.env.DB, row)] : []),
      updatePaywall(ctx.env.DB, row),
      audited(ctx, actor, before, row),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this paywall meanwhile.');
    if (refusedWith(thrown, 'one_way')) throw new Problem('version_conflict', 'A retired paywall does not come back: draft a new one.');
    throw thrown;
  }
  return toWire(row);
}

async function mustBeProducts(ctx: Context, offers: PaywallRow['offers']): Promise<void> {
  const known = new Set((await allProducts(ctx.env.DB)).products.map(({ id }) => id));
  const fields = offers.flatMap(({ product }, n) =>
    known.has(product) ? [] : [{ path: `offers.${n}.product`, message: 'must be a product' }],
  );
  if (fields.length > 0) throw new Problem('validation_failed', 'A paywall offers products of the catalogue.', { fields });
}

const audited = (ctx: Context, actor: UserId, before: PaywallRow | null, after: PaywallRow): D1PreparedStatement =>
  auditStatement(ctx, { actor, action: 'catalogue.manage', subject: `paywall:${after.id}`, before, after });

const toWire = ({ createdAt: _, changedAt, ...row }: PaywallRow): DeskPaywall => ({ ...row, changedAt: toTimestamp(changedAt) });
