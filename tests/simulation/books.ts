/**
 * The laws of the books, kept by their own arithmetic: each new posting is folded here a second time and compared with
 * what the ledger believes. `fold` does all of it again from nothing.
 */
import type { LedgerModel, Posting } from './ledger-model.ts';
import { hold } from './violation.ts';

interface Page {
  /** How much of the shard's journal has been read. */
  read: number;
  /** Account → balance by our own fold. */
  readonly fold: Map<string, number>;
  /** Unit → sum over the ledger's own balances. */
  readonly sums: Map<string, number>;
  /** Account → the ledger's balance when it was last looked at. */
  readonly seen: Map<string, number>;
}

export class Books {
  private readonly ledger: LedgerModel;
  private readonly pages: Page[];
  private readonly keys = new Map<string, Posting>();

  constructor(ledger: LedgerModel) {
    this.ledger = ledger;
    this.pages = ledger.shards.map(() => ({ read: 0, fold: new Map(), sums: new Map(), seen: new Map() }));
  }

  /** Reads what came since the last time; calls `each` for every new posting before anything is compared. */
  read(each: (posting: Posting) => void): void {
    for (const shard of this.ledger.shards) {
      const page = this.pages[shard.index] as Page;
      if (page.read === shard.journal.length) continue;
      const touched = new Set<string>();
      while (page.read < shard.journal.length) {
        const posting = shard.journal[page.read++] as Posting;
        this.posting(posting, shard.index);
        for (const { from, to, amount } of posting.transfers) {
          page.fold.set(from, (page.fold.get(from) ?? 0) - amount);
          page.fold.set(to, (page.fold.get(to) ?? 0) + amount);
          touched.add(from);
          touched.add(to);
        }
        each(posting);
      }
      for (const name of touched) this.account(shard.index, name, page);
      for (const [unit, sum] of page.sums) hold('sum is zero', sum === 0, () => `shard ${shard.index} ${unit} sums to ${sum}`);
    }
  }

  private posting(posting: Posting, shard: number): void {
    hold('a key is posted once', !this.keys.has(posting.key), () => `${posting.key} twice`);
    this.keys.set(posting.key, posting);
    hold('a posting stands in its owner’s shard', posting.shard === shard, () => `${posting.key} in ${shard}, not ${posting.shard}`);
    for (const { from, to, unit, amount } of posting.transfers) {
      hold('amounts are positive integers', Number.isInteger(amount) && amount > 0, () => `${posting.key}: ${amount}`);
      hold('an account pays itself nothing', from !== to, () => `${posting.key}: ${from}`);
      for (const name of [from, to]) {
        const mine = name.startsWith('house:') || name.startsWith(`${posting.owner}:`);
        hold('one owner a posting', mine, () => `${posting.key} of ${posting.owner} moves ${name}`);
        hold('units never mix', name.endsWith(`:${unit}`), () => `${posting.key}: ${amount} ${unit} on ${name}`);
      }
    }
  }

  private account(shard: number, name: string, page: Page): void {
    const account = this.ledger.shard(shard).accounts.get(name);
    const balance = account?.balance ?? 0;
    const folded = page.fold.get(name) ?? 0;
    hold('balance is the fold of its transfers', balance === folded, () => `${name} stands at ${balance}, folds to ${folded}`);
    if (!name.startsWith('house:')) {
      const debt = name.includes(':debt:');
      hold('no owner below the floor', debt || balance >= 0, () => `${name} at ${balance}`);
      hold('a debt is never above zero', !debt || balance <= 0, () => `${name} at ${balance}`);
    }
    const unit = name.slice(name.lastIndexOf(':') + 1);
    if (!name.startsWith('house:')) {
      const owner = name.slice(0, name.indexOf(':'));
      const has = page.fold.get(`${owner}:${unit}`) ?? 0;
      const owes = page.fold.get(`${owner}:debt:${unit}`) ?? 0;
      hold('who owes has nothing left', has === 0 || owes === 0, () => `${owner} has ${has} and owes ${-owes} ${unit}`);
    }
    page.sums.set(unit, (page.sums.get(unit) ?? 0) + balance - (page.seen.get(name) ?? 0));
    page.seen.set(name, balance);
  }

  /** The posting of a key, wherever it stands. */
  posted(key: string): Posting | undefined {
    return this.keys.get(key);
  }

  /** What an account holds by our own fold. */
  folded(shard: number, name: string): number {
    return this.pages[shard]?.fold.get(name) ?? 0;
  }

  /** Everything again from the first posting. */
  fold(): void {
    const everywhere = new Set<string>();
    for (const shard of this.ledger.shards) {
      const balances = new Map<string, number>();
      for (const posting of shard.journal) {
        hold('a key is posted once', !everywhere.has(posting.key), () => `${posting.key} twice in the journals`);
        everywhere.add(posting.key);
        hold('the books are never edited', this.keys.get(posting.key) === posting, () => `${posting.key} is another posting now`);
        for (const { from, to, amount } of posting.transfers) {
          balances.set(from, (balances.get(from) ?? 0) - amount);
          balances.set(to, (balances.get(to) ?? 0) + amount);
        }
      }
      const sums = new Map<string, number>();
      for (const account of shard.accounts.values()) {
        const folded = balances.get(account.name) ?? 0;
        hold(
          'balance is the fold of its transfers',
          account.balance === folded,
          () => `${account.name}: ${account.balance}, folds to ${folded}`,
        );
        sums.set(account.unit, (sums.get(account.unit) ?? 0) + account.balance);
        balances.delete(account.name);
      }
      for (const [name] of balances) hold('every transfer has its account', false, () => name);
      for (const [unit, sum] of sums) hold('sum is zero', sum === 0, () => `shard ${shard.index} ${unit} sums to ${sum}`);
      hold('the books are never shortened', (this.pages[shard.index]?.read ?? 0) <= shard.journal.length, () => `shard ${shard.index}`);
    }
    for (const key of this.keys.keys()) hold('the books are never shortened', everywhere.has(key), () => `${key} is gone`);
  }
}
