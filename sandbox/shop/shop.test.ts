/** The shop in process: who is told of what, when, and how often. */
import { describe, expect, it } from 'vitest';
import { askOutside } from '../asking.ts';
import { Outside } from '../outside.ts';
import type { Call, Delivery } from './deliveries.ts';
import type { Item } from './store.ts';

interface View {
  readonly items: readonly Item[];
  readonly deliveries: readonly Delivery[];
  readonly isHeld: boolean;
}

/** Only what never comes takes so long, ms. */
const patient = { timeout: 60_000 };

/** A world whose Worker writes down what it is told. */
function world(answer: (call: Call) => number = () => 200) {
  const heard: Call[] = [];
  const outside = new Outside({
    send: async (call) => {
      heard.push(call);
      return answer(call);
    },
  });
  const ask = async <T>(path: string, body?: object): Promise<{ status: number; json: T }> => {
    const { status, json } = await askOutside(outside, `/api/shop${path}`, body === undefined ? { method: 'GET' } : { body });
    return { status, json: json as T };
  };
  const buy = async (more: object = {}) =>
    (
      await ask<{ id: string; purchaseToken: string }>('/purchases', {
        store: 'google',
        product: 'plus',
        amount: 999,
        currency: 'EUR',
        period: 'month',
        ...more,
      })
    ).json;
  return { heard, ask, buy, view: async () => (await ask<View>('')).json };
}

describe('what happens', () => {
  it('is told at once, by everybody who tells', async () => {
    const { heard, buy, view } = world();
    await buy({ tellers: ['store', 'adapty', 'apphud'] });
    await expect.poll(() => heard.map(({ source }) => source).sort(), patient).toEqual(['adapty', 'apphud', 'google']);
    await expect.poll(async () => (await view()).deliveries.every(({ statuses }) => statuses[0] === 200), patient).toBe(true);
  });

  it('is held back, and let go in the order that is asked for, each once', async () => {
    for (const order of ['as_made', 'backwards'] as const) {
      const { heard, ask, buy, view } = world();
      await ask('/webhooks', { do: 'hold' });
      const { id } = await buy({ tellers: ['adapty'] });
      for (const verb of ['renew', 'cancel', 'uncancel']) await ask('/act', { id, verb });
      expect([heard.length, (await view()).isHeld]).toEqual([0, true]);
      await ask('/webhooks', { do: 'release', order });
      const said = heard.map(({ body }) => (JSON.parse(body) as { event_type: string }).event_type);
      const made = ['subscription_started', 'subscription_renewed', 'subscription_renewal_cancelled', 'subscription_renewal_reactivated'];
      expect(said).toEqual(order === 'as_made' ? made : made.reverse());
      await ask('/webhooks', { do: 'release', order });
      expect(heard).toHaveLength(4);
    }
  });

  it('is sent again as often as asked, the same event with another signature', async () => {
    const { heard, ask, buy, view } = world();
    await ask('/webhooks', { do: 'hold' });
    await buy();
    const [delivery] = (await view()).deliveries;
    await ask('/webhooks', { do: 'again', id: delivery?.id, times: 3 });
    expect(new Set(heard.map(({ body }) => (JSON.parse(body) as { message: { messageId: string } }).message.messageId)).size).toBe(1);
    expect((await view()).deliveries[0]?.statuses).toEqual([200, 200, 200]);
  });

  it('is shown with what the Worker answered, also where it did not', async () => {
    const { ask, buy, view } = world(() => {
      throw new Error('nobody there');
    });
    await ask('/webhooks', { do: 'hold' });
    await buy();
    await ask('/webhooks', { do: 'release' });
    expect((await view()).deliveries[0]?.statuses).toEqual([0]);
  });
});

describe('what was bought', () => {
  it('takes what it can take now and nothing else', async () => {
    const { ask, buy, view } = world();
    const { id } = await buy();
    expect((await ask('/act', { id, verb: 'resume' })).status).toBe(409);
    await ask('/act', { id, verb: 'pause' });
    expect((await view()).items[0]).toMatchObject({ state: 'paused', verbs: ['refund', 'resume', 'end'] });
    await ask('/act', { id, verb: 'end' });
    expect((await view()).items[0]).toMatchObject({ state: 'expired', verbs: ['refund'] });
    expect((await ask('/act', { id: 'nobody', verb: 'end' })).status).toBe(404);
  });

  it('at Apple is handed on by the phone, signed; at Google there is no such thing', async () => {
    const { ask, buy } = world();
    const { id } = await buy({ store: 'apple' });
    expect((await ask<{ signedTransaction: string }>('/transactions', { id })).json.signedTransaction).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await ask('/transactions', { id: (await buy()).id })).status).toBe(404);
  });

  it.each([
    ['/purchases', {}],
    ['/purchases', { store: 'amazon', product: 'x', amount: 1, currency: 'EUR' }],
    ['/purchases', { store: 'apple', product: '../x', amount: 1, currency: 'EUR' }],
    ['/purchases', { store: 'apple', product: 'x', amount: 1.5, currency: 'EUR' }],
    ['/purchases', { store: 'apple', product: 'x', amount: 1, currency: 'euro' }],
    ['/purchases', { store: 'apple', product: 'x', amount: 1, currency: 'EUR', period: 'week' }],
    ['/purchases', { store: 'apple', product: 'x', amount: 1, currency: 'EUR', tellers: ['nobody'] }],
    ['/act', { id: 'x', verb: 'explode' }],
    ['/webhooks', { do: 'explode' }],
    ['/webhooks', { do: 'again', id: 'x', times: 1000 }],
    ['/webhooks', { do: 'release', order: 'sideways' }],
  ])('is asked for in a form that it has: %s %j', async (path, body) => {
    expect((await world().ask(path, body)).status).toBe(400);
  });
});

it('each forgery has a name of its own', async () => {
  const { items } = (await world().ask<{ items: { flaw: string; call: Call }[] }>('/forgeries')).json;
  expect(items.length).toBeGreaterThan(40);
  expect(new Set(items.map(({ flaw, call }) => `${call.source} ${flaw}`)).size).toBe(items.length);
});
