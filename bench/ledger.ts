/** Postings a second against D1 batches of as many plain inserts, and against a double entry on PostgreSQL where it is installed. */
import { statSync } from 'node:fs';
import { HOW_TO_INSTALL, installed, type Programs } from './peers/postgres.ts';
import { type PostgresLedger, type PostgresOrder, startPostgresLedger } from './peers/postgres-ledger.ts';
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
  'plain 2': { workload: 'plain', inserts: [2], count: 80, lanes: 1, postings: 1 },
  'plain 3': { workload: 'plain', inserts: [3], count: 80, lanes: 1, postings: 1 },
  pair: { workload: 'pair', count: 80, lanes: 1, postings: 2 },
  'same statements': { workload: 'same', count: 80, lanes: 1, postings: 2 },
  'plain 4': { workload: 'plain', inserts: [4], count: 80, lanes: 1, postings: 2 },
  'plain 6': { workload: 'plain', inserts: [6], count: 80, lanes: 1, postings: 2 },
  'ten pairs': { workload: 'ten', count: 25, lanes: 1, postings: 20 },
  'plain 40': { workload: 'plain', inserts: [40], count: 25, lanes: 1, postings: 20 },
  'plain 60': { workload: 'plain', inserts: [60], count: 25, lanes: 1, postings: 20 },
  'ten pairs, 8 lanes': { workload: 'ten', count: 48, lanes: 8, postings: 20 },
  'pair, 8 lanes': { workload: 'pair', count: 160, lanes: 8, postings: 2 },
  'hot pair, 8 lanes': { workload: 'hot', count: 160, lanes: 8, postings: 2 },
  'plain 4, 8 lanes': { workload: 'plain', inserts: [4], count: 160, lanes: 8, postings: 2 },
  'plain 6, 8 lanes': { workload: 'plain', inserts: [6], count: 160, lanes: 8, postings: 2 },
  'cross-shard': { workload: 'cross', count: 60, lanes: 1, postings: 2 },
  // The payer's batch also holds the other half, which waits there; the payee's follows, and that it came is written down.
  'plain 4 + 3 + 1': { workload: 'plain', inserts: [4, 3, 1], count: 60, lanes: 1, postings: 2 },
  'pair, owners told': { workload: 'told', count: 60, lanes: 1, postings: 2 },
} as const satisfies Record<string, Contender>;
type Own = keyof typeof contenders;

/** The same work in transactions of PostgreSQL, as many at once on as many connections. */
const others = {
  'PostgreSQL, pair': { count: 80, lanes: 1, pairs: 1 },
  'PostgreSQL, ten pairs': { count: 25, lanes: 1, pairs: 10 },
  'PostgreSQL, pair, 8 lanes': { count: 160, lanes: 8, pairs: 1 },
  'PostgreSQL, hot pair, 8 lanes': { count: 160, lanes: 8, pairs: 1, hot: true },
  'PostgreSQL, ten pairs, 8 lanes': { count: 48, lanes: 8, pairs: 10 },
} as const satisfies Record<string, PostgresOrder>;
type Other = keyof typeof others;

interface Line<Name extends string> {
  readonly name: Name;
  readonly peer: Name;
  readonly what: string;
}

