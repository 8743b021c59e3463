import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { UserId } from '../../protocol/ids.ts';
import { readAuditPage } from '../event_log/service.ts';
import { mountPayment } from '../payment/routes.ts';
import { createUser } from '../user/service.ts';
import { decide, finishLeftOpen, orderAdjustment } from './adjustments.ts';
import { bindings, creditFact, desk, failing, NOON } from './ledger-desk.workers.ts';
import { post } from './posting.ts';
import { mountBalance } from './routes.ts';

const ask = appAs(bindings, (app) => {
  mountBalance(app);
  mountPayment(app);
});
const staff = () => principal({ role: 'admin', permissions: new Set(['ledger.adjust', 'ledger.approve', 'ledger.read']) });
const aUser = (role: 'member' | 'companion' = 'member', ledgerShard = 1) =>
  createUser(desk(), { email: `${crypto.randomUUID()}@x.test`, role, monetizationVersion: 'tokens', ledgerShard });
const balance = async (user: { id: UserId; ledgerShard: number; role: 'member' | 'companion' | string }) =>
  (await ask(principal({ userId: user.id, ledgerShard: user.ledgerShard, role: user.role as 'member' }), 'GET', '/me/balance')).body;

const order = (userId: UserId, amount: number, key: string, actor: UserId, ctx = desk()) =>
  orderAdjustment(ctx, { body: { userId, unit: 'COIN', amount, reason: 'a good one' }, idempotencyKey: key, actor });

describe('an adjustment by staff', () => {
  it('[J1] is posted, answered the same again for the same key and body, and audited once', async () => {
    const [user, { userId: actor }] = [await aUser(), staff()];
    const first = await order(user.id, 70, 'k1', actor);
    await order(user.id, 5, 'k2', actor);
    expect(await order(user.id, 70, 'k1', actor)).toEqual(first);
    expect(first).toMatchObject({ adjusted: { balances: [{ unit: 'COIN', amount: 70 }] } });
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 75 }]);
    const { items } = await readAuditPage(desk(), { subject: user.id });
    expect(items.map((item) => [item.action, item.actor, (item.after as { amount: number }).amount])).toEqual([
      ['ledger.adjust', actor, 5],
      ['ledger.adjust', actor, 70],
    ]);
  });

  it('[J2] another body under the same key is a conflict; another person’s same key is another order', async () => {
    const [user, { userId: one }, { userId: two }] = [await aUser(), staff(), staff()];
    await order(user.id, 70, 'k', one);
    await expect(order(user.id, 71, 'k', one)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await order(user.id, 10, 'k', two);
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 80 }]);
  });

  it('[J3] told many times at once happens once', async () => {
    const [user, { userId: actor }] = [await aUser(), staff()];
    const answers = await Promise.all(Array.from({ length: 6 }, () => order(user.id, 70, 'k', actor)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 70 }]);
  });

  it('[J4] that the balance does not have is refused, and refused again under its key', async () => {
    const [user, { userId: actor }] = [await aUser(), staff()];
    await expect(order(user.id, -1, 'k', actor)).rejects.toMatchObject({ code: 'insufficient_funds' });
    await order(user.id, 50, 'other', actor);
    await expect(order(user.id, -1, 'k', actor)).rejects.toMatchObject({ code: 'insufficient_funds' });
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 50 }]);
  });

  it('[J5] whose outcome is unknown is found out under its key, or by the job', async () => {
    const [user, { userId: actor }] = [await aUser(), staff()];
    const away = desk({ env: { LEDGER_1: failing(bindings.LEDGER_1, 'after', 99) } });
    await expect(order(user.id, 70, 'k', actor, away)).rejects.toMatchObject({ code: 'overloaded' });
    expect(await order(user.id, 70, 'k', actor)).toMatchObject({ adjusted: { balances: [{ amount: 70 }] } });
    const gone = desk({ env: { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) } });
    await expect(order(user.id, 7, 'k2', actor, gone)).rejects.toMatchObject({ code: 'overloaded' });
    await finishLeftOpen(desk({ now: NOON + 120_000 }));
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 77 }]);
  });
});

