/**
 * The tokens by which Apple and Google know us, one of each for all of us: Apple refuses whoever renews theirs too often, and
 * isolates can't count together. Made when they are asked for, kept over restarts, renewed by `renewal.ts`.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../worker/env.ts';
import { causeOf, logWith } from '../../worker/platform/log.ts';
import { ok, type Result, refuse } from '../../worker/platform/result.ts';
import type { ProviderBearer, ProviderTokensStub, TokenProvider } from '../../worker/platform/stubs.ts';
import { migrate } from '../kit/migrations.ts';
import { makers } from './makers.ts';
import { decide, type Held, renewAt } from './renewal.ts';
import { readKept, tokenTables, writeKept } from './store.ts';

export class ProviderTokens extends DurableObject<Env> implements ProviderTokensStub {
  readonly #sql: SqlStorage;
  readonly #log = logWith({ object: 'provider_tokens' });
  /** Who asks while a token is being made gets that one. */
  readonly #making = new Map<TokenProvider, Promise<Held | null>>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, tokenTables);
    this.#sql = state.storage.sql;
  }

  async bearer({ provider, refused }: { provider: TokenProvider; refused: string | null }): Promise<Result<ProviderBearer>> {
    const maker = makers[provider];
    // Tokens live by the clocks of others, so by the real one.
    const now = Date.now();
    const madeWith = await maker.madeWith(this.env);
    const decision = decide(readKept(this.#sql, provider), { madeWith, refused, now }, maker.manners);
    if (decision.do === 'wait') return refuse('overloaded', `No token before ${new Date(decision.until).toISOString()}.`);
    const held = decision.do === 'use' ? decision.held : ((await this.#made(provider, madeWith, now)) ?? decision.meanwhile);
    if (!held) return refuse('overloaded', 'No token can be made now.');
    return ok({ token: held.token, renewAt: Math.max(renewAt(held, maker.manners), now) });
  }

  #made(provider: TokenProvider, madeWith: string, now: number): Promise<Held | null> {
    const running = this.#making.get(provider);
    if (running) return running;
    const begun = this.#make(provider, madeWith, now).finally(() => this.#making.delete(provider));
    this.#making.set(provider, begun);
    return begun;
  }

  async #make(provider: TokenProvider, madeWith: string, now: number): Promise<Held | null> {
    try {
      const held: Held = { ...(await makers[provider].make(this.env, now)), madeWith };
      writeKept(this.#sql, provider, { held, failures: 0, failedAt: 0 });
      this.#log.info('provider token made', { provider, expiresAt: held.expiresAt });
      return held;
    } catch (thrown) {
      const kept = readKept(this.#sql, provider);
      writeKept(this.#sql, provider, { ...kept, failures: kept.failures + 1, failedAt: now });
      this.#log.error('provider token can’t be made', { provider, failures: kept.failures + 1, cause: causeOf(thrown) });
      return null;
    }
  }
}
