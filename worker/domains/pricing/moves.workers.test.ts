/** Members move between pricing models: nothing is left behind, nothing is done twice, and the books stay whole. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import {
  balanceOfAccount,
  bindings,
  creditFact,
  type Desk,
  desk,
  failing,
  NOON,
  person,
  postingCount,
} from '../balance/ledger-desk.workers.ts';
import { holds, prove } from '../balance/proof.ts';
import { type Owner, post } from '../balance/service.ts';
import { subscribe } from '../subscriptions/service.ts';
import { userById } from '../user/service.ts';
import { moveVersion, previewMove, tellUntold } from './moves.ts';
import type { ChargeOrder } from './port.ts';
import { pricingFor } from './service.ts';

const DAY = 86_400_000;
const staff = person(0).userId;

async function member(version: MonetizationVersion, shard = 0): Promise<Owner> {
  const owner = person(shard);
  await bindings.DB.prepare(`INSERT INTO user (id, role, monetization_version, ledger_shard, created_at) VALUES (?1, 'member', ?2, ?3, ?4)`)
    .bind(owner.userId, version, shard, NOON)
    .run();
  return owner;
}

/** They pay by the model of their row now, as the next call would. */
async function pays(ctx: Desk, payer: Owner, over: Partial<ChargeOrder> = {}): Promise<string> {
  const user = await userById(ctx, payer.userId);
  const model = user && pricingFor(user.monetizationVersion);
  if (!model) throw new Error('nobody is there');
  const order: ChargeOrder = {
    callId: newId('call'),
    payer,
    payee: person(1),
    tariffId: newId('tar'),
    atSeconds: 60,
    coversSeconds: 60,
    media: 'audio',
    payerCheckpoint: { n: 2, unit: 'COIN', amount: 60 },
    payeeCheckpoint: { n: 1, unit: 'EARN', amount: 30 },
    grace: null,
    outage: false,
    eventAt: ctx.now,
    ...over,
  };
  const answer = await model.charge(ctx, order);
  return answer.outcome === 'posted' ? (answer.items.find(({ party }) => party === 'payer')?.paidBy ?? 'nobody') : answer.outcome;
}

const move = (ctx: Desk, owner: Owner, to: MonetizationVersion, idempotencyKey: string = crypto.randomUUID()) =>
  moveVersion(ctx, { userId: owner.userId, to, reason: 'they asked for it', idempotencyKey, actor: staff });

const kindsOf = async (ctx: Desk, owner: Owner, to: MonetizationVersion) =>
  (await previewMove(ctx, owner.userId, to)).after.means.map(({ is }) => is);

/** A hub that says what keeps them busy. */
const calling = (ctx: Desk, callId: string | null): Desk => ({
  ...ctx,
  env: { ...ctx.env, USER_HUB: { getByName: () => ({ busyWith: async () => callId, balanceChanged: async () => {} }) } as never },
});

beforeAll(async () => {
  await bindings.DB.prepare(`UPDATE plan SET daily_seconds = 60, overage = 'stop' WHERE id IN ('free', 'plus')`).run();
});

describe('a member who moves', () => {
  it('keeps spending what they had, through tokens, subscription and moments, while old credits still come', async () => {
    const at = (days: number): Desk => desk({ now: NOON + days * DAY });
    const eva = await member('tokens');
    await post(at(0), [creditFact(eva, 'COIN', 240), creditFact(eva, 'MOMENT', 2)]);
    expect(await pays(at(0), eva)).toBe('coins');

    // What is free stops at its end for who always paid by plan; they brought coins and moments along.
    await move(at(1), eva, 'subscription');
    const underPlan = [];
    for (let n = 0; n < 5; n++) underPlan.push(await pays(at(1), eva));
    expect(underPlan).toEqual(['allowance', 'piece', 'piece', 'coins', 'coins']);

    // Somebody bought a plan before they moved on; and a word of an old purchase of coins comes late.
    await subscribe(at(2), { userId: eva.userId, plan: 'plus', state: 'cancelled', until: NOON + 3 * DAY });
    await move(at(2), eva, 'moments');
    await post(at(2), [creditFact(eva, 'COIN', 60, 'purchase:apple:late'), creditFact(eva, 'MOMENT', 1, 'purchase:apple:pack')]);
    await post(at(2), [creditFact(eva, 'COIN', 60, 'purchase:apple:late')]);
    const underMoments = [];
    for (let n = 0; n < 4; n++) underMoments.push(await pays(at(2), eva));
    expect(underMoments).toEqual(['allowance', 'piece', 'coins', 'coins']);
    // The plan has ended; nothing is left, and nothing was lost.
    expect(await pays(at(4), eva)).toBe('refused');
    const has = async (unit: string) => balanceOfAccount(0, `${eva.userId}:${unit}`);
    expect([await has('COIN'), await has('MOMENT')]).toEqual([0, 0]);

    const proof = await prove(at(4));
    expect(proof.units.every(({ sum, mismatches }) => sum === 0 && mismatches === 0)).toBe(true);
    expect(holds(proof)).toBe(true);
  });

  it('spends moments and a plan that is paid for also by tokens', async () => {
    const eva = await member('moments');
    await post(desk(), [creditFact(eva, 'COIN', 60), creditFact(eva, 'MOMENT', 1)]);
    await subscribe(desk(), { userId: eva.userId, plan: 'plus', state: 'active', until: NOON + 30 * DAY });
    await move(desk(), eva, 'tokens');
    const by = [];
    for (let n = 0; n < 4; n++) by.push(await pays(desk(), eva));
    expect(by).toEqual(['allowance', 'piece', 'coins', 'refused']);
  });

  it('is shown before and after, with the call that goes on by the old model', async () => {
    const eva = await member('tokens');
    await post(desk(), [creditFact(eva, 'MOMENT', 1)]);
    const callId = newId('call');
    const preview = await previewMove(calling(desk(), callId), eva.userId, 'subscription');
    expect(preview).toMatchObject({ from: 'tokens', to: 'subscription', runningCallId: callId, before: { means: [{ is: 'coins' }] } });
    expect(preview.after.means.map(({ is }) => is)).toEqual(['allowance', 'moments', 'coins']);
    expect(await kindsOf(calling(desk(), null), eva, 'moments')).toEqual(['moments', 'coins']);
  });

  it('who never moved pays as their model says, and no more', async () => {
    const ben = await member('subscription');
    await post(desk(), [creditFact(ben, 'COIN', 600)]);
    expect([await pays(desk(), ben), await pays(desk(), ben)]).toEqual(['allowance', 'refused']);
  });
});

