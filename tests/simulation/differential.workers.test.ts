/**
 * The ledger's model against the ledger: the same operations on both, every answer and, in the end, every balance of every
 * account compared. What the simulation proves of the model it proves of the books only as far as these agree.
 */
import { describe, expect, it } from 'vitest';
import { bindings, creditFact, type Desk, desk, failing, NOON, person } from '../../worker/domains/balance/ledger-desk.workers.ts';
import { drainOutboxes } from '../../worker/domains/balance/outbox.ts';
import { type Owner, type PostAnswer, postOne, reverse, sourceOf, takeBack } from '../../worker/domains/balance/service.ts';
import type { ChargeAnswer, ChargeOrder } from '../../worker/domains/pricing/port.ts';
import { pricingFor } from '../../worker/domains/pricing/service.ts';
import type { CallId, PostingId, TariffId } from '../../worker/protocol/ids.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import { LedgerModel, type Outcome } from './ledger-model.ts';

const OPERATIONS = 200;
const DAY = 86_400_000;

/** A small generator, so that a failure is played again by its seed. */
function chance(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * What both must say alike: ids and the moment of posting are each one's own. With the payee's shard `away` the books
 * can't tell whether an earning arrived earlier; the model always can.
 */
function essence(answer: ChargeAnswer | { readonly outcome: 'conflict' }, away: boolean): unknown {
  if (answer.outcome === 'refused' && answer.reason === 'idempotency_conflict') return { outcome: 'conflict' };
  if (answer.outcome !== 'posted') return answer;
  return {
    outcome: 'posted',
    items: answer.items.map(({ at: _at, postingId, ...item }) =>
      away && item.party === 'payee' ? { ...item, balance: null } : { ...item, there: postingId !== null },
    ),
  };
}

const outcomeOf = (answer: PostAnswer): Outcome =>
  answer.outcome === 'posted' ? (answer.posting.replayed ? 'repeated' : 'posted') : answer.outcome === 'conflict' ? 'conflict' : 'refused';

/**
 * What the databases are like during one operation. `lossy`: each fails once, before or after it committed. `gone`: the
 * first owner's never answers; `lost`: it commits and never says so.
 */
type Weather = 'calm' | 'lossy' | 'payee away' | 'gone' | 'lost';

class Both {
  readonly model = new LedgerModel(2);
  readonly people: Owner[] = [person(0), person(1), person(0), person(1)];
  private readonly pricing = pricingFor('tokens');
  private later = 0;

  /** Tells the books; `weather` is what the databases are like meanwhile. */
  async charge(order: ChargeOrder, weather: Weather): Promise<[unknown, unknown]> {
    const real = await this.pricing?.charge(this.deskIn(weather, order), order);
    if (!real) throw new Error('there is no pricing model');
    if (weather === 'gone') return [real, { outcome: 'unknown' }];
    if (weather === 'lost') {
      const done = this.model.charge(order, NOON);
      return [essence(real, false), done.outcome === 'posted' ? { outcome: 'unknown' } : essence(done, false)];
    }
    let expected = this.model.charge(order, NOON);
    const away = weather === 'payee away';
    if (!away && expected.outcome === 'posted') {
      this.handOver(order);
      expected = this.model.charge(order, NOON);
    }
    return [essence(real, away), essence(expected, away)];
  }

  /** The other shard has its half before the answer is given; the model leaves it in the outbox. */
  private handOver({ callId, payer, payeeCheckpoint }: ChargeOrder): void {
    const { outbox } = this.model.shard(payer.shard);
    const row = outbox.get(`call:${callId}:payee:${payeeCheckpoint?.n}`);
    if (!row) return;
    this.model.commit(this.model.shard(row.to), { postings: [row.posting] });
    outbox.delete(row.posting.key);
  }

  async credit(owner: Owner, unit: Unit, amount: number, key: string): Promise<[unknown, unknown]> {
    const answer = await postOne(desk(), creditFact(owner, unit, amount, key));
    const from = `house:${sourceOf(unit)}`;
    return [outcomeOf(answer), this.model.credit({ owner: owner.userId, shard: owner.shard, unit, amount, key, from, now: NOON })];
  }

  async clawBack(owner: Owner, unit: Unit, amount: number, key: string): Promise<[unknown, unknown]> {
    const to = sourceOf(unit);
    const more = { key, kind: 'claw_back', to, ref: key, actor: 'system', eventAt: NOON } as const;
    const answer = await takeBack(desk(), { owner, unit, amount, ...more });
    const of = { owner: owner.userId, shard: owner.shard, unit, amount, key, to: `house:${to}`, now: NOON };
    return [outcomeOf(answer), this.model.clawBack(of)];
  }

  /** Undoes any posting there is, of either kind, once or again. */
  async reverse(pick: number): Promise<[unknown, unknown]> {
    const all = this.model.shards.flatMap(({ journal }) => journal);
    const posting = all[pick % all.length];
    if (!posting || posting.kind === 'reversal' || posting.key.startsWith('debt:reversal:')) return [null, null];
    const row = await ledgerOf(posting.shard).prepare('SELECT id FROM posting WHERE key = ?1').bind(posting.key).first<{ id: PostingId }>();
    if (!row) return [`${posting.key} is missing`, null];
    const answer = await reverse(desk(), { postingId: row.id, shard: posting.shard, actor: 'system' });
    const outcome = this.model.reverse(posting.shard, posting, NOON);
    const second = this.model.shard(posting.shard).outbox.get(`reversal:${this.pairOf(posting.pairKey)}`);
    if (second) {
      this.model.commit(this.model.shard(second.to), { postings: [second.posting] });
      this.model.shard(posting.shard).outbox.delete(second.posting.key);
    }
    const said = answer.outcome === 'posted' ? (answer.first.replayed ? 'repeated' : 'posted') : 'refused';
    return [said, outcome];
  }

  private pairOf(key: string | undefined): string | undefined {
    return this.model.shards.map(({ postings }) => postings.get(key ?? '')?.id).find((id) => id !== undefined);
  }

  async drain(): Promise<[unknown, unknown]> {
    this.later += 60_000;
    const { failed } = await drainOutboxes(desk({ now: NOON + this.later }));
    for (const shard of this.model.shards) this.model.drain(shard.index);
    return [failed, 0];
  }

  /** Every account that either knows, by shard. */
  async balances(): Promise<[unknown, unknown]> {
    const real: Record<string, number> = {};
    const expected: Record<string, number> = {};
    for (const [index, db] of [bindings.LEDGER_0, bindings.LEDGER_1].entries()) {
      const { results } = await db.prepare('SELECT id, balance FROM account WHERE balance <> 0').all<{ id: string; balance: number }>();
      for (const { id, balance } of results) real[`${index} ${id}`] = balance;
      for (const { name, balance } of this.model.shard(index).accounts.values()) if (balance !== 0) expected[`${index} ${name}`] = balance;
    }
    return [real, expected];
  }

  private deskIn(weather: Weather, { payer, payee, payerCheckpoint }: ChargeOrder): Desk {
    const leads = payerCheckpoint === null ? payee.shard : payer.shard;
    const broken = (shard: number, when: 'before' | 'after') => desk({ env: { [`LEDGER_${shard}`]: failing(ledgerOf(shard), when, 99) } });
    if (weather === 'calm') return desk();
    if (weather === 'payee away') return broken(payee.shard, 'before');
    if (weather === 'gone') return broken(leads, 'before');
    if (weather === 'lost') return broken(leads, 'after');
    return desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, 'after', 1), LEDGER_1: failing(bindings.LEDGER_1, 'before', 1) } });
  }
}

