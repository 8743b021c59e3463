/**
 * What is known of a media provider's health (`durable-objects/provider-health`). It chooses between providers and never
 * stands in a call's way: what can't be asked counts as healthy, what can't be told is left untold.
 */
import { proxyDurable } from 'itty-durable/proxy-durable.js';
import type { Context } from '../../platform/context.ts';
import { causeOf } from '../../platform/log.ts';
import type { CallState, EndReason } from '../../protocol/call/call.ts';
import type { MediaGrant } from '../../protocol/call/media.ts';

interface Health {
  report(order: { well: boolean; now: number }): Promise<{ healthy: boolean }>;
  read(order: { now: number }): Promise<{ healthy: boolean }>;
}

const healthOf = (ctx: Context, provider: MediaGrant['provider']): Health =>
  proxyDurable(ctx.env.PROVIDER_HEALTH, { parse: true }).get(provider) as Health;

export async function isHealthy(ctx: Context, provider: MediaGrant['provider']): Promise<boolean> {
  try {
    return (await healthOf(ctx, provider).read({ now: ctx.now })).healthy;
  } catch (thrown) {
    ctx.log.warn('a provider’s health could not be read', { provider, cause: causeOf(thrown) });
    return true;
  }
}

/** What a call's step says of its provider: connected is well, media that never came is not; anything else says nothing. */
export function outcomeOf(state: CallState, endReason: EndReason | null): 'well' | 'badly' | null {
  if (state === 'active') return 'well';
  return endReason === 'connect_failed' || endReason === 'provider_failed' ? 'badly' : null;
}

export async function tellHealth(ctx: Context, provider: MediaGrant['provider'], well: boolean): Promise<void> {
  try {
    await healthOf(ctx, provider).report({ well, now: ctx.now });
  } catch (thrown) {
    ctx.log.warn('a provider’s health could not be told', { provider, cause: causeOf(thrown) });
  }
}
