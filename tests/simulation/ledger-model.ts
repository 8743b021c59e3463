/**
 * The ledger as a model (money.md, "The ledger"): what `balance/service` does to D1, in memory and with nothing but the
 * rules; in which ways a checkpoint is to be paid it is told. `differential.workers.test.ts` runs the same operations on both and compares every answer.
 *
 * A house account belongs to a shard; an owner account never goes below 0; a debt account never above 0. One batch is
 * all or nothing, and a posting's key is taken once for ever.
 */
import type { MeansUse } from '../../worker/domains/balance/service.ts';
import type { ChargeAnswer, ChargeOrder, DueCheckpoint, PostedCheckpoint } from '../../worker/domains/pricing/port.ts';
import type { Way } from '../../worker/domains/pricing/ways.ts';
import type { PaidBy } from '../../worker/protocol/call/call.ts';
import type { PostingId, UserId } from '../../worker/protocol/ids.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import { MeansModel } from './means-model.ts';

export interface Account {
  /** `usr_…:COIN`, `usr_…:debt:COIN`, `house:revenue:COIN`. */
  readonly name: string;
  readonly unit: Unit;
  /** The lowest it may stand; null for a house account. */
  readonly floor: number | null;
  /** The highest it may stand; null for all but debts. */
  readonly ceiling: number | null;
  balance: number;
}

export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly unit: Unit;
  readonly amount: number;
}

export type PostingKind = Way['kind'] | 'earning' | 'credit' | 'expiry' | 'migration' | 'claw_back' | 'debt_settlement' | 'reversal';

export interface Posting {
  readonly id: PostingId;
  readonly key: string;
  /** What was meant: party, checkpoint, tariff, amount; never the means that paid it. */
  readonly intent: string;
  readonly kind: PostingKind;
  readonly owner: UserId;
  readonly shard: number;
  readonly transfers: readonly Transfer[];
  readonly eventAt: number;
  readonly at: number;
  /** Key of the payee's half, where it has one. */
  readonly pairKey?: string;
  /** The owner's balance of the unit right after it; told again on every repeat. */
  balanceAfter: number;
  readonly checkpoint: {
    readonly party: 'payer' | 'payee';
    readonly n: number;
    readonly atSeconds: number;
    /** What was due, whoever paid it. */
    readonly amount: number;
    readonly callId: string;
  } | null;
  /** What is used up beside what moves. */
  readonly use?: MeansUse;
  /** When the moments that come with it expire, ms; 180 days after they came unless it says so. */
  readonly expiresAt?: number;
  /** The lot that expires with it. */
  readonly ref?: string;
}

/** The second half of a fact about two people in two shards, whole, until the other shard has it. */
export interface OutboxRow {
  readonly posting: Posting;
  readonly to: number;
}

export interface Shard {
  readonly index: number;
  readonly accounts: Map<string, Account>;
  readonly postings: Map<string, Posting>;
  /** Every posting in the order it was committed. */
  readonly journal: Posting[];
  readonly outbox: Map<string, OutboxRow>;
  /** How often the house carried somebody on a day: `payer:<id>:<day>`, `payee:…`, `pair:…`. */
  readonly graceUsed: Map<string, number>;
  /** Keys of the checkpoints that were counted there. */
  readonly graceKeys: Set<string>;
  /** Allowances, lots and pieces. */
  readonly means: MeansModel;
}

export type Outcome = 'posted' | 'repeated' | 'conflict' | 'refused';

/** What one payee, and one pair, may cause in grace a day (money.md, "Running out"). */
export const GRACE_PER_PAYEE = 3;
export const GRACE_PER_PAIR = 3;

const DAY = 86_400_000;

export interface GraceUse {
  readonly key: string;
  readonly counters: readonly { readonly counter: string; readonly limit: number }[];
}

export interface Batch {
  readonly postings: readonly Posting[];
  readonly outbox?: OutboxRow;
  readonly grace?: GraceUse;
}

/** What somebody is given or loses, apart from any call. */
interface Given {
  readonly owner: UserId;
  readonly shard: number;
  readonly unit: Unit;
  readonly amount: number;
  readonly now: number;
}

/** Who paid, as the books say it. */
export const paidByOf = ({ kind }: Posting): PaidBy =>
  kind === 'grace' || kind === 'outage' || kind === 'allowance' || kind === 'piece' ? kind : 'coins';

export class LedgerModel {
  readonly shards: Shard[];
  /** Batches that changed something, for progress. */
  batches = 0;
  private ids = 0;

