/**
 * `npm run bench`: how fast, how late and how dear, each against a limit or a peer in the same run (docs/benchmarks.md).
 * Reports; never judges. `--only name,name`, `--runs N` rounds, `--calls N` at once for lateness, `--people N` told in fanout, `--minutes N` of the
 * call whose cost is counted, `--keep` the folder.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stopAll } from '../scripts/stack/processes.ts';
import { chat } from './chat.ts';
import { cost } from './cost.ts';
import { fanout } from './fanout.ts';
import { growth } from './growth.ts';
import { lateness } from './lateness.ts';
import { ledger } from './ledger.ts';
import { endClusters } from './peers/postgres.ts';
import { markdown, type Report, type Settings } from './report.ts';
import { ring } from './ring.ts';
import { bundle, stopRuntimes } from './runtime/start.ts';
import { webhooks } from './webhooks.ts';

const benchmarks: Readonly<Record<string, (settings: Settings) => Promise<Report | readonly Report[]>>> = {
  ring,
  ledger,
  lateness,
  growth,
  cost,
  chat,
  fanout,
  webhooks,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '5' },
    calls: { type: 'string', default: '1000' },
    people: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '18' },
    keep: { type: 'boolean' },
  },
});

function whole(name: 'runs' | 'calls' | 'people' | 'minutes'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name} must be a whole number from 1.`);
  process.exit(2);
}

const chosen = values.only?.split(',') ?? Object.keys(benchmarks);
for (const name of chosen)
  if (!benchmarks[name]) {
    console.error(`There is no benchmark ${name}; there are ${Object.keys(benchmarks).join(', ')}.`);
    process.exit(2);
  }

const folder = `.hearthline-bench/${process.pid}`;
const began = performance.now();
const say = (line: string): void => console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`);
const settings: Settings = { runs: whole('runs'), calls: whole('calls'), people: whole('people'), minutes: whole('minutes'), folder, say };

let ending = false;

async function end(code: number): Promise<void> {
  // What is under way fails when its runtime goes, and would come here again.
  if (ending) return;
  ending = true;
  // A database server is asked before it is killed, so that nothing of it stays in the machine's memory.
  endClusters();
  await Promise.all([stopAll(), stopRuntimes()]);
  if (!values.keep) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(130));

try {
  mkdirSync(folder, { recursive: true });
  await bundle(folder);
  say('bundled');
  for (const name of chosen) {
    for (const report of [(await benchmarks[name]?.(settings)) ?? []].flat()) console.log(`\n${markdown(report)}\n`);
  }
  await end(0);
} catch (thrown) {
  console.error((thrown as Error).stack ?? thrown);
  await end(1);
}
