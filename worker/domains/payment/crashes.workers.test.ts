/** Whatever fails while a payment event is taken up, and wherever: taken up again it ends as if nothing had. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failing } from '../balance/ledger-desk.workers.ts';
import type { Owner } from '../balance/service.ts';
import { subscriptionOf } from '../subscriptions/service.ts';
import { d1Till } from './d1-till.ts';
import {
  bindings,
  catchQueue,
  contextAt,
  DAY,
  events,
  fact,
  happen,
  member,
  NOON,
  named,
  postings,
  purse,
  queued,
  sources,
  standing,
  stock,
  tell,
  work,
} from './payment-desk.workers.ts';
import type { PaymentEvent } from './payment-event.ts';
import { takeUp } from './taking-up.ts';
import type { PaymentEventId, Till } from './till.ts';

beforeAll(stock);
beforeEach(catchQueue);
afterEach(() => void vi.restoreAllMocks());

class Crash extends Error {}

/** A till that crashes right after its nth effect. */
function crashing(till: Till, n: number): { till: Till; reached: () => boolean } {
  let effects = 0;
  const crash = () => ++effects === n + 1;
  const broken = new Proxy(till, {
    get:
      (target, name) =>
      async (...given: unknown[]) => {
        const struck = crash();
        const answer = await (Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>)(...given);
        if (struck) throw new Crash();
        return answer;
      },
  });
  return { till: broken, reached: () => effects > n };
}

/** A purchase of a plan and of coins, a renewal, a part given back, a dispute that is won, and a cancellation. */
function life(ada: Owner): PaymentEvent[] {
  const [coins, plan] = [crypto.randomUUID(), crypto.randomUUID()];
  const customer = { kind: 'stripe_customer', value: `cus_${coins}` } as const;
  const bought = fact({ storeTransactionId: `pi_${coins}`, customerRefs: [...named(ada), customer] });
  const paid = fact({
    storeTransactionId: `in_${plan}_1`,
    storeSubscriptionId: `sub_${plan}`,
    productRef: 'plus-month',
    customerRefs: [customer],
    period: { from: NOON, until: NOON + 30 * DAY },
  });
  const again = () => ({ sourceEventId: crypto.randomUUID() });
  const dispute = { ...bought, ...again(), kind: 'chargeback', storeRefundId: `dp_${coins}`, customerRefs: [] } as const;
  return [
    bought,
    paid,
    { ...bought, ...again(), kind: 'refund', storeRefundId: `re_${coins}`, money: { amount: 333, currency: 'EUR' }, customerRefs: [] },
    dispute,
    {
      ...paid,
      ...again(),
      kind: 'renewal',
      storeTransactionId: `in_${plan}_2`,
      occurredAt: NOON + 30 * DAY,
      period: { from: NOON + 30 * DAY, until: NOON + 60 * DAY },
    },
    { ...dispute, ...again(), kind: 'refund_reversal' },
    { ...paid, ...again(), kind: 'cancellation', storeTransactionId: null, money: null, occurredAt: NOON + 31 * DAY },
  ];
}

async function end(ada: Owner) {
  const [coins, kinds] = [await purse(ada), (await postings(ada)).map((key) => key.split(':')[0])];
  const subscription = await subscriptionOf(contextAt(NOON + 40 * DAY), ada.userId);
  return { coins, kinds: kinds.sort(), subscription, told: (await events(ada)).sort() };
}

describe('a crash', () => {
  // The simulation crashes at every effect (tests/simulation/payments); here some of them, on real databases.
  it('between two effects changes nothing of how it ends', async () => {
    const plain = await member();
    for (const event of life(plain)) await happen(event);
    const expected = await end(plain);
    expect(expected).toMatchObject({
      coins: { has: 200, owes: 0 },
      subscription: { plan: 'plus', state: 'cancelled', until: NOON + 60 * DAY },
    });

    let struck = 0;
    for (let n = 1, more = true; more; n += 3) {
      more = false;
      const ada = await member();
      for (const event of life(ada)) {
        const id = await tell(event);
        queued.length = 0;
        const broken = crashing(d1Till(contextAt(), sources), n);
        await takeUp(broken.till, id).catch((thrown: unknown) => {
          if (!(thrown instanceof Crash)) throw thrown;
        });
        if (broken.reached()) {
          more = true;
          struck++;
        }
        queued.push(id);
        await work();
        expect((await standing(id)).state).toBe('applied');
      }
      expect(await end(ada), `crash after effect ${n}`).toEqual(expected);
    }
    expect(struck).toBeGreaterThan(25);
  });
});