  constructor(shards: number) {
    this.shards = Array.from({ length: shards }, (_, index) => ({
      index,
      accounts: new Map(),
      postings: new Map(),
      journal: [],
      outbox: new Map(),
      graceUsed: new Map(),
      graceKeys: new Set(),
      means: this.newMeans(),
    }));
  }

  newMeans(): MeansModel {
    return new MeansModel();
  }

  shard(index: number): Shard {
    const found = this.shards[index];
    if (found === undefined) throw new Error(`no ledger shard ${index}`);
    return found;
  }

  balance(shard: number, name: string): number {
    return this.shard(shard).accounts.get(name)?.balance ?? 0;
  }

  account(shard: Shard, name: string, unit: Unit): Account {
    let found = shard.accounts.get(name);
    if (found === undefined) {
      const house = name.startsWith('house:');
      const debt = name.includes(':debt:');
      found = { name, unit, floor: house || debt ? null : 0, ceiling: debt ? 0 : null, balance: 0 };
      shard.accounts.set(name, found);
    }
    return found;
  }

  newId(): PostingId {
    this.ids += 1;
    return `pst_${this.ids}`;
  }

  /** Whether the transfers, one after the other, leave every account within its bounds. */
  payable(shard: Shard, transfers: readonly Transfer[]): boolean {
    for (let at = 0; at < transfers.length; at++) {
      const { from, to, unit } = transfers[at] as Transfer;
      for (const name of [from, to]) {
        const account = this.account(shard, name, unit);
        let balance = account.balance;
        for (let earlier = 0; earlier <= at; earlier++) {
          const transfer = transfers[earlier] as Transfer;
          if (transfer.from === name) balance -= transfer.amount;
          if (transfer.to === name) balance += transfer.amount;
        }
        if (account.floor !== null && balance < account.floor) return false;
        if (account.ceiling !== null && balance > account.ceiling) return false;
      }
    }
    return true;
  }

  apply(shard: Shard, posting: Posting): void {
    for (const { from, to, unit, amount } of posting.transfers) {
      this.account(shard, from, unit).balance -= amount;
      this.account(shard, to, unit).balance += amount;
    }
    for (const transfer of posting.transfers) shard.means.moved(posting, transfer);
    if (posting.use) shard.means.consume(posting, posting.use);
    const unit = posting.transfers[0]?.unit ?? 'COIN';
    posting.balanceAfter = shard.accounts.get(`${posting.owner}:${unit}`)?.balance ?? 0;
    shard.postings.set(posting.key, posting);
    shard.journal.push(posting);
  }

  /**
   * One D1 batch: all of it, or nothing. What is in the books already is skipped, and with the first posting whatever
   * hangs on it; the outcome is that of the first.
   */
  commit(shard: Shard, batch: Batch): Outcome {
    const fresh: Posting[] = [];
    for (const posting of batch.postings) {
      const first = shard.postings.get(posting.key);
      if (first === undefined) fresh.push(posting.kind === 'reversal' ? this.asFarAsThere(posting) : posting);
      else if (first.intent !== posting.intent) return 'conflict';
    }
    const leads = fresh[0]?.key === batch.postings[0]?.key;
    if (leads && batch.grace && !this.graceAllows(shard, batch.grace)) return 'refused';
    const transfers = fresh.flatMap((posting) => posting.transfers);
    if (!this.payable(shard, transfers) || !fresh.every((posting) => this.meansAllow(shard, posting))) return 'refused';
    for (const posting of fresh) {
      this.apply(shard, posting);
      this.settleDebt(shard, posting);
    }
    if (leads && batch.grace) this.countGrace(shard, batch.grace);
    if (leads && batch.outbox !== undefined) shard.outbox.set(batch.outbox.posting.key, batch.outbox);
    if (fresh.length > 0) this.batches += 1;
    return leads ? 'posted' : 'repeated';
  }

  /** Whether lots and means have what a posting takes of them. */
  meansAllow({ means }: Shard, posting: Posting): boolean {
    const own = `${posting.owner}:MOMENT`;
    const taken = posting.transfers.reduce((sum, { from, amount }) => sum + (from === own ? amount : 0), 0);
    if (taken > 0 && means.lotRefusal(posting, taken) !== null) return false;
    return posting.use === undefined || means.refusal(posting, posting.use) === null;
  }

