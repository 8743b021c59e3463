import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { mountModeration } from './routes.ts';

const bindings = env as unknown as Env;
const NOW = 1_800_000_000_000;
const ask = appAs(bindings, mountModeration, NOW);
const member = () => principal({ permissions: new Set(['wallet.top_up']) });

/** A purchase of theirs, as the pipeline leaves it. */
async function bought({ userId }: Principal): Promise<string> {
  const [id, eventId, product] = [newId('pur'), newId('pev'), `coins-${newId('pur').slice(-12)}`];
  const put = (sql: string, ...values: (string | number)[]) => bindings.DB.prepare(sql).bind(...values);
  await bindings.DB.batch([
    put(
      `INSERT OR IGNORE INTO user (id, role, monetization_version, ledger_shard, created_at) VALUES (?, 'member', 'tokens', 0, 0)`,
      userId,
    ),
    put(`INSERT INTO product (id, kind, amount, rank, state, created_at, changed_at) VALUES (?, 'coins', 100, 1, 'live', 0, 0)`, product),
    put(
      `INSERT INTO payment_delivery (id, source, source_event_id, raw, received_at, state, changed_at) VALUES (?1, 'stripe', ?1, '{}', 0, 'stored', 0)`,
      eventId,
    ),
    put(
      `INSERT INTO payment_event (id, source, store, kind, transaction_id, occurred_at, signed_by_store) VALUES (?1, 'stripe', 'stripe', 'purchase', ?2, 0, 1)`,
      eventId,
      id,
    ),
    put(
      `INSERT INTO payment (store, transaction_id, id, event_id, user_id, product, unit, granted, occurred_at, created_at)
       VALUES ('stripe', ?1, ?1, ?2, ?3, ?4, 'COIN', 100, 0, 0)`,
      id,
      eventId,
      userId,
      product,
    ),
  ]);
  return id;
}

const wrong = { reason: 'not_received', text: 'I paid and have nothing.' };

describe('“this is wrong”, of a purchase', () => {
  it('opens one case, also from two devices at once, and is read beside the purchase', async () => {
    const ada = member();
    const [id, other] = [await bought(ada), await bought(ada)];
    const both = await Promise.all([1, 2].map(() => ask(ada, 'POST', `/me/purchases/${id}/complaints`, wrong)));
    const [made] = both;
    expect(made).toMatchObject({ status: 201, body: { complaint: { purchaseId: id, ...wrong, state: 'open' } } });
    expect(both[1]?.body).toEqual(made?.body);
    expect((await ask(ada, 'POST', `/me/purchases/${id}/complaints`, { reason: 'other', text: 'again' })).body).toEqual(made?.body);
    const second = await ask(ada, 'POST', `/me/purchases/${other}/complaints`, { reason: 'by_mistake', text: '' });
    expect((await ask(ada, 'GET', '/me/purchase-complaints')).body).toEqual({
      items: [second.body.complaint, made?.body.complaint],
      nextCursor: null,
    });
    const { results } = await bindings.DB.prepare(`SELECT source, reason, text, state FROM "case" WHERE subject = ?`).bind(id).all();
    expect(results).toEqual([{ source: 'complaint', ...wrong, state: 'open' }]);
    const { results: events } = await bindings.DB.prepare("SELECT payload FROM event WHERE subject = ? AND type = 'purchase.complained_of'")
      .bind(id)
      .all();
    // Said three times, twice of them at once: the log tells of it once.
    expect(events).toEqual([{ payload: '{"reason":"not_received"}' }]);
  });

  it('goes on page by page', async () => {
    const ada = member();
    const ids = [await bought(ada), await bought(ada), await bought(ada)];
    for (const id of ids) await ask(ada, 'POST', `/me/purchases/${id}/complaints`, wrong);
    const first = (await ask(ada, 'GET', '/me/purchase-complaints?limit=2')).body;
    const rest = (await ask(ada, 'GET', `/me/purchase-complaints?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...rest.items].map(({ purchaseId }: { purchaseId: string }) => purchaseId)).toEqual(ids.toReversed());
    expect(rest.nextCursor).toBeNull();
  });

  it('is not there for a purchase of somebody else', async () => {
    const [ada, ben] = [member(), member()];
    const id = await bought(ada);
    expect(await ask(ben, 'POST', `/me/purchases/${id}/complaints`, wrong)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await ask(ben, 'GET', '/me/purchase-complaints')).body.items).toEqual([]);
  });
});
