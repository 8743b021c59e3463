/** The token by which a provider knows us: from the one object that makes them, and a copy of it until it is renewed. */
import type { Context } from './context.ts';
import { causeOf } from './log.ts';
import { type ProviderBearer, providerTokens, type TokenProvider } from './stubs.ts';

const copies = new WeakMap<object, Map<TokenProvider, ProviderBearer>>();

/**
 * The token, or null where there is none now. Never throws.
 * @param refused the one that the provider has just refused: then another, if there may be one
 */
export async function tokenFor(ctx: Context, provider: TokenProvider, refused: string | null = null): Promise<string | null> {
  const namespace = ctx.env.PROVIDER_TOKENS;
  const mine = copies.get(namespace) ?? new Map<TokenProvider, ProviderBearer>();
  copies.set(namespace, mine);
  const copy = mine.get(provider);
  if (copy && copy.token !== refused && Date.now() < copy.renewAt) return copy.token;
  try {
    const answer = await providerTokens(ctx.env).bearer({ provider, refused });
    if (!answer.ok) {
      ctx.log.warn('no provider token', { provider, detail: answer.detail });
      mine.delete(provider);
      return null;
    }
    mine.set(provider, answer.value);
    return answer.value.token;
  } catch (thrown) {
    ctx.log.error('provider tokens do not answer', { provider, cause: causeOf(thrown) });
    return null;
  }
}