/** What is set beside what, in the order of the report. */
const lines: readonly Line<Own>[] = [
  { name: 'debit', peer: 'plain 2', what: 'one payment a batch, against the 2 rows it inserts as plain inserts' },
  { name: 'debit', peer: 'plain 3', what: '… against 3, as many as it inserted while events were rows of their own' },
  { name: 'credit', peer: 'debit', what: 'one earning a batch (looks for a debt to settle), against one payment' },
  { name: 'pair', peer: 'plain 4', what: 'a pair a batch, against the 4 rows it inserts as plain inserts' },
  { name: 'pair', peer: 'plain 6', what: '… as rows it inserted while events were rows of their own (6)' },
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
const linesWithPostgres: readonly Line<Own | Other>[] = [
  { name: 'pair', peer: 'PostgreSQL, pair', what: 'a pair a batch, against a pair a transaction on PostgreSQL' },
  { name: 'ten pairs', peer: 'PostgreSQL, ten pairs', what: '… ten pairs, against ten' },
  { name: 'pair, 8 lanes', peer: 'PostgreSQL, pair, 8 lanes', what: '… pairs, 8 at once, against 8 connections' },
  { name: 'hot pair, 8 lanes', peer: 'PostgreSQL, hot pair, 8 lanes', what: '… every pair on the same two accounts, 8 at once' },
  { name: 'ten pairs, 8 lanes', peer: 'PostgreSQL, ten pairs, 8 lanes', what: '… ten pairs, 8 at once' },
];
const LANES = Math.max(...Object.values(others).map(({ lanes }) => lanes));

export async function ledger({ runs, folder, say }: Settings): Promise<Report> {
  const turns = runs * TURNS_A_RUN;
  const runtime = await startRuntime(folder, 'ledger');
  const programs = installed();
  let postgres: PostgresLedger | undefined;
  try {
    postgres = programs && (await startPostgresLedger(programs, { logs: folder, lanes: LANES }));
    const own = (name: Own) => (round: number) => {
      if (name === 'debit' && round % TURNS_A_RUN === 0) say(`ledger: round ${round + 1} of ${turns}`);
      const { postings, ...order } = contenders[name];
      return speed(order.count * postings, () => runtime.ask('ledger', order));
    };
    const other = (peer: PostgresLedger, order: PostgresOrder) => () => speed(order.count * order.pairs * 2, () => peer.run(order));
    const rounds = (await interleave(
      {
        ...mapped(contenders, own),
        ...(postgres ? mapped(others, (name) => other(postgres as PostgresLedger, others[name])) : {}),
      } as never,
      { runs: turns, warmUp: 2 },
    )) as Rounds<Own | Other>;
    await postgres?.check();
    return {
      title: 'Ledger',
      method: `${turns} rounds, each contender once a round. A pair is a payer's posting and a payee's: two rows of \`posting\`, two of \`transfer\` with the events they make, four balances moved and checked by triggers, and the answer read back. Plain inserts go one a statement into a table without triggers. Postings (or what stands for them) a second; more is better.`,
      columns: ['', 'ratio of postings a second', 'median, postings/s', 'peer'],
      rows: [...lines, ...(postgres ? linesWithPostgres : [])].map(({ name, peer, what }) => [
        what,
        spread(ratio(rounds, name, peer)),
        figure(median(rounds[name])),
        figure(median(rounds[peer])),
      ]),
      notes: aboutPostgres(programs, postgres, folder),
    };
  } finally {
    await Promise.all([runtime.stop(), postgres?.stop()]);
  }
}

/** Postings a second of a turn. */
async function speed(postings: number, turn: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await turn();
  return (postings * 1000) / (performance.now() - began);
}

const mapped = <Name extends string, Value>(of: Readonly<Record<Name, unknown>>, value: (name: Name) => Value): Record<Name, Value> =>
  Object.fromEntries((Object.keys(of) as Name[]).map((name) => [name, value(name)])) as Record<Name, Value>;

/** What one has to know about the peer: what it is, or why it is not there. */
function aboutPostgres(programs: Programs | undefined, postgres: PostgresLedger | undefined, folder: string): string[] {
  if (!programs || !postgres)
    return [
      `**Not measured: the double entry on PostgreSQL.** No server's programs (\`initdb\`, \`postgres\`) are installed here; ${HOW_TO_INSTALL}.`,
    ];
  const notes = [
    `PostgreSQL ${programs.version}, settings as delivered (fsync on), its books found right after the last round. One call of a function a transaction over a socket; ours goes by a request to the Worker and from there by requests to D1.`,
  ];
  if (statSync(postgres.folder).dev !== statSync(folder).dev)
    notes.push('The two stood on **different file systems**, so waiting for the disk is not the same for both.');
  return notes;
}
