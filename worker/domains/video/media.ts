/** Which provider carries a call. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Call } from '../../protocol/call/call.ts';
import type { MediaGrant } from '../../protocol/call/media.ts';
import { direct } from './direct.ts';
import { isHealthy, outcomeOf, tellHealth } from './health.ts';
import type { MediaOrder, MediaProvider } from './provider.ts';

/** In order of preference; the first healthy one that is set up carries a call. */
const chain: readonly MediaProvider[] = [direct];

const ready = (ctx: Context): MediaProvider[] => chain.filter((provider) => provider.missing(ctx.env) === null);

/** The last one is taken even while its breaker is open: a try that may fail is better than none. */
async function chosen(ctx: Context): Promise<MediaProvider | undefined> {
  const providers = ready(ctx);
  for (const provider of providers.slice(0, -1)) if (await isHealthy(ctx, provider.name)) return provider;
  return providers.at(-1);
}

/** @throws Problem `overloaded` where no provider is set up: better no call than one that can't connect */
export function mustCarryMedia(ctx: Context): void {
  if (ready(ctx).length > 0) return;
  for (const provider of chain) ctx.log.error('no media provider', { provider: provider.name, missing: provider.missing(ctx.env) });
  throw new Problem('overloaded', 'Calls can’t be connected at the moment. Please try again later.', { retryAfter: 60 });
}

/** Fresh credentials for a call; the same provider for both parties. */
export async function mediaGrantFor(ctx: Context, order: Omit<MediaOrder, 'now'>): Promise<MediaGrant> {
  const provider = await chosen(ctx);
  if (!provider) throw new Error('no media provider is set up');
  return provider.issue(ctx.env, { ...order, now: ctx.now });
}

/** Lets the breaker of a call's provider know how it went. */
export async function noteMediaOutcome(ctx: Context, call: Pick<Call, 'state' | 'endReason'>): Promise<void> {
  const outcome = outcomeOf(call.state, call.endReason);
  const provider = outcome === null ? undefined : await chosen(ctx);
  if (provider) await tellHealth(ctx, provider.name, outcome === 'well');
}