  /** A reversal that takes from its owner takes what is there; the rest is owed. Decided when it is posted. */
  asFarAsThere(posting: Posting): Posting {
    const transfers = posting.transfers.flatMap((transfer): Transfer[] => {
      const { from, unit, amount } = transfer;
      if (from !== `${posting.owner}:${unit}`) return [transfer];
      const there = Math.min(this.balance(posting.shard, from), amount);
      const owed = { ...transfer, from: `${posting.owner}:debt:${unit}`, amount: amount - there };
      return [{ ...transfer, amount: there }, owed].filter((part) => part.amount > 0);
    });
    return { ...posting, transfers };
  }

  /** Within the day's limits, or counted before. */
  graceAllows(shard: Shard, use: GraceUse): boolean {
    return shard.graceKeys.has(use.key) || use.counters.every(({ counter, limit }) => (shard.graceUsed.get(counter) ?? 0) < limit);
  }

  countGrace(shard: Shard, use: GraceUse): void {
    if (shard.graceKeys.has(use.key)) return;
    shard.graceKeys.add(use.key);
    for (const { counter } of use.counters) shard.graceUsed.set(counter, (shard.graceUsed.get(counter) ?? 0) + 1);
  }

  /** Pays what fell due at one second by the first of these ways that is not refused. */
  charge(order: ChargeOrder, ways: readonly Way[], now: number): ChargeAnswer | { readonly outcome: 'conflict' } {
    if (order.payerCheckpoint === null) return this.earnAlone(order, now);
    let answer: ReturnType<LedgerModel['attempt']> = { outcome: 'refused', reason: 'insufficient_funds' };
    for (const way of ways) {
      answer = this.attempt(order, order.payerCheckpoint, way, now);
      if (answer.outcome !== 'refused') break;
    }
    return answer;
  }

  /** The payee's checkpoint of a second at which the payer has none. */
  earnAlone(order: ChargeOrder, now: number): ChargeAnswer | { readonly outcome: 'conflict' } {
    if (order.payeeCheckpoint === null) return { outcome: 'posted', items: [] };
    const payee = this.earning(order, order.payeeCheckpoint, now);
    return this.answer(order, this.commit(this.shard(order.payee.shard), { postings: [payee] }), null, now);
  }

