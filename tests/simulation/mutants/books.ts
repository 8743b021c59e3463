/** Bugs in the ledger: what the database must never let through. */
import type { ChargeOrder, DueCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { Way } from '../../../worker/domains/pricing/ways.ts';
import { LedgerModel, type Posting, type Shard, type Transfer } from '../ledger-model.ts';
import { realRules } from '../rules.ts';
import { ledger, type Mutant, ruling } from './plant.ts';

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
      override attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        return super.attempt({ ...order, payee: { ...order.payee, shard: order.payer.shard } }, due, way, now);
      }
    },
  ),
  ledger(
    'pays the payee of a refused checkpoint',
    class extends LedgerModel {
      override attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        const answer = super.attempt(order, due, way, now);
        if (answer.outcome === 'refused' && order.payeeCheckpoint) super.earnAlone(order, now);
        return answer;
      }
    },
  ),
  ledger(
    'hashes the path into the intent',
    class extends LedgerModel {
      override payment(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        const posting = super.payment(order, due, way, now);
        return { ...posting, intent: `${posting.intent}:${way.kind}` };
      }
    },
  ),
  ruling('lets the house pay first', {
    waysOf: (order, due, has) => realRules.waysOf(order, due, has).reverse(),
  }),
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
      override payment(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        const posting = super.payment(order, due, way, now);
        const [transfer] = posting.transfers as [Transfer];
        if (way.kind !== 'checkpoint') return posting;
        const there = this.balance(order.payer.shard, transfer.from);
        if (there === 0 || there >= transfer.amount) return posting;
        return { ...posting, transfers: [{ ...transfer, amount: there }] };
      }
    },
  ),
];
