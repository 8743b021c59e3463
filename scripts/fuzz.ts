/**
 * `npm run fuzz -- --count N [--seed S]`: so many bad frames in a conversation, and a tenth as many bad bodies at its
 * addresses; `npm test` runs 2,000. `npm run fuzz -- --webhooks N [--seed S]`: so many forged deliveries of payments over all
 * sources; `npm test` runs 5,000. Exit code 1 on any that was not refused, with the seed that shows it.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { count: { type: 'string' }, webhooks: { type: 'string' }, seed: { type: 'string' } } });
if (values.count !== undefined && values.webhooks !== undefined) {
  console.error('--count is for conversations, --webhooks for payments: one of them at a time.');
  process.exit(2);
}
const isPayments = values.webhooks !== undefined;
const count = Number(values.webhooks ?? values.count ?? '20000');
if (!Number.isInteger(count) || count < 1) {
  console.error(`--${isPayments ? 'webhooks' : 'count'} must be a whole number from 1.`);
  process.exit(2);
}
const seed = values.seed ?? String(Math.floor(Date.now() / 1000));
const began = performance.now();
const file = isPayments ? 'tests/fuzz/webhooks.workers.test.ts' : 'tests/fuzz/chat.workers.test.ts';
const child = spawn('vitest', ['run', '--project', 'workers', file], {
  stdio: 'inherit',
  env: { ...process.env, [isPayments ? 'FUZZ_WEBHOOKS' : 'FUZZ_COUNT']: String(count), FUZZ_SEED: seed },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const what = isPayments ? `${count} forged deliveries` : `${count} bad frames and ${Math.ceil(count / 10)} bad bodies`;
  console.log(`${what} in ${seconds} s: ${code === 0 ? '0 violations' : 'violations, see above'} (seed ${seed})`);
  process.exitCode = code === 0 ? 0 : 1;
});
