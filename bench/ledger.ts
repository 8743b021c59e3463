/** Postings a second against D1 batches of as many plain inserts. */
import { figure, type Report, type Settings, spread } from './report.ts';
import type { LedgerOrder } from './runtime/ledger.ts';
import { startRuntime } from './runtime/start.ts';
import { interleave, median, type Rounds, ratio } from './statistics.ts';

interface Contender extends LedgerOrder {
  /** Postings of one turn of the workload (plain inserts count as the postings they stand for). */
  readonly postings: number;
}

/** Each turn is short and there are many, so that a noise of seconds falls on all alike. */
const TURNS_A_RUN = 4;

const contenders = {
  debit: { workload: 'debit', count: 80, lanes: 1, postings: 1 },
  credit: { workload: 'credit', count: 80, lanes: 1, postings: 1 },
  'plain 3': { workload: 'plain', inserts: [3], count: 80, lanes: 1, postings: 1 },
  pair: { workload: 'pair', count: 80, lanes: 1, postings: 2 },
  'same statements': { workload: 'same', count: 80, lanes: 1, postings: 2 },
  'plain 4': { workload: 'plain', inserts: [4], count: 80, lanes: 1, postings: 2 },
  'plain 6': { workload: 'plain', inserts: [6], count: 80, lanes: 1, postings: 2 },
  'ten pairs': { workload: 'ten', count: 25, lanes: 1, postings: 20 },
  'plain 40': { workload: 'plain', inserts: [40], count: 25, lanes: 1, postings: 20 },
  'plain 60': { workload: 'plain', inserts: [60], count: 25, lanes: 1, postings: 20 },
  'pair, 8 lanes': { workload: 'pair', count: 160, lanes: 8, postings: 2 },
  'hot pair, 8 lanes': { workload: 'hot', count: 160, lanes: 8, postings: 2 },
  'plain 4, 8 lanes': { workload: 'plain', inserts: [4], count: 160, lanes: 8, postings: 2 },
  'plain 6, 8 lanes': { workload: 'plain', inserts: [6], count: 160, lanes: 8, postings: 2 },
  'cross-shard': { workload: 'cross', count: 60, lanes: 1, postings: 2 },
  // The payer's batch also holds the other half, which waits there; the payee's follows, and that it came is written down.
  'plain 4 + 3 + 1': { workload: 'plain', inserts: [4, 3, 1], count: 60, lanes: 1, postings: 2 },
  'pair, owners told': { workload: 'told', count: 60, lanes: 1, postings: 2 },
} as const satisfies Record<string, Contender>;
type Name = keyof typeof contenders;

/** What is set beside what, in the order of the report. */
const lines: readonly { name: Name; peer: Name; what: string }[] = [
  { name: 'debit', peer: 'plain 3', what: 'one payment a batch, against the 3 rows it inserts as plain inserts' },
  { name: 'credit', peer: 'debit', what: 'one earning a batch (looks for a debt to settle), against one payment' },
  { name: 'pair', peer: 'plain 4', what: 'a pair a batch, against as many plain inserts as postings and transfers (4)' },
  { name: 'pair', peer: 'plain 6', what: '… as rows it inserts, balance events among them (6)' },
  { name: 'same statements', peer: 'plain 6', what: '… its bare statements, without the service, against 6' },
  { name: 'ten pairs', peer: 'plain 40', what: 'ten pairs a batch, against 40 plain inserts a batch' },
  { name: 'ten pairs', peer: 'plain 60', what: '… against 60' },
  { name: 'ten pairs', peer: 'pair', what: '… against a pair a batch' },
  { name: 'pair, 8 lanes', peer: 'plain 4, 8 lanes', what: 'pairs, 8 batches at once, against 4 plain inserts, 8 at once' },
  { name: 'pair, 8 lanes', peer: 'plain 6, 8 lanes', what: '… against 6' },
  { name: 'hot pair, 8 lanes', peer: 'pair, 8 lanes', what: 'every pair on the same two accounts, against pairs on 64 of each' },
  { name: 'cross-shard', peer: 'plain 4 + 3 + 1', what: 'a pair across two shards, against as many batches of as many plain inserts' },
  { name: 'cross-shard', peer: 'pair', what: '… against a pair in one shard' },
  { name: 'pair, owners told', peer: 'pair', what: 'a pair with both owners’ hubs told, against a pair alone' },
];

export async function ledger({ runs, folder, say }: Settings): Promise<Report> {
  const turns = runs * TURNS_A_RUN;
  const runtime = await startRuntime(folder, 'ledger');
  try {
    const speed = (name: Name) => async (round: number) => {
      if (name === 'debit' && round % TURNS_A_RUN === 0) say(`ledger: round ${round + 1} of ${turns}`);
      const { postings, ...order } = contenders[name];
      const began = performance.now();
      await runtime.ask('ledger', order);
      return (order.count * postings * 1000) / (performance.now() - began);
    };
    const names = Object.keys(contenders) as Name[];
    const rounds = (await interleave(Object.fromEntries(names.map((name) => [name, speed(name)])) as never, {
      runs: turns,
      warmUp: 2,
    })) as Rounds<Name>;
    return {
      title: 'Ledger',
      method: `${turns} rounds, each contender once a round. A pair is a payer's posting and a payee's: two rows of \`posting\`, two of \`transfer\`, two of \`balance_event\` by triggers, four balances moved and checked, and the answer read back. Plain inserts go one a statement into a table without triggers. Postings (or what stands for them) a second; more is better.`,
      columns: ['', 'ratio of postings a second', 'median, postings/s', 'peer'],
      rows: lines.map(({ name, peer, what }) => [
        what,
        spread(ratio(rounds, name, peer)),
        figure(median(rounds[name])),
        figure(median(rounds[peer])),
      ]),
    };
  } finally {
    await runtime.stop();
  }
}
