/** What a call from the gallery would cost the one who looks. */
import type { Context } from '../../platform/context.ts';
import type { Principal } from '../../platform/principal.ts';
import type { CallMedia, Quote } from '../../protocol/call/call.ts';
import { tariffFor } from '../billing/service.ts';
import { pricingFor } from '../pricing/service.ts';

/**
 * The price of a direct call with a companion by `media`: the same whoever is called. Null for who does not pay for
 * calls, where no tariff serves it, or where the viewer's pricing model is not open.
 */
export async function priceFor(ctx: Context, viewer: Principal, media: CallMedia): Promise<Quote | null> {
  const model = viewer.role === 'member' ? pricingFor(viewer.monetizationVersion) : null;
  if (!model) return null;
  const tariff = await tariffFor(ctx, {
    kind: 'direct',
    media,
    payerRole: 'member',
    payeeRole: 'companion',
    direction: 'member_to_companion',
  });
  return tariff && model.quote(ctx, { payer: { userId: viewer.userId, shard: viewer.ledgerShard }, payeeId: null, media, tariff });
}
