/**
 * The ledger's model against the ledger: the same operations on both, every answer and, in the end, every balance of every
 * account compared. What the simulation proves of the model it proves of the books only as far as these agree.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { bindings, creditFact, type Desk, desk, failing, NOON, person } from '../../worker/domains/balance/ledger-desk.workers.ts';
import { drainOutboxes } from '../../worker/domains/balance/outbox.ts';
import { type Owner, type PostAnswer, postOne, reverse, sourceOf, takeBack } from '../../worker/domains/balance/service.ts';
import { expireLots } from '../../worker/domains/moments/expiry.ts';
import { moveVersion } from '../../worker/domains/pricing/moves.ts';
import type { ChargeAnswer, ChargeOrder } from '../../worker/domains/pricing/port.ts';
import { pricingFor } from '../../worker/domains/pricing/service.ts';
import type { Subscription } from '../../worker/domains/subscriptions/rules.ts';
import { subscribe } from '../../worker/domains/subscriptions/service.ts';
import type { CallId, PostingId, TariffId, UserId } from '../../worker/protocol/ids.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import type { MonetizationVersion } from '../../worker/protocol/people.ts';
import { LedgerModel, type Outcome } from './ledger-model.ts';
import { type Offer, Purse } from './purse.ts';
import { realRules } from './rules.ts';

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
  private readonly purses = new Map<UserId, Purse>();
  private later = 0;
  private lots = 0;

  /** One of each model, two of plans; all of them in the main database, as subscriptions need it. */
  async settle(): Promise<void> {
    for (const [n, owner] of this.people.entries()) {
      const version = versions[n] ?? 'tokens';
      await bindings.DB.prepare(
        `INSERT INTO user (id, role, monetization_version, ledger_shard, created_at) VALUES (?1, 'member', ?2, ?3, 0)`,
      )
        .bind(owner.userId, version, owner.shard)
        .run();
      const purse = new Purse({ owner, rules: realRules, ledger: this.model, offer, version, zone: 'UTC' });
      this.purses.set(owner.userId, purse);
    }
    for (const { id, dailySeconds, dailyMessages, overage } of offer.plans)
      await bindings.DB.prepare('UPDATE plan SET daily_seconds = ?2, daily_messages = ?3, overage = ?4 WHERE id = ?1')
        .bind(id, dailySeconds, dailyMessages, overage)
        .run();
  }

  private purse(owner: Owner): Purse {
    const purse = this.purses.get(owner.userId);
    if (!purse) throw new Error('there is no purse');
    return purse;
  }

  /** How somebody's subscription stands from now on. */
  async subscribe(owner: Owner, subscription: Subscription): Promise<[unknown, unknown]> {
    await subscribe(desk(), { userId: owner.userId, ...subscription });
    this.purse(owner).subscription = subscription;
    return [null, null];
  }

  /** Another model from here on, with all they have. */
  async move(owner: Owner, to: MonetizationVersion, key: string): Promise<[unknown, unknown]> {
    const purse = this.purse(owner);
    if (purse.version === to) return [null, null];
    const order = { userId: owner.userId, to, reason: 'of the test', idempotencyKey: key, actor: owner.userId };
    const { id, postingId } = await moveVersion(desk(), order);
    Object.assign(purse, { version: to, moved: true });
    const posted = await ledgerOf(owner.shard).prepare('SELECT id FROM posting WHERE key = ?1').bind(`migration:${id}`).first('id');
    const outcome = this.model.migrate({ owner: owner.userId, shard: owner.shard, key: `migration:${id}`, now: NOON });
    return [posted === postingId ? 'posted' : posted, outcome];
  }

  /** Tells the books; `weather` is what the databases are like meanwhile. */
  async charge(order: ChargeOrder, weather: Weather): Promise<[unknown, unknown]> {
    const { version } = this.purse(order.payer);
    const real = await pricingFor(version)?.charge(this.deskIn(weather, order), order);
    if (!real) throw new Error('there is no pricing model');
    const pay = () => {
      const due = order.payerCheckpoint;
      return this.model.charge(order, due ? this.purse(order.payer).ways(version, order, due) : [], NOON);
    };
    if (weather === 'gone') return [real, { outcome: 'unknown' }];
    if (weather === 'lost') {
      const done = pay();
      return [essence(real, false), done.outcome === 'posted' ? { outcome: 'unknown' } : essence(done, false)];
    }
    let expected = pay();
    const away = weather === 'payee away';
    if (!away && expected.outcome === 'posted') {
      this.handOver(order);
      expected = pay();
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

  /** Moments that expire, no two lots at one moment, so that it is certain which goes first. */
  async moments(owner: Owner, amount: number, key: string, inMs: number): Promise<[unknown, unknown]> {
    const expiresAt = NOON + inMs + ++this.lots;
    const known = this.model.shard(owner.shard).postings.get(key);
    const answer = await postOne(desk(), { ...creditFact(owner, 'MOMENT', amount, key), metadata: { expiresAt } });
    const given = { owner: owner.userId, shard: owner.shard, unit: 'MOMENT', amount, key, from: 'house:issuance', now: NOON } as const;
    return [outcomeOf(answer), this.model.credit(known ? given : { ...given, expiresAt })];
  }

  /** Lots whose time is over at `at` go. */
  async expire(at: number): Promise<[unknown, unknown]> {
    return [await expireLots(desk({ now: at })), this.model.expire(at)];
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
    // An expiry is named by its lot, which each names in its own way.
    if (!posting || posting.kind === 'reversal' || posting.kind === 'expiry' || posting.key.startsWith('debt:reversal:'))
      return [null, null];
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

  /** Days, lots and pieces as both have them; lots that expire together are one heap. */
  async means(): Promise<[unknown, unknown]> {
    const real: unknown[] = [];
    const expected: unknown[] = [];
    for (const [index, db] of [bindings.LEDGER_0, bindings.LEDGER_1].entries()) {
      const { means } = this.model.shard(index);
      const all = async (sql: string) => real.push((await db.prepare(sql).raw()).map((row) => row.join(' ')));
      await all('SELECT owner, began_at, plan, seconds, messages, seconds_used, messages_used FROM allowance_day ORDER BY owner, began_at');
      await all('SELECT owner, expires_at, sum(amount), sum(used) FROM moment_lot GROUP BY owner, expires_at ORDER BY owner, expires_at');
      await all('SELECT key, owner, peer, parts, used, opened_at, used_at FROM moment_piece ORDER BY key');
      expected.push(
        [...means.days]
          .flatMap(([owner, days]) => days.map((day) => ({ owner, ...day })))
          .sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.beganAt - b.beganAt))
          .map((day) => [day.owner, day.beganAt, day.plan, day.seconds, day.messages, day.secondsUsed, day.messagesUsed].join(' ')),
        [...means.lots]
          .flatMap(([owner, lots]) =>
            [...Map.groupBy(lots, ({ expiresAt }) => expiresAt)].map(([expiresAt, heap]) => ({
              owner,
              expiresAt,
              amount: heap.reduce((sum, { amount }) => sum + amount, 0),
              used: heap.reduce((sum, { used }) => sum + used, 0),
            })),
          )
          .sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.expiresAt - b.expiresAt))
          .map((lot) => [lot.owner, lot.expiresAt, lot.amount, lot.used].join(' ')),
        [...means.pieces.values()]
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .map((piece) => [piece.key, piece.owner, piece.peer, piece.parts, piece.used, piece.openedAt, piece.usedAt].join(' ')),
      );
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

const versions: readonly MonetizationVersion[] = ['tokens', 'subscription', 'moments', 'subscription'];

const offer: Offer = {
  plans: [
    { id: 'free', dailySeconds: 100, dailyMessages: 1, overage: 'stop' },
    { id: 'plus', dailySeconds: 240, dailyMessages: 2, overage: 'coins' },
    { id: 'premium', dailySeconds: 600, dailyMessages: 3, overage: 'coins' },
  ],
  piece: { audioSeconds: 600, videoSeconds: 300, messages: 20, restMs: DAY },
};

const ledgerOf = (shard: number): D1Database => (shard === 0 ? bindings.LEDGER_0 : bindings.LEDGER_1);

describe('the model and the ledger', () => {
  const both = new Both();
  const paid = new Set<string>();
  beforeAll(() => both.settle());
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
        coversSeconds: [20, 40, 60, 150][(call + n) % 4] ?? 60,
        media: (call + n) % 3 === 0 ? 'video' : 'audio',
        atSeconds: n * 20,
        payerCheckpoint: sides === 0 ? null : { n, unit: 'COIN', amount },
        payeeCheckpoint: sides === 1 ? null : { n, unit: 'EARN', amount: 10 + n },
        grace: draw(3) === 0 ? { perDay: 1 + draw(5) } : null,
        outage: draw(8) === 0,
        // Around midnights, and often told out of order.
        eventAt: NOON + (seed * 2 + (n % 2)) * DAY + (call % 3) * (DAY / 2 - 60_000) + n * 20_000,
      };
    }

    const outcomes = new Set<string>();
    for (let n = 0; n < OPERATIONS; n++) {
      const what = draw(30);
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
        if (what < 23) return both.moments(owner(), 1 + draw(3), `moments:${seed}:${draw(20)}`, seed * 2 * DAY + draw(3 * DAY));
        if (what < 25) return both.expire(NOON + seed * 2 * DAY + draw(3 * DAY));
        if (what < 28) {
          const state = (['active', 'active', 'paused', 'cancelled', 'expired'] as const)[draw(5)] ?? 'active';
          const until = NOON + seed * 2 * DAY + draw(4 * DAY);
          return both.subscribe(owner(), { plan: offer.plans[draw(3)]?.id ?? 'free', state, until });
        }
        if (what < 29) return both.move(owner(), versions[draw(3)] ?? 'tokens', `move-${seed}-${n}`);
        return both.drain();
      };
      const [real, expected] = await operation();
      expect(real, `operation ${n} of seed ${seed}`).toEqual(expected);
      const said = JSON.stringify(real);
      outcomes.add(said.replace(/\d+/g, '0'));
      for (const by of ['coins', 'allowance', 'piece']) if (said?.includes(`"paidBy":"${by}"`)) paid.add(by);
    }
    await both.drain();
    const [real, expected] = await both.balances();
    expect(real).toEqual(expected);
    const [has, should] = await both.means();
    expect(has).toEqual(should);
    // A world in which little happens would agree on it too easily.
    expect(outcomes.size).toBeGreaterThan(10);
  });

  it('say so of every means', () => expect(paid).toEqual(new Set(['coins', 'allowance', 'piece'])));
});
