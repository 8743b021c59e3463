/** The router of pricing models: the only importer of the modules behind the port. */
import type { Context } from '../../platform/context.ts';
import type { Quote } from '../../protocol/call/call.ts';
import type { TariffParty } from '../../protocol/http/tariffs.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import { tariffFor } from '../billing/service.ts';
import { moments } from './moments.ts';
import type { MeansOrder, MessagePrice, MessageTerms, PricingModel } from './port.ts';
import { canStart, paceOf, quoteOf } from './quote.ts';
import { subscription } from './subscription.ts';
import { tokens } from './tokens.ts';

export { tellRunningCall } from './running-call.ts';
export { canStart, paceOf, quoteOf };

/** One line a model. A version without a line can't place calls (409 `pricing_model_unavailable`). */
export const models: Record<string, PricingModel> = {
  tokens,
  subscription,
  moments,
};

/** The model a user pays by, or null where it is not built yet. */
export const pricingFor = (version: MonetizationVersion): PricingModel | null => models[version] ?? null;

/** What a direct call with a companion would cost a member now, and how far what they have carries; null: no tariff serves it. */
export async function quoteCall(ctx: Context, version: MonetizationVersion, order: MeansOrder): Promise<Quote | null> {
  const model = pricingFor(version);
  const tariff = model && (await tariffFor(ctx, { ...withCompanion, media: order.media }));
  return tariff && quoteOf(tariff, await model.means(ctx, { ...order, pace: paceOf(tariff) }));
}

const withCompanion = { kind: 'direct', payerRole: 'member', payeeRole: 'companion', direction: 'member_to_companion' } as const;

/** What a member's messages to a companion come to now; null: nothing, for nobody. */
export async function quoteMessage(ctx: Context): Promise<MessageTerms | null> {
  const tariff = await tariffFor(ctx, { ...withCompanion, media: 'text' });
  if (!tariff) return null;
  const payer = priceOf(tariff.parties.find(({ party }) => party === 'payer'));
  const payee = priceOf(tariff.parties.find(({ party }) => party === 'payee'));
  return payer || payee ? { tariffId: tariff.id, payer, payee } : null;
}

const priceOf = (side: TariffParty | undefined): MessagePrice | null => (side?.perMessage ? { unit: side.unit, ...side.perMessage } : null);
