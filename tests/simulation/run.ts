/**
 * `npm run simulate -- --calls N --seed S`: worlds from one seed until N calls have been lived through.
 * A world has its own seed, `S-<number>`, and replays alone: `npm run simulate -- --seed S-12`, with `--trace` line by line.
 * `--payments N` instead of `--calls`: histories of payments (`payments/run.ts`).
 * Exit code 1 on a violation, with the world's seed.
 */
import { parseArgs } from 'node:util';
import { simulatePayments } from './payments/run.ts';
import { Violation } from './violation.ts';
import { type Counts, type Ends, liveThrough, noCounts } from './world.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    trace: { type: 'boolean', default: false },
    payments: { type: 'string' },
  },
});
if (values.payments !== undefined) {
  const histories = Number(values.payments);
  if (!Number.isInteger(histories) || histories < 1) {
    console.error('--payments takes a whole number of histories, at least 1');
    process.exit(2);
  }
  process.exit((await simulatePayments(histories, values.seed)) ? 0 : 1);
}
const wanted = Number(values.calls);
if (!Number.isInteger(wanted) || wanted < 1) {
  console.error('--calls takes a whole number of calls, at least 1');
  process.exit(2);
}

const alone = values.seed.includes('-');
const counts: Counts = noCounts();
const ends: Ends = new Map();
const began = performance.now();
let told = began;
let worlds = 0;

const line = () => {
  const seconds = (performance.now() - began) / 1000;
  const parts = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  return `${parts.join(', ')} in ${worlds.toLocaleString('en')} worlds, ${Math.round(counts.calls / seconds).toLocaleString('en')} calls/s`;
};

while (alone ? worlds === 0 : counts.calls < wanted) {
  const seed = alone ? values.seed : `${values.seed}-${worlds}`;
  try {
    liveThrough(seed, counts, { trace: values.trace ? (text) => console.log(text) : undefined, ends });
  } catch (thrown) {
    const told = thrown instanceof Violation ? thrown.message : thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    console.error(`violation in world ${seed}: ${told}`);
    console.error(`replay: npm run simulate -- --seed ${seed} --trace`);
    console.log(`seed ${values.seed}: ${line()}, 1 violation`);
    process.exit(1);
  }
  worlds += 1;
  if (performance.now() - told > 2_000) {
    told = performance.now();
    console.log(line());
  }
}
console.log(`ends: ${[...ends].map(([reason, count]) => `${reason} ${count.toLocaleString('en')}`).join(', ')}`);
console.log(`seed ${values.seed}: ${line()}, 0 violations`);
