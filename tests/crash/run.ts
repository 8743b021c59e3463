/**
 * `npm run crash -- --runs N [--seed S]`: kills the runtime in the middle of calls, starts it again on the same storage,
 * and checks that nothing was lost, charged twice or charged for time that nobody proved. `--chat`: in the middle of
 * conversations instead (chat/main.ts), `--notify`: while people are told of something (notify/main.ts); `--then-chat N` and
 * `--then-notify N`: so many runs of those afterwards. Exit code 1 on any violation, with the seed that shows it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure } from '../../scripts/stack/failure.ts';
import { stopAll } from '../../scripts/stack/processes.ts';
import { Random } from '../simulation/random.ts';
import { crashChats, crashChatsToo } from './chat/main.ts';
import { crashNotices, crashNoticesToo } from './notify/main.ts';
import { MIN_RUNNING } from './plan.ts';
import { unseen } from './planted.ts';
import { checkSweep, crashOnce, type RunOutcome } from './scene.ts';
import { buildTown, signInAll, type Town } from './town.ts';

const PAIRS = MIN_RUNNING + 8;

/** From so many runs on, two minutes more are spent on the sweeper. */
const SWEEP_FROM = 8;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seed: { type: 'string' },
    keep: { type: 'boolean' },
    chat: { type: 'boolean' },
    ours: { type: 'boolean' },
    'then-chat': { type: 'string', default: '0' },
    notify: { type: 'boolean' },
    'then-notify': { type: 'string', default: '0' },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1 || !/^\d+$/.test(values['then-chat']) || !/^\d+$/.test(values['then-notify'])) {
  console.error('--runs must be a whole number from 1, --then-chat and --then-notify ones from 0.');
  process.exit(2);
}
const seed = values.seed ?? String(Math.floor(Date.now() / 1000));
const state = `.hearthline-crash/${process.pid}`;
const began = performance.now();
const say = (line: string): void => console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(130));

async function end(code: number): Promise<never> {
  await stopAll();
  if (!values.keep) rmSync(state, { recursive: true, force: true });
  process.exit(code);
}

async function main(): Promise<number> {
  mkdirSync(state, { recursive: true });
  if (values.chat) return crashChats({ runs, seed, state, ours: values.ours ?? false, say });
  if (values.notify) return crashNotices({ runs, seed, state, say });
  say(`crash runs: ${runs}, seed ${seed}`);
  const town: Town = await buildTown(state, PAIRS, say);
  const sum = { calls: 0, running: 0, charged: 0, violations: 0, planted: 0, unseen: 0 };
  for (let n = 1; n <= runs; n++) {
    await signInAll(town);
    const outcome: RunOutcome = await crashOnce(town, new Random(`${seed}/${n}`), n === runs);
    for (const violation of outcome.violations) say(`✗ run ${n}, seed ${seed}: ${violation}`);
    sum.calls += outcome.calls.length;
    sum.running += outcome.running;
    sum.charged += outcome.calls.reduce((total, { lines }) => total + lines.length, 0);
    sum.violations += outcome.violations.length;
    // The checkers are shown what they must see, on the data of the run that has just passed them.
    if (n === runs) {
      const planted = unseen(outcome, state);
      sum.planted = planted.count;
      sum.unseen = planted.missed.length;
      for (const missed of planted.missed) say(`✗ a planted fault was not seen: ${missed}`);
    } else {
      await town.stack.restartWorker();
    }
    say(`run ${n}/${runs}: killed with ${outcome.running} calls running, away ${(outcome.downMs / 1000).toFixed(1)} s; ${ends(outcome)}`);
  }
  if (runs >= SWEEP_FROM) {
    const left = await checkSweep(town);
    for (const violation of left) say(`✗ after the last run, seed ${seed}: ${violation}`);
    sum.violations += left.length;
  }
  const chats = Number(values['then-chat']);
  const inChats = chats > 0 ? await crashChatsToo(town, { runs: chats, seed, say }) : 0;
  const notices = Number(values['then-notify']);
  const inNotices = notices > 0 ? await crashNoticesToo(town, { runs: notices, seed, say }) : 0;
  await town.stack.stop();
  say(
    `${runs} runs, ${sum.running} calls cut off, ${sum.calls} calls settled, ${sum.charged} checkpoints, ` +
      `${sum.planted - sum.unseen} of ${sum.planted} planted faults seen, ${sum.violations} violations (seed ${seed})`,
  );
  return sum.violations + sum.unseen + inChats + inNotices > 0 ? 1 : 0;
}

function ends({ calls }: RunOutcome): string {
  const counts = new Map<string, number>();
  for (const { endReason } of calls) counts.set(String(endReason), (counts.get(String(endReason)) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${reason} ${count}`).join(', ');
}

try {
  await end(await main());
} catch (failure) {
  if (failure instanceof Failure && failure.detail) console.error(failure.detail);
  console.error(`seed ${seed}: ${failure instanceof Failure ? failure.message : ((failure as Error).stack ?? failure)}`);
  await end(1);
}
