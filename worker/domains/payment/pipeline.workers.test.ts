/** The whole way of a payment event, with real databases and ledgers; a made-up source stands for signatures alone. */
import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import { newId } from '../../platform/ids.ts';
import { debit, postOne } from '../balance/service.ts';
import { createUser } from '../user/people.ts';
import { permissionsOf } from '../user/permissions.ts';
import { clearOldDeliveries } from './clearing.ts';
import { consumeDeadPayments } from './consumer.ts';
import { mountPaymentEvents } from './event-routes.ts';
import {
  bindings,
  catchQueue,
  contextAt,
  DAY,
  deliver,
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
import { takeUpLeft } from './receiving.ts';
import { claimForSignUps } from './sign-ups.ts';

beforeAll(stock);
beforeEach(catchQueue);
afterEach(() => void vi.restoreAllMocks());

const ask = appAs(bindings, (app) => mountPaymentEvents(app, sources), NOON);
const admin = async () => {
  const user = await createUser(contextAt(), { email: `${crypto.randomUUID()}@demo.test`, role: 'admin', monetizationVersion: 'tokens' });
  return principal({ userId: user.id, role: 'admin', permissions: permissionsOf('admin') });
};

describe('a purchase', () => {
  it('gives what the catalogue says, once, however often and by whomever it is told', async () => {
    const ada = await member();
    const bought = fact({ source: 'apple', store: 'apple', storeTransactionId: `tx-${crypto.randomUUID()}`, customerRefs: named(ada) });
    const first = await happen(bought);
    for (let again = 0; again < 5; again++) expect(await tell(bought)).toBe(first);
    expect(queued).toEqual([]);
    for (let again = 0; again < 5; again++) queued.push(first);
    await work();
    // Another messenger tells the same transaction of the store.
    const second = await happen({ ...bought, source: 'adapty', sourceEventId: crypto.randomUUID(), occurredAt: NOON + 900 });
    expect([await standing(first), await standing(second)]).toMatchObject([{ state: 'applied' }, { state: 'applied', userId: ada.userId }]);
    expect(await purse(ada)).toEqual({ has: 300, owes: 0 });
    expect(await postings(ada)).toEqual([`purchase:apple:${bought.storeTransactionId}`]);
    expect(await events(ada)).toEqual(['payment.applied']);
  });

  it('of moments lasts 180 days from when it happened, not from when it was told', async () => {
    const ben = await member({ version: 'moments', shard: 1 });
    const occurredAt = NOON - 40 * DAY;
    await happen(fact({ productRef: 'moments-5', customerRefs: named(ben), occurredAt }));
    expect(await purse(ben, 'MOMENT')).toEqual({ has: 5, owes: 0 });
    const lot = await bindings.LEDGER_1.prepare('SELECT expires_at AS at FROM moment_lot WHERE owner = ?').bind(ben.userId).first();
    expect(lot).toEqual({ at: occurredAt + 180 * DAY });
  });

  it('that the person’s model does not spend is theirs all the same, and staff are told', async () => {
    const [tokens, moments] = [await member(), await member({ version: 'moments' })];
    const odd = await happen(fact({ productRef: 'moments-5', customerRefs: named(tokens) }));
    const even = await happen(fact({ customerRefs: named(moments) }));
    expect([await standing(odd), await standing(even)]).toMatchObject([{ note: 'not_spent' }, { note: null }]);
    expect([await purse(tokens, 'MOMENT'), await purse(moments)]).toEqual([
      { has: 5, owes: 0 },
      { has: 300, owes: 0 },
    ]);
  });

  it('of something unknown is dead until the catalogue knows it, and then replayed', async () => {
    const ada = await member();
    const id = await happen(fact({ productRef: 'not-yet', customerRefs: named(ada) }));
    expect(await standing(id)).toMatchObject({ state: 'dead', reason: 'unknown_product' });
    await bindings.DB.prepare(
      `INSERT INTO price (id, product, platform, store, store_ref, currency, amount, active_from, created_at) VALUES (?, 'coins-300', 'web', 'stripe', 'not-yet', 'EUR', 5, 0, 0)`,
    )
      .bind(newId('pri'))
      .run();
    const by = await admin();
    const answer = await ask(by, 'POST', `/admin/payment-events/${id}/replay`);
    expect([answer.status, answer.body.paymentEvent]).toMatchObject([200, { state: 'stored', replays: 1 }]);
    await work();
    expect(await purse(ada)).toEqual({ has: 300, owes: 0 });
    expect((await ask(by, 'POST', `/admin/payment-events/${id}/replay`)).status).toBe(409);
    const audit = await bindings.DB.prepare('SELECT action, actor FROM audit_entry WHERE subject = ?').bind(id).all();
    expect(audit.results).toEqual([{ action: 'payments.replay', actor: by.userId }]);
  });
});

describe('whose it is', () => {
  it('comes out when somebody proves the address it was bought under, once', async () => {
    const email = `late-${crypto.randomUUID()}@demo.test`;
    const refs = [
      { kind: 'email', value: email.toUpperCase() },
      { kind: 'adapty_profile', value: 'profile-of-late' },
    ] as const;
    const id = await happen(fact({ source: 'adapty', store: 'apple', customerRefs: refs }));
    const renamed = await happen(fact({ source: 'adapty', store: 'apple', customerRefs: [refs[1]] }));
    expect([await standing(id), await standing(renamed)]).toMatchObject([{ state: 'pending' }, { state: 'pending', userId: null }]);
    await claimForSignUps(contextAt());
    expect(queued).toEqual([]);
    const user = await createUser(contextAt(), { email, role: 'member', monetizationVersion: 'tokens' });
    const late = { userId: user.id, shard: user.ledgerShard };
    await claimForSignUps(contextAt());
    expect(queued).toEqual([id]);
    await work();
    // The first one said whose profile it is, so that the other one followed.
    expect([await standing(id), await standing(renamed)]).toMatchObject([{ state: 'applied' }, { state: 'applied', userId: user.id }]);
    for (let again = 0; again < 5; again++) {
      queued.push(id, renamed);
      await claimForSignUps(contextAt());
      await work();
    }
    expect(await purse(late)).toEqual({ has: 600, owes: 0 });
  });

  it('is decided once where two claim at the same time', async () => {
    const email = `race-${crypto.randomUUID()}@demo.test`;
    const id = await tell(fact({ customerRefs: [{ kind: 'email', value: email }] }));
    queued.length = 0;
    const both = async () => {
      queued.push(id, id);
      await Promise.all([work(), work()]);
    };
    await both();
    const [user] = await Promise.all([createUser(contextAt(), { email, role: 'member', monetizationVersion: 'tokens' }), both()]);
    await claimForSignUps(contextAt());
    await Promise.all([work(), work(), both()]);
    expect(await standing(id)).toMatchObject({ state: 'applied', userId: user.id });
    expect(await purse({ userId: user.id, shard: user.ledgerShard })).toEqual({ has: 300, owes: 0 });
  });

  it('is nobody’s before somebody looked where its names are two people’s', async () => {
    const [ada, ben] = [await member(), await member()];
    const customer = { kind: 'stripe_customer', value: `cus_${crypto.randomUUID()}` } as const;
    await happen(fact({ customerRefs: [...named(ada), customer] }));
    const both = await happen(fact({ customerRefs: [...named(ben), customer], occurredAt: NOON - 5 }));
    expect(await standing(both)).toMatchObject({ state: 'dead', reason: 'two_owners', userId: null });
    expect([await purse(ada), await purse(ben)]).toEqual([
      { has: 300, owes: 0 },
      { has: 0, owes: 0 },
    ]);
    // Staff give the customer to Ben: from then on it is his, and what was before stays.
    const body = { ...customer, to: ben.userId, reason: 'They married and share a card' };
    expect((await ask(await admin(), 'POST', '/admin/payment-aliases/transfer', body)).status).toBe(200);
    expect((await ask(await admin(), 'POST', '/admin/payment-aliases/transfer', body)).status).toBe(409);
    await happen(fact({ customerRefs: [customer], occurredAt: NOON - 1 }));
    await happen(fact({ customerRefs: [customer], occurredAt: NOON + 1 }));
    expect([await purse(ada), await purse(ben)]).toEqual([
      { has: 600, owes: 0 },
      { has: 300, owes: 0 },
    ]);
    // The one before stays dead, until staff say whose that is too; nobody can say so twice.
    const replayOf = (userId: string) => ({ claimFor: { userId, reason: 'Ben showed the receipt' } });
    const path = `/admin/payment-events/${both}/replay`;
    expect((await ask(await admin(), 'POST', path, {})).status).toBe(200);
    await work();
    expect(await standing(both)).toMatchObject({ state: 'dead', reason: 'two_owners' });
    expect((await ask(await admin(), 'POST', path, replayOf(newId('usr')))).status).toBe(404);
    expect((await ask(await admin(), 'POST', path, replayOf(ben.userId))).status).toBe(200);
    expect((await ask(await admin(), 'POST', path, replayOf(ada.userId))).body.code).toBe('taken');
    await work();
    expect(await standing(both)).toMatchObject({ state: 'applied', userId: ben.userId });
    expect(await purse(ben)).toEqual({ has: 600, owes: 0 });
    const list = await ask(await admin(), 'GET', `/admin/payment-aliases?value=${customer.value}`);
    expect(list.body.items).toMatchObject([
      { userId: ben.userId, reason: body.reason },
      { userId: ada.userId, since: null },
    ]);
  });

  it('is never decided by a device alone, unless the store signed', async () => {
    const ada = await member();
    const device = { kind: 'device', value: crypto.randomUUID() } as const;
    await happen(fact({ customerRefs: [...named(ada), device] }));
    const unsigned = await happen(fact({ customerRefs: [device], signedByStore: false }));
    const signed = await happen(fact({ customerRefs: [device] }));
    expect([await standing(unsigned), await standing(signed)]).toMatchObject([{ state: 'pending' }, { state: 'applied' }]);
  });

  it('an alias and an owner can’t be changed by anybody', async () => {
    const [ada, ben] = [await member(), await member()];
    const customer = { kind: 'stripe_customer', value: `cus_${crypto.randomUUID()}` } as const;
    const id = await happen(fact({ customerRefs: [...named(ada), customer] }));
    const run = (sql: string, ...values: unknown[]) =>
      bindings.DB.prepare(sql)
        .bind(...values)
        .run();
    await expect(run('UPDATE payment_alias SET user_id = ? WHERE value = ?', ben.userId, customer.value)).rejects.toThrow('append_only');
    await expect(run('UPDATE payment_event SET user_id = ? WHERE id = ?', ben.userId, id)).rejects.toThrow('claimed');
    await expect(run('UPDATE payment SET granted = 3000 WHERE event_id = ?', id)).rejects.toThrow('append_only');
    await expect(run("UPDATE payment_delivery SET state = 'stored' WHERE id = ?", id)).rejects.toThrow('applied');
    await expect(
      run(
        `INSERT INTO payment_alias (kind, value, since, user_id, verified_at) VALUES (?, ?, 0, ?, 0)`,
        customer.kind,
        customer.value,
        ben.userId,
      ),
    ).rejects.toThrow('alias_taken');
  });
});

describe('a refund', () => {
  it('told before its purchase waits for it', async () => {
    const ada = await member();
    const bought = fact({ customerRefs: named(ada) });
    const back = { ...bought, kind: 'refund', sourceEventId: crypto.randomUUID(), customerRefs: [] } as const;
    const refund = await happen({ ...back, storeRefundId: `re_${crypto.randomUUID()}` });
    expect(await standing(refund)).toMatchObject({ state: 'waiting' });
    await happen(bought);
    expect(await standing(refund)).toMatchObject({ state: 'applied', userId: ada.userId });
    expect(await purse(ada)).toEqual({ has: 0, owes: 0 });
    expect(await events(ada)).toEqual(['payment.applied', 'payment.refunded']);
  });

  it('of part of it takes that part, and never more than there was', async () => {
    const ada = await member();
    const bought = fact({ customerRefs: named(ada) });
    await happen(bought);
    const back = (amount: number) =>
      happen({
        ...bought,
        kind: 'refund',
        sourceEventId: crypto.randomUUID(),
        storeRefundId: `re_${crypto.randomUUID()}`,
        money: { amount, currency: 'EUR' },
      });
    await back(333);
    expect(await purse(ada)).toEqual({ has: 200, owes: 0 });
    await back(333);
    await back(333);
    expect(await purse(ada)).toEqual({ has: 0, owes: 0 });
    await back(500);
    expect(await purse(ada)).toEqual({ has: 0, owes: 0 });
  });

  it('of what was spent becomes a debt, which the next purchase settles; a dispute that was won gives it back', async () => {
    const ada = await member();
    const [first, second] = [fact({ customerRefs: named(ada) }), fact({ customerRefs: named(ada) })];
    await happen(first);
    const spent = {
      key: `call:${crypto.randomUUID()}:payer:0`,
      kind: 'checkpoint',
      ref: 'x',
      actor: 'system',
      eventAt: NOON,
      intent: {},
    } as const;
    await postOne(contextAt(), { ...spent, owner: ada, moves: [debit(ada, 'COIN', 'revenue', 250)] });
    const dispute = {
      ...first,
      sourceEventId: crypto.randomUUID(),
      kind: 'chargeback',
      storeRefundId: `dp_${crypto.randomUUID()}`,
    } as const;
    await happen(dispute);
    expect(await purse(ada)).toEqual({ has: 0, owes: 250 });
    await happen(second);
    expect(await purse(ada)).toEqual({ has: 50, owes: 0 });
    await happen({ ...dispute, sourceEventId: crypto.randomUUID(), kind: 'refund_reversal' });
    expect(await purse(ada)).toEqual({ has: 350, owes: 0 });
    const own = await ask(principal({ userId: ada.userId }), 'GET', '/me/purchases');
    expect(own.body.items).toMatchObject([{ state: 'paid' }, { state: 'paid' }]);
  });
});

describe('what comes in', () => {
  const post = (body: string) => ask(undefined, 'POST', '/webhooks/stripe', new TextEncoder().encode(body));

  it('is answered by what it is: a check, a stranger, a source that is off, a delivery', async () => {
    expect([await post('check'), await post('stranger')]).toMatchObject([{ status: 200, body: { checked: true } }, { status: 403 }]);
    expect((await ask(undefined, 'POST', '/webhooks/apphud', new Uint8Array(2))).status).toBe(404);
    expect((await ask(undefined, 'POST', '/webhooks/sendgrid', new Uint8Array(2))).status).toBe(404);
    const body = JSON.stringify(fact());
    expect([(await post(body)).status, (await post(body)).status]).toEqual([200, 200]);
    expect(queued).toHaveLength(1);
  });

  it('is kept while the queue is away, and taken up by the job', async () => {
    const ada = await member();
    vi.restoreAllMocks();
    const queue = Object.getPrototypeOf(bindings.WEBHOOKS) as Queue;
    vi.spyOn(queue, 'sendBatch').mockRejectedValue(new Error('the queue is away'));
    expect((await post(JSON.stringify(fact({ customerRefs: named(ada) })))).status).toBe(200);
    vi.restoreAllMocks();
    catchQueue();
    await takeUpLeft(contextAt(NOON + 60_000));
    expect(queued).toEqual([]);
    await takeUpLeft(contextAt(NOON + 6 * 60_000));
    await work();
    expect(await purse(ada)).toEqual({ has: 300, owes: 0 });
    await takeUpLeft(contextAt(NOON + 60 * 60_000));
    expect(queued).toEqual([]);
  });

  it('that says nothing, or can’t be read, is put aside with the reason', async () => {
    const kept = async (body: object) => {
      const received = await deliver('stripe', { sourceEventId: crypto.randomUUID(), ...body });
      if (received.outcome !== 'kept') throw new Error(received.outcome);
      await work();
      return standing(received.id);
    };
    expect(await kept({ outcome: 'nothing', why: 'a test' })).toMatchObject({ state: 'nothing', reason: 'a test' });
    expect(await kept({ outcome: 'unreadable', why: 'no id' })).toMatchObject({ state: 'dead', reason: 'unreadable: no id' });
    expect(await kept(fact({ storeTransactionId: 'x'.repeat(151) }))).toMatchObject({ state: 'dead' });
    expect(await kept(fact({ storeTransactionId: null }))).toMatchObject({ state: 'pending' });
    expect(await kept({ outcome: 'later', why: 'away' })).toMatchObject({ state: 'stored' });
  });

  it('that was given up is dead, and who may look at its bytes stands in the audit for it', async () => {
    const id = await tell(fact());
    queued.length = 0;
    await consumeDeadPayments(contextAt(), { kind: 'payment', id });
    const supervisor = principal({ role: 'supervisor', permissions: permissionsOf('supervisor') });
    const seen = await ask(supervisor, 'GET', `/admin/payment-events/${id}`);
    expect(seen.body).toEqual({ paymentEvent: expect.objectContaining({ state: 'dead', reason: 'gave_up', fact: null }) });
    expect((await ask(supervisor, 'GET', `/admin/payment-events/${id}/raw`)).status).toBe(403);
    const by = await admin();
    expect((await ask(by, 'GET', `/admin/payment-events/${id}/raw`)).body.raw).toContain('sourceEventId');
    const audit = await bindings.DB.prepare('SELECT action, actor FROM audit_entry WHERE subject = ?').bind(id).all();
    expect(audit.results).toEqual([{ action: 'payments.look', actor: by.userId }]);
    const list = await ask(supervisor, 'GET', '/admin/payment-events?state=dead&source=stripe&limit=100');
    expect(list.body.items.map((item: { id: string }) => item.id)).toContain(id);
  });

  it('is kept word for word until its time is over after it had its effect; its hash, names and outcome stay', async () => {
    const ada = await member();
    const bought = fact({ customerRefs: named(ada) });
    const [done, pending] = [await happen(bought), await happen(fact({ customerRefs: [] }))];
    const raw = async (id: string) => (await ask(await admin(), 'GET', `/admin/payment-events/${id}/raw`)).body;
    const before = await raw(done);
    await clearOldDeliveries(contextAt(NOON + 89 * DAY));
    expect(await raw(done)).toEqual(before);
    await clearOldDeliveries(contextAt(NOON + 91 * DAY));
    const hash = createHash('sha256').update(before.raw).digest('hex');
    expect(await raw(done)).toEqual({ ...before, raw: null, rawHash: hash });
    expect((await raw(pending)).raw).toContain('sourceEventId');
    // Told or taken up again, it is still the one that had its effect.
    expect(await tell(bought)).toBe(done);
    queued.push(done);
    await work();
    expect(await standing(done)).toMatchObject({ state: 'applied', userId: ada.userId });
    expect(await purse(ada)).toEqual({ has: 300, owes: 0 });
    const { DB } = bindings;
    const set = (what: string, id: string) => DB.prepare(`UPDATE payment_delivery SET ${what} WHERE id = ?`).bind(id).run();
    const refused = [`raw = '', raw_hash = '${hash}'`, `raw = 'other'`, `raw_hash = '${hash}'`];
    for (const what of refused) await expect(set(what, pending)).rejects.toThrow('append_only');
    for (const what of [`raw = 'other', raw_hash = NULL`, `raw_hash = '${hash.replace(/./g, '0')}'`, `source_event_id = 'x'`])
      await expect(set(what, done)).rejects.toThrow('append_only');
    await expect(set(`raw = ''`, await happen(fact({ customerRefs: named(ada) })))).rejects.toThrow();
  });

  it('from an app is taken up at once, for whoever sent it first', async () => {
    const [ada, ben] = [await member(), await member()];
    const spends = (userId: `usr_${string}`) => principal({ userId, permissions: permissionsOf('member') });
    const wrapped = sources.apple;
    if (!wrapped) throw new Error('apple is made up');
    const transaction = fact({ source: 'apple', store: 'apple' });
    vi.spyOn(wrapped, 'verify').mockImplementation(async (_ctx, { bytes }) => ({
      outcome: 'verified',
      sourceEventId: transaction.sourceEventId,
      raw: atob(JSON.parse(new TextDecoder().decode(bytes)).signedTransaction),
    }));
    const body = { signedTransaction: btoa(JSON.stringify(transaction)) };
    const sent = await ask(spends(ada.userId), 'POST', '/purchases/apple', body);
    expect(sent).toMatchObject({ status: 200, body: { purchase: { state: 'applied' } } });
    expect((await ask(spends(ada.userId), 'POST', '/purchases/apple', body)).body.purchase.id).toBe(sent.body.purchase.id);
    expect(await ask(spends(ben.userId), 'POST', '/purchases/apple', body)).toMatchObject({ status: 409, body: { code: 'taken' } });
    expect([await purse(ada), await purse(ben)]).toEqual([
      { has: 300, owes: 0 },
      { has: 0, owes: 0 },
    ]);
  });
});