describe('the ledger', () => {
  it.each(['before', 'after'] as const)(
    'that does not answer, having failed %s it committed, is asked again by the same key',
    async (when) => {
      const ada = await member();
      const bought = fact({ customerRefs: named(ada) });
      const take = async (id: PaymentEventId, over = {}) => takeUp(d1Till(contextAt(NOON, over), sources), id);
      const id = await tell(bought);
      expect(await take(id, { LEDGER_0: failing(bindings.LEDGER_0, when, 99) })).toBe('later');
      expect(await standing(id)).toMatchObject({ state: 'stored' });
      expect(await events(ada)).toEqual([]);
      expect(await take(id)).toBe('applied');
      const refund = await tell({ ...bought, sourceEventId: crypto.randomUUID(), kind: 'refund', storeRefundId: `re_${id}` });
      expect(await take(refund, { LEDGER_0: failing(bindings.LEDGER_0, when, 99) })).toBe('later');
      expect(await take(refund)).toBe('applied');
      expect(await purse(ada)).toEqual({ has: 0, owes: 0 });
      expect(await events(ada)).toEqual(['payment.applied', 'payment.refunded']);
    },
  );
});

describe('a subscription', () => {
  const plan = (ada: Owner, ref: string, over: Partial<PaymentEvent> = {}) =>
    fact({
      storeTransactionId: `in_${crypto.randomUUID()}`,
      storeSubscriptionId: ref,
      productRef: 'plus-month',
      customerRefs: named(ada),
      period: { from: NOON, until: NOON + 30 * DAY },
      ...over,
    });
  const counts = (ada: Owner, at = NOON + DAY) => subscriptionOf(contextAt(), ada.userId, at);

  it('at two stores: the better plan counts while it is in force, then the other', async () => {
    const ada = await member({ version: 'subscription' });
    await happen(plan(ada, crypto.randomUUID(), { period: { from: NOON, until: NOON + 60 * DAY } }));
    await happen(plan(ada, crypto.randomUUID(), { source: 'apple', store: 'apple', productRef: 'premium-month' }));
    expect([await counts(ada), await counts(ada, NOON + 31 * DAY), await counts(ada, NOON + 61 * DAY)]).toMatchObject([
      { plan: 'premium' },
      { plan: 'plus', state: 'active' },
      { plan: expect.any(String) },
    ]);
  });

  it('ends where its payment is given back, and words of one nobody is known for follow its first known one', async () => {
    const [ada, ref] = [await member({ version: 'subscription' }), crypto.randomUUID()];
    const first = plan(ada, ref);
    const early = await happen({
      ...first,
      kind: 'cancellation',
      storeTransactionId: null,
      customerRefs: [],
      sourceEventId: ref,
      occurredAt: NOON + 5,
    });
    expect(await standing(early)).toMatchObject({ state: 'pending' });
    await happen(first);
    expect(await standing(early)).toMatchObject({ state: 'applied', userId: ada.userId });
    expect(await counts(ada)).toEqual({ plan: 'plus', state: 'cancelled', until: NOON + 30 * DAY });
    await happen({ ...first, kind: 'refund', sourceEventId: crypto.randomUUID(), storeRefundId: `re_${ref}`, customerRefs: [] });
    expect(await counts(ada)).toMatchObject({ state: 'expired' });
    expect(await postings(ada)).toEqual([`subscription:stripe:${first.storeTransactionId}`]);
  });

  it('that begins in the middle of a call is told to the call', async () => {
    const ada = await member({ version: 'subscription' });
    const told: unknown[] = [];
    const stub = (of: object) => ({ getByName: () => of }) as never;
    const hub = stub({ busyWith: async () => 'call_running' });
    const call = stub({ fundsChanged: async (event: unknown) => void told.push(event) });
    const late: Promise<unknown>[] = [];
    const ctx = { ...contextAt(NOON, { USER_HUB: hub, CALL_SESSION: call }), later: (work: Promise<unknown>) => void late.push(work) };
    await happen(plan(ada, crypto.randomUUID()), ctx);
    await Promise.all(late);
    expect(told).toEqual([{ userId: ada.userId }]);
  });

  it('that was folded from fewer words never takes the place of one from more', async () => {
    const [ada, ref] = [await member({ version: 'subscription' }), crypto.randomUUID()];
    const till = d1Till(contextAt(), sources);
    await happen(plan(ada, ref));
    const stale = await till.wordsOf(ada.userId, 'stripe', ref);
    await happen(plan(ada, ref, { kind: 'expiry', storeTransactionId: null, occurredAt: NOON + 5 }));
    await till.putSubscription({
      userId: ada.userId,
      store: 'stripe',
      ref,
      plan: 'plus',
      state: 'active',
      until: NOON + 30 * DAY,
      words: stale.count,
    });
    expect(await counts(ada)).toMatchObject({ state: 'expired' });
  });
});
