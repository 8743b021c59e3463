/**
 * The circuit breaker of one outside provider, named by the provider. The one object made with itty-durable
 * (docs/decisions/0002): small, no alarm, no socket, no money. Reached by `fetch` only; its methods are called by the
 * library's proxy (`video/health.ts`).
 */
import { createDurable } from 'itty-durable/itty-durable.js';
import type { Env } from '../../worker/env.ts';
import { type Breaker, closed, failed, letsThrough, worked } from './breaker.ts';

/** What of the library's class is used; its own types leave everything open. */
interface Durable {
  persist(): Promise<void>;
}
const Durable = createDurable() as unknown as new (state: DurableObjectState, env: Env) => Durable;

export class ProviderHealth extends Durable {
  /** Stored by the library with every `persist`; this is what a new one begins with. */
  breaker: Breaker = closed;

  /** A try went well or badly. */
  async report({ well, now }: { well: boolean; now: number }): Promise<{ healthy: boolean }> {
    const before = this.breaker;
    this.breaker = well ? worked(before, now) : failed(before, now);
    if (this.breaker !== before) await this.persist();
    return { healthy: letsThrough(this.breaker, now) };
  }

  async read({ now }: { now: number }): Promise<{ healthy: boolean }> {
    return { healthy: letsThrough(this.breaker, now) };
  }
}
