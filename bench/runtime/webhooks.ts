/** Deliveries of payments: the catalogue they are about, what became of them, and the least that a route can do with one. */
import type { Context } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import type { BenchPerson } from './people.ts';

/** By what the stores of the benchmark name the product. */
export const SOLD = { stripe: 'price_desk_eur_499_coins', apple: 'bench.coins.300' } as const;

/** Puts a product with its prices in, and says under which Apple account each person buys. */
export async function openShop({ env, now }: Context, people: readonly BenchPerson[]): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO product (id, kind, amount, rank, state, created_at, changed_at) VALUES ('coins_300', 'coins', 300, 1, 'live', ?1, ?1)",
    ).bind(now),
    ...(['stripe', 'apple'] as const).map((store) =>
      env.DB.prepare(
        "INSERT INTO price (id, product, platform, store, store_ref, currency, amount, active_from, created_at) VALUES (?1, 'coins_300', ?2, ?3, ?4, 'EUR', 499, ?5, ?5)",
      ).bind(newId('pri'), store === 'stripe' ? 'web' : 'ios', store, SOLD[store], now),
    ),
    ...people.map(({ userId }) =>
      env.DB.prepare("INSERT INTO payment_alias (kind, value, user_id, since, verified_at) VALUES ('apple_account', ?1, ?1, 0, ?2)").bind(
        userId,
        now,
      ),
    ),
    env.DB.prepare('CREATE TABLE plain_delivery (id TEXT PRIMARY KEY, raw TEXT NOT NULL, at INTEGER NOT NULL) STRICT'),
  ]);
}

/** How many deliveries have had their effect, and how many never will. */
export async function applied({ env }: Context): Promise<{ applied: number; lost: number }> {
  const rows = await env.DB.prepare('SELECT state, count(*) AS n FROM payment_delivery GROUP BY state').all<{ state: string; n: number }>();
  const of = (states: readonly string[]): number => rows.results.reduce((sum, { state, n }) => (states.includes(state) ? sum + n : sum), 0);
  return { applied: of(['applied']), lost: of(['nothing', 'dead', 'pending', 'waiting']) };
}

/** The bare route: the body is kept as it came. */
export async function keepPlain(env: { readonly DB: D1Database }, request: Request): Promise<Response> {
  await env.DB.prepare('INSERT INTO plain_delivery (id, raw, at) VALUES (?1, ?2, ?3)')
    .bind(crypto.randomUUID(), await request.text(), Date.now())
    .run();
  return Response.json({});
}