const ledgerOf = (shard: number): D1Database => (shard === 0 ? bindings.LEDGER_0 : bindings.LEDGER_1);

describe('the model and the ledger', () => {
  const both = new Both();
  const tariffId = 'tar_differential' as TariffId;

  it.each([1, 2, 3, 4, 5, 6])('say the same of everything, seed %i', async (seed) => {
    const draw = chance(seed);
    const owner = () => both.people[draw(both.people.length)] as Owner;

    /** One of few calls, so that keys come again and again; now and then with another amount. */
    function order(): ChargeOrder {
      const call = draw(12);
      const n = draw(6);
      const sides = (call + n) % 5;
      const payer = both.people[call % 4] as Owner;
      const payee = both.people[(call + (call < 8 ? 1 : 2)) % 4] as Owner;
      const amount = 20 + n + (draw(25) === 0 ? 1 : 0);
      return {
        callId: `call_${seed}_${call}` as CallId,
        payer,
        payee,
        tariffId,
        coversSeconds: 60,
        media: 'audio',
        atSeconds: n * 20,
        payerCheckpoint: sides === 0 ? null : { n, unit: 'COIN', amount },
        payeeCheckpoint: sides === 1 ? null : { n, unit: 'EARN', amount: 10 + n },
        grace: draw(3) === 0 ? { perDay: 1 + draw(5) } : null,
        outage: draw(8) === 0,
        eventAt: NOON + (seed * 2 + (n % 2)) * DAY,
      };
    }

    const outcomes = new Set<string>();
    for (let n = 0; n < OPERATIONS; n++) {
      const what = draw(22);
      const weather = draw(7);
      const operation = async (): Promise<[unknown, unknown]> => {
        if (what < 13) {
          const due = order();
          const away = weather === 0 && due.payerCheckpoint !== null && due.payee.shard !== due.payer.shard;
          if (weather === 2 && (due.payerCheckpoint ?? due.payeeCheckpoint) !== null)
            return both.charge(due, draw(2) === 0 ? 'gone' : 'lost');
          return both.charge(due, away ? 'payee away' : weather === 1 ? 'lossy' : 'calm');
        }
        if (what < 16) return both.credit(owner(), draw(3) === 0 ? 'EARN' : 'COIN', 1 + draw(40), `seed:${seed}:${draw(30)}`);
        if (what < 18) return both.clawBack(owner(), draw(2) === 0 ? 'EARN' : 'COIN', 1 + draw(60), `refund:sandbox:${seed}:${draw(15)}`);
        if (what < 20) return both.reverse(draw(1_000));
        return both.drain();
      };
      const [real, expected] = await operation();
      expect(real, `operation ${n} of seed ${seed}`).toEqual(expected);
      outcomes.add(JSON.stringify(real).replace(/\d+/g, '0'));
    }
    await both.drain();
    const [real, expected] = await both.balances();
    expect(real).toEqual(expected);
    // A world in which little happens would agree on it too easily.
    expect(outcomes.size).toBeGreaterThan(10);
  });
});
