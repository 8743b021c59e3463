/** Bugs in the ledger: what the database must never let through. */
import type { ChargeOrder, DueCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { PaidBy } from '../../../worker/protocol/call/call.ts';
import { LedgerModel, type Posting, type Shard, type Transfer } from '../ledger-model.ts';
import { ledger, type Mutant } from './plant.ts';

type Commit = Parameters<LedgerModel['commit']>;

export const bookMutants: readonly Mutant[] = [
  ledger(
    'keeps no keys',
    class extends LedgerModel {
      override commit(shard: Shard, batch: Commit[1]) {
        for (const { key } of batch.postings) shard.postings.delete(key);
        return super.commit(shard, batch);
      }
    },
  ),
  ledger(
    'has no floor',
    class extends LedgerModel {
      override payable() {
        return true;
      }
    },
  ),
  ledger(
    'has no limit of grace',
    class extends LedgerModel {
      override graceAllows() {
        return true;
      }
    },
  ),
  ledger(
    'counts grace for the payer alone',
    class extends LedgerModel {
      override graceUse(order: ChargeOrder, key: string) {
        const use = super.graceUse(order, key);
        return { ...use, counters: use.counters.filter(({ counter }) => counter.startsWith('payer:')) };
      }
      override countForPayee() {
        return true;
      }
    },
  ),
  ledger(
    'gives without taking',
    class extends LedgerModel {
      override apply(shard: Shard, posting: Posting) {
        super.apply(shard, posting);
        for (const { from, unit, amount } of posting.transfers)
          if (from.startsWith('house:earned')) this.account(shard, from, unit).balance += amount;
      }
    },
  ),
  ledger(
    'moves a balance no transfer knows of',
    class extends LedgerModel {
      override apply(shard: Shard, posting: Posting) {
        super.apply(shard, posting);
        if (posting.checkpoint?.n === 2) this.account(shard, 'house:issuance:COIN', 'COIN').balance += 1;
      }
    },
  ),
  ledger(
    'loses the outbox',
    class extends LedgerModel {
      override commit(shard: Shard, { outbox: _lost, ...batch }: Commit[1]) {
        return super.commit(shard, batch);
      }
    },
  ),
  ledger(
    'never empties the outbox',
    class extends LedgerModel {
      override drain() {}
    },
  ),
  ledger(
    'hands over twice under two keys',
    class extends LedgerModel {
      override drain(index: number) {
        for (const { posting, to } of this.shard(index).outbox.values())
          this.commit(this.shard(to), { postings: [{ ...posting, key: `${posting.key}:again` }] });
        super.drain(index);
      }
    },
  ),
  ledger(
    'posts half a batch',
    class extends LedgerModel {
      override commit(shard: Shard, batch: Commit[1]) {
        const [first] = batch.postings;
        return super.commit(shard, first ? { ...batch, postings: [first] } : batch);
      }
    },
  ),
  ledger(
    'posts the payee where the payer is',
    class extends LedgerModel {
      override charge(order: ChargeOrder, now: number) {
        return super.charge({ ...order, payee: { ...order.payee, shard: order.payer.shard } }, now);
      }
    },
  ),
  ledger(
    'pays the payee of a refused checkpoint',
    class extends LedgerModel {
      override charge(order: ChargeOrder, now: number) {
        const answer = super.charge(order, now);
        if (answer.outcome === 'refused' && order.payeeCheckpoint) super.charge({ ...order, payerCheckpoint: null }, now);
        return answer;
      }
    },
  ),
  ledger(
    'hashes the path into the intent',
    class extends LedgerModel {
      override payment(order: ChargeOrder, due: DueCheckpoint, means: PaidBy, now: number) {
        const posting = super.payment(order, due, means, now);
        return { ...posting, intent: `${posting.intent}:${means}` };
      }
    },
  ),
  ledger(
    'lets the house pay first',
    class extends LedgerModel {
      override means(order: ChargeOrder): PaidBy[] {
        return super.means(order).reverse();
      }
    },
  ),
  ledger(
    'settles no debt',
    class extends LedgerModel {
      override settleDebt() {}
    },
  ),
  ledger(
    'forgives what is not there',
    class extends LedgerModel {
      override clawBack(of: Parameters<LedgerModel['clawBack']>[0]) {
        return super.clawBack({ ...of, amount: Math.max(1, Math.min(of.amount, this.balance(of.shard, `${of.owner}:COIN`))) });
      }
    },
  ),
  ledger(
    'pays in part',
    class extends LedgerModel {
      override payment(order: ChargeOrder, due: DueCheckpoint, means: PaidBy, now: number) {
        const posting = super.payment(order, due, means, now);
        const [transfer] = posting.transfers as [Transfer];
        const there = this.balance(order.payer.shard, transfer.from);
        if (means !== 'coins' || there === 0 || there >= transfer.amount) return posting;
        return { ...posting, transfers: [{ ...transfer, amount: there }] };
      }
    },
  ),
];