describe('a move', () => {
  it('told again is the same move: one row, one posting, one audit entry', async () => {
    const eva = await member('tokens', 1);
    const key = crypto.randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => move(desk(), eva, 'moments', key)));
    expect(new Set(answers.map(({ id, postingId }) => `${id} ${postingId}`)).size).toBe(1);
    expect(await postingCount(1, `migration:${answers[0]?.id}`)).toBe(1);
    const count = await bindings.DB.prepare(`SELECT count(*) AS n FROM audit_entry WHERE action = 'members.move' AND subject = ?1`)
      .bind(eva.userId)
      .first('n');
    expect(count).toBe(1);
    await expect(move(desk(), eva, 'tokens', key)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await expect(move(desk(), eva, 'moments')).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('of two that begin at once from one model one is made', async () => {
    const eva = await member('tokens');
    const answers = await Promise.allSettled([move(desk(), eva, 'moments'), move(desk(), eva, 'subscription')]);
    const made = answers.filter(({ status }) => status === 'fulfilled').length;
    const rows = await bindings.DB.prepare('SELECT from_version, to_version FROM version_move WHERE user_id = ?1 ORDER BY created_at, id')
      .bind(eva.userId)
      .all<{ from_version: string; to_version: string }>();
    // The second may have read the model after the first: then it is a move from there.
    expect(rows.results).toHaveLength(made);
    for (const [n, { from_version }] of rows.results.entries())
      expect(from_version).toBe(n === 0 ? 'tokens' : rows.results[n - 1]?.to_version);
    const stale = { from: 'tokens', to: 'moments' };
    const insert = bindings.DB.prepare(
      `INSERT INTO version_move (id, user_id, from_version, to_version, reason, requested_by, idempotency_key, created_at)
       VALUES (?1, ?2, ?3, ?4, 'x', 'y', ?1, 0)`,
    );
    await expect(insert.bind(newId('mov'), eva.userId, stale.from, stale.to).run()).rejects.toThrow('moved_meanwhile');
  });

  it('whose books do not answer is posted by the job, once', async () => {
    for (const when of ['before', 'after'] as const) {
      const eva = await member('tokens');
      const broken = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, when, 99) } });
      await expect(move(broken, eva, 'moments')).rejects.toMatchObject({ code: 'overloaded' });
      expect((await userById(desk(), eva.userId))?.monetizationVersion).toBe('moments');
      await tellUntold(desk({ now: NOON + 2 * 60_000 }));
      await tellUntold(desk({ now: NOON + 4 * 60_000 }));
      const row = await bindings.DB.prepare('SELECT id, posting_id FROM version_move WHERE user_id = ?1')
        .bind(eva.userId)
        .first<Record<string, string>>();
      expect(row?.posting_id).toMatch(/^pst_/);
      expect(await postingCount(0, `migration:${row?.id}`)).toBe(1);
    }
  });

  it('is never changed or taken back in the table', async () => {
    const eva = await member('tokens');
    const { id } = await move(desk(), eva, 'moments');
    const db = bindings.DB;
    await expect(db.prepare(`UPDATE version_move SET reason = 'other' WHERE id = ?1`).bind(id).run()).rejects.toThrow('append_only');
    await expect(db.prepare('DELETE FROM version_move WHERE id = ?1').bind(id).run()).rejects.toThrow('append_only');
  });
});
