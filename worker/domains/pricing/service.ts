/** The router of pricing models: the only importer of the modules behind the port. */
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { PricingModel } from './port.ts';
import { tokens } from './tokens.ts';

/** One line a model. A version without a line can't place calls yet (409 `pricing_model_unavailable`). */
const models: Partial<Record<MonetizationVersion, PricingModel>> = {
  tokens,
};

/** The model a user pays by, or null where it is not built yet. */
export const pricingFor = (version: MonetizationVersion): PricingModel | null => models[version] ?? null;