  /** One way to pay, in one batch: all of it, or nothing. */
  attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number): ChargeAnswer | { readonly outcome: 'conflict' } {
    const payee = order.payeeCheckpoint === null ? null : this.earning(order, order.payeeCheckpoint, now);
    const alone = this.payment(order, due, way, now);
    const payer = payee === null ? alone : { ...alone, pairKey: payee.key };
    const apart = order.payee.shard !== order.payer.shard;
    const use = way.kind === 'grace' ? this.graceUse(order, payer.key) : null;
    if (use !== null && apart && !this.countForPayee(order, payer.key)) return { outcome: 'refused', reason: 'grace_used_up' };
    const outcome = this.commit(this.shard(order.payer.shard), {
      postings: payee !== null && !apart ? [payer, payee] : [payer],
      ...(payee !== null && apart ? { outbox: { posting: payee, to: order.payee.shard } } : {}),
      ...(use !== null ? { grace: use } : {}),
    });
    return this.answer(order, outcome, way, now);
  }

  /** The payer's shard counts payer and pair, the payee's shard counts the payee; in one shard one row counts all three. */
  graceUse(order: ChargeOrder, key: string): GraceUse {
    const { payer, payee } = order;
    const day = Math.floor(order.eventAt / DAY);
    const counters = [
      { counter: `payer:${payer.userId}:${day}`, limit: order.grace?.perDay ?? 0 },
      { counter: `pair:${payer.userId}:${payee.userId}:${day}`, limit: GRACE_PER_PAIR },
    ];
    if (payee.shard === payer.shard) counters.push({ counter: `payee:${payee.userId}:${day}`, limit: GRACE_PER_PAYEE });
    return { key, counters };
  }

  /** A payee in another shard is counted there first: too early perhaps, never missed. */
  countForPayee(order: ChargeOrder, key: string): boolean {
    const shard = this.shard(order.payee.shard);
    const counter = `payee:${order.payee.userId}:${Math.floor(order.eventAt / DAY)}`;
    const use = { key, counters: [{ counter, limit: GRACE_PER_PAYEE }] };
    if (!this.graceAllows(shard, use)) return false;
    this.countGrace(shard, use);
    return true;
  }

  payment(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number): Posting {
    return {
      id: this.newId(),
      key: `call:${order.callId}:payer:${due.n}`,
      intent: `payer:${due.n}:${order.tariffId}:${due.unit}:${due.amount}`,
      kind: way.kind,
      owner: order.payer.userId,
      shard: order.payer.shard,
      transfers: way.moves.map(({ from, to, unit, amount }) => ({ from, to, unit, amount })),
      ...(way.use ? { use: way.use } : {}),
      eventAt: order.eventAt,
      at: now,
      balanceAfter: 0,
      checkpoint: { party: 'payer', n: due.n, atSeconds: order.atSeconds, amount: due.amount, callId: order.callId },
    };
  }

  earning(order: ChargeOrder, due: DueCheckpoint, now: number): Posting {
    return {
      id: this.newId(),
      key: `call:${order.callId}:payee:${due.n}`,
      intent: `payee:${due.n}:${order.tariffId}:${due.unit}:${due.amount}`,
      kind: 'earning',
      owner: order.payee.userId,
      shard: order.payee.shard,
      transfers: [{ from: `house:earned:${due.unit}`, to: `${order.payee.userId}:${due.unit}`, unit: due.unit, amount: due.amount }],
      eventAt: order.eventAt,
      at: now,
      balanceAfter: 0,
      checkpoint: { party: 'payee', n: due.n, atSeconds: order.atSeconds, amount: due.amount, callId: order.callId },
    };
  }

  /** The first answer, read back from what stands in the books. */
  answer(order: ChargeOrder, outcome: Outcome, way: Way | null, now: number): ChargeAnswer | { readonly outcome: 'conflict' } {
    if (outcome === 'conflict') return { outcome: 'conflict' };
    if (outcome === 'refused') return { outcome: 'refused', reason: way?.kind === 'grace' ? 'grace_used_up' : 'insufficient_funds' };
    const items: PostedCheckpoint[] = [];
    for (const party of ['payer', 'payee'] as const) {
      const due = party === 'payer' ? order.payerCheckpoint : order.payeeCheckpoint;
      if (due === null) continue;
      const owner = party === 'payer' ? order.payer : order.payee;
      const key = `call:${order.callId}:${party}:${due.n}`;
      const here = this.shard(owner.shard).postings.get(key);
      const posting = here ?? this.shard(order.payer.shard).outbox.get(key)?.posting;
      if (posting === undefined) continue;
      const paidBy = party === 'payee' ? 'house' : paidByOf(posting);
      const [taken] = posting.transfers.filter(({ from }) => from.startsWith(`${owner.userId}:`));
      items.push({
        party,
        n: due.n,
        atSeconds: order.atSeconds,
        unit: due.unit,
        amount: due.amount,
        paidBy,
        took: party === 'payer' && taken ? { unit: taken.unit, amount: taken.amount } : null,
        had: party === 'payer' && taken && here ? here.balanceAfter + taken.amount : null,
        // What is still on its way through the outbox has no posting to show yet.
        postingId: here?.id ?? null,
        balance: here?.transfers.some(({ unit }) => unit === due.unit) ? here.balanceAfter : null,
        at: here?.at ?? now,
      });
    }
    return { outcome: 'posted', items };
  }

  /** Coins or moments in: a purchase, a seed, a promotion. */
  credit(of: Given & { key: string; from: string; expiresAt?: number }): Outcome {
    const transfer = { from: `${of.from}:${of.unit}`, to: `${of.owner}:${of.unit}`, unit: of.unit, amount: of.amount };
    const posting = this.simple(of, 'credit', of.key, [transfer]);
    return this.commit(this.shard(of.shard), {
      postings: [of.expiresAt === undefined ? posting : { ...posting, expiresAt: of.expiresAt }],
    });
  }

  /** Takes what is left of every lot whose time is over; returns how many there were. */
  expire(now: number): number {
    let expired = 0;
    for (const shard of this.shards)
      for (const { owner, lot } of shard.means.overdue(now)) {
        const amount = lot.amount - lot.used;
        const move = { from: `${owner}:MOMENT`, to: 'house:revenue:MOMENT', unit: 'MOMENT', amount } as const;
        const of = { owner, shard: shard.index, unit: 'MOMENT', amount, now } as const;
        const posting = { ...this.simple(of, 'expiry', `expiry:${lot.id}`, [move]), eventAt: lot.expiresAt, ref: lot.id };
        if (this.commit(shard, { postings: [posting] }) === 'posted') expired++;
      }
    return expired;
  }

  /** A fact about somebody that moves nothing: from here on they pay by another model. */
  migrate(of: { owner: UserId; shard: number; key: string; now: number }): Outcome {
    return this.commit(this.shard(of.shard), { postings: [this.simple({ ...of, unit: 'COIN', amount: 0 }, 'migration', of.key, [])] });
  }

  /** Whatever is put into a balance settles the debt of its unit first, in a posting of its own in the same batch. */
  settleDebt(shard: Shard, credit: Posting): void {
    const unit = credit.transfers[0]?.unit ?? 'COIN';
    const own = `${credit.owner}:${unit}`;
    if (credit.transfers[0]?.to !== own) return;
    const debt = `${credit.owner}:debt:${unit}`;
    const owed = -(shard.accounts.get(debt)?.balance ?? 0);
    const amount = Math.min(owed, shard.accounts.get(own)?.balance ?? 0);
    if (amount <= 0) return;
    const of = { owner: credit.owner, shard: credit.shard, unit, amount, now: credit.at };
    const settlement = this.simple(of, 'debt_settlement', `debt:${credit.key}`, [{ from: own, to: debt, unit, amount }]);
    this.apply(shard, settlement);
    credit.balanceAfter = settlement.balanceAfter;
  }

  /** Undoes a posting once; undoing what a payer paid undoes what the payee earned by it, posted before if it was on its way. */
  reverse(index: number, posting: Posting, now: number): Outcome {
    const shard = this.shard(index);
    if (posting.kind === 'reversal' || posting.kind === 'debt_settlement') return 'refused';
    const own = this.undoing(posting, now);
    if (posting.pairKey === undefined) return this.commit(shard, { postings: [own] });
    const waiting = shard.outbox.get(posting.pairKey);
    if (waiting) this.commit(this.shard(waiting.to), { postings: [waiting.posting] });
    const pair = this.shards.map(({ postings }) => postings.get(posting.pairKey ?? '')).find((found) => found !== undefined);
    if (pair === undefined) return 'refused';
    const other = this.undoing(pair, now);
    if (pair.shard === index) return this.commit(shard, { postings: [own, other] });
    return this.commit(shard, { postings: [own], outbox: { posting: other, to: pair.shard } });
  }

  /** What was given is taken back as far as it is there, the rest is owed; what was taken, or owed for it, is given. */
  undoing(posting: Posting, now: number): Posting {
    const sums = new Map<string, Transfer>();
    for (const { from, to, unit, amount } of posting.transfers) {
      const back = from === `${posting.owner}:debt:${unit}` ? `${posting.owner}:${unit}` : from;
      const sum = sums.get(to)?.amount ?? 0;
      sums.set(to, { from: to, to: back, unit, amount: sum + amount });
    }
    const of = { owner: posting.owner, shard: posting.shard, unit: 'COIN' as const, amount: 1, now };
    return this.simple(of, 'reversal', `reversal:${posting.id}`, [...sums.values()]);
  }

  /** Takes back what there is; the rest becomes a debt. */
  clawBack(of: Given & { key: string; to: string }): Outcome {
    const shard = this.shard(of.shard);
    const there = Math.min(this.balance(of.shard, `${of.owner}:${of.unit}`), of.amount);
    const to = `${of.to}:${of.unit}`;
    const transfers: Transfer[] = [];
    if (there > 0) transfers.push({ from: `${of.owner}:${of.unit}`, to, unit: of.unit, amount: there });
    if (there < of.amount) transfers.push({ from: `${of.owner}:debt:${of.unit}`, to, unit: of.unit, amount: of.amount - there });
    return this.commit(shard, { postings: [this.simple(of, 'claw_back', of.key, transfers)] });
  }

  simple(of: Given, kind: PostingKind, key: string, transfers: Transfer[]): Posting {
    const intent = `${kind}:${of.owner}:${of.unit}:${of.amount}`;
    return {
      id: this.newId(),
      key,
      intent,
      kind,
      owner: of.owner,
      shard: of.shard,
      transfers,
      eventAt: of.now,
      at: now(of),
      balanceAfter: 0,
      checkpoint: null,
    };
  }

  /** Hands one shard's outbox on; what the other shard has already is only taken off the list. */
  drain(index: number, most = Number.POSITIVE_INFINITY): void {
    const outbox = this.shard(index).outbox;
    for (const [key, row] of outbox) {
      if (most-- <= 0) return;
      this.commit(this.shard(row.to), { postings: [row.posting] });
      outbox.delete(key);
    }
  }
}

const now = (of: { now: number }) => of.now;
