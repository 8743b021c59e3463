/**
 * `npm run fuzz -- --count N [--seed S]`: so many bad frames in a conversation, and a tenth as many bad bodies at its
 * addresses. `npm test` runs 2,000. Exit code 1 on any that was not refused, with the seed that shows it.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { count: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1) {
  console.error('--count must be a whole number from 1.');
  process.exit(2);
}
const seed = values.seed ?? String(Math.floor(Date.now() / 1000));
const began = performance.now();
const child = spawn('vitest', ['run', '--project', 'workers', 'tests/fuzz/chat.workers.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_COUNT: String(count), FUZZ_SEED: seed },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${count} bad frames and ${Math.ceil(count / 10)} bad bodies in ${seconds} s: ${code === 0 ? '0 violations' : 'violations, see above'} (seed ${seed})`,
  );
  process.exitCode = code === 0 ? 0 : 1;
});
