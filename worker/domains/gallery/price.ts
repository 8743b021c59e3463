/** What a call from the gallery would cost the one who looks. */
import type { Context } from '../../platform/context.ts';
import type { Principal } from '../../platform/principal.ts';
import type { CallMedia, Quote } from '../../protocol/call/call.ts';
import type { UserId } from '../../protocol/ids.ts';
import { quoteCall } from '../pricing/service.ts';

/**
 * The price of a direct call by `media` with a companion, by the viewer's own pricing model; with nobody in particular
 * (`payeeId` null) what is left of a piece of company is not counted. Null for who does not pay for calls, where no tariff
 * serves it, or where their model is not open.
 */
export async function priceFor(ctx: Context, viewer: Principal, media: CallMedia, payeeId: UserId | null): Promise<Quote | null> {
  if (viewer.role !== 'member') return null;
  return quoteCall(ctx, viewer.monetizationVersion, { payer: { userId: viewer.userId, shard: viewer.ledgerShard }, payeeId, media });
}