describe('an adjustment above the limit', () => {
  async function waiting(amount = 5_000) {
    const [user, asker, other] = [await aUser(), staff(), staff()];
    const ordered = await order(user.id, amount, 'k', asker.userId);
    if (!('approvalId' in ordered)) throw new Error('should wait');
    return { user, asker, other, id: ordered.approvalId };
  }

  it('[J6] waits for a second person, who is never the first', async () => {
    const { user, asker, other, id } = await waiting();
    expect(await order(user.id, 5_000, 'k', asker.userId)).toEqual({ approvalId: id });
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 0 }]);
    await expect(decide(desk(), { id, approve: true, actor: asker.userId })).rejects.toMatchObject({ code: 'forbidden' });
    await finishLeftOpen(desk({ now: NOON + 999_999 }));
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 0 }]);
    const decision = await decide(desk(), { id, approve: true, actor: other.userId });
    expect(decision).toMatchObject({ state: 'approved', requestedBy: asker.userId, decidedBy: other.userId, amount: 5_000 });
    expect(await decide(desk(), { id, approve: true, actor: other.userId })).toEqual(decision);
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 5_000 }]);
  });

  it('[J7] even the database refuses one person as both', async () => {
    const { asker, id } = await waiting();
    await expect(
      bindings.DB.prepare("UPDATE approval SET state = 'approved', decided_by = ?1, decided_at = 1 WHERE id = ?2")
        .bind(asker.userId, id)
        .run(),
    ).rejects.toThrow(/own_approval/);
  });

  it('[J8] the first word stands', async () => {
    const { user, other, id } = await waiting();
    await decide(desk(), { id, approve: false, actor: other.userId });
    await expect(decide(desk(), { id, approve: true, actor: staff().userId })).rejects.toMatchObject({ code: 'version_conflict' });
    await finishLeftOpen(desk({ now: NOON + 999_999 }));
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 0 }]);
  });

  it('[J9] two who decide at once: one word, and money only if it was yes', async () => {
    const { user, other, id } = await waiting();
    const third = staff();
    const [yes, no] = await Promise.allSettled([
      decide(desk(), { id, approve: true, actor: other.userId }),
      decide(desk(), { id, approve: false, actor: third.userId }),
    ]);
    expect([yes.status, no.status].filter((status) => status === 'fulfilled')).toHaveLength(1);
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: yes.status === 'fulfilled' ? 5_000 : 0 }]);
  });

  it('[J10] approved but not to be had, it waits on and can be approved later', async () => {
    const { user, other, id } = await waiting(-5_000);
    await expect(decide(desk(), { id, approve: true, actor: other.userId })).rejects.toMatchObject({ code: 'insufficient_funds' });
    await post(desk(), [creditFact({ userId: user.id, shard: 1 }, 'COIN', 5_001)]);
    expect(await decide(desk(), { id, approve: true, actor: other.userId })).toMatchObject({ state: 'approved' });
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 1 }]);
  });

  it('[J11] approved and left by a crash, it is finished by the job', async () => {
    const { user, other, id } = await waiting();
    const away = desk({ env: { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) } });
    await expect(decide(away, { id, approve: true, actor: other.userId })).rejects.toMatchObject({ code: 'overloaded' });
    await finishLeftOpen(desk({ now: NOON + 120_000 }));
    await finishLeftOpen(desk({ now: NOON + 240_000 }));
    expect((await balance(user)).balances).toEqual([{ unit: 'COIN', amount: 5_000 }]);
  });
});

describe('the routes', () => {
  it('show a member COIN and a companion EARN from the first day', async () => {
    expect(await balance(await aUser('member', 0))).toEqual({ balances: [{ unit: 'COIN', amount: 0 }], cursor: null });
    expect(await balance(await aUser('companion', 0))).toEqual({ balances: [{ unit: 'EARN', amount: 0 }], cursor: null });
  });

  it('give events with the cursor that the balance names', async () => {
    const user = await aUser();
    const who = principal({ userId: user.id, ledgerShard: 1 });
    await post(desk(), [creditFact({ userId: user.id, shard: 1 }, 'COIN', 5)]);
    const { cursor } = (await ask(who, 'GET', '/me/balance')).body;
    await post(desk(), [creditFact({ userId: user.id, shard: 1 }, 'COIN', 6)]);
    const since = await ask(who, 'GET', `/me/balance/events?after=${cursor}`);
    expect(since.body.items).toMatchObject([{ unit: 'COIN', amount: 6, balanceAfter: 11, kind: 'seed', at: new Date(NOON).toISOString() }]);
    expect((await ask(who, 'GET', `/me/balance/events?after=${since.body.cursor}`)).body).toEqual({ items: [], cursor: since.body.cursor });
    expect((await ask(who, 'GET', '/me/balance/events?after=nonsense')).body.code).toBe('validation_failed');
  });

  it('prove the books for those who may read them', async () => {
    const answer = await ask(staff(), 'GET', '/admin/ledger/proof');
    expect(answer).toMatchObject({ status: 200, body: { seals: { broken: 0 }, pairs: { missing: 0 }, violations: [] } });
    expect(answer.body.units.map((row: { sum: number; mismatches: number }) => [row.sum, row.mismatches])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect((await ask(principal(), 'GET', '/admin/ledger/proof')).status).toBe(403);
  });

  it('want an Idempotency-Key for an adjustment', async () => {
    const user = await aUser();
    const body = { userId: user.id, unit: 'COIN', amount: 5, reason: 'because' };
    expect((await ask(staff(), 'POST', '/admin/adjustments', body)).body.code).toBe('idempotency_key_required');
  });

  it('list approvals, newest first, by state', async () => {
    const [user, asker] = [await aUser(), staff()];
    for (const key of ['a', 'b', 'c']) await order(user.id, 5_000, key, asker.userId);
    const first = await ask(staff(), 'GET', '/admin/approvals?limit=2&state=waiting');
    expect(first.body.items).toHaveLength(2);
    const next = await ask(staff(), 'GET', `/admin/approvals?limit=2&state=waiting&cursor=${first.body.nextCursor}`);
    expect(next.body.items[0].id < first.body.items[1].id).toBe(true);
  });

  it('sell coins on this machine, and settle what is owed first', async () => {
    const user = await aUser();
    const who = principal({ userId: user.id, ledgerShard: 1, permissions: new Set(['wallet.top_up']) });
    const url = 'http://127.0.0.1/wallet/topups';
    const answer = await ask(who, 'POST', url, { amount: 100 });
    expect(answer).toMatchObject({ status: 201, body: { balances: [{ unit: 'COIN', amount: 100 }] } });
    expect(answer.body.purchaseId).toMatch(/^pur_/);
    expect((await ask(who, 'POST', 'http://hearthline.example/wallet/topups', { amount: 100 })).status).toBe(404);
    expect((await ask(who, 'POST', url, { amount: 0 })).body.code).toBe('validation_failed');
    const { items } = (await ask(who, 'GET', '/me/balance/events')).body;
    expect(items).toMatchObject([{ kind: 'purchase', amount: 100, ref: answer.body.purchaseId }]);
  });
});
