/** `npm start` and, with `--watch`, `npm run dev`. Started by scripts/start.mjs under the project's own Node. */
import { demoAccounts } from './accounts.ts';
import { writeConversation } from './conversation.ts';
import { Failure } from './failure.ts';
import { portsFrom } from './ports.ts';
import { stopAll } from './processes.ts';
import { type Stack, startStack } from './stack.ts';
import { whenChanged } from './worker.ts';

const MINUTE = 60_000;
const watch = process.argv.includes('--watch');

let ending = false;

/** Ends all that was started, also by a start that is not through yet, and then this process. */
async function end(code: number): Promise<never> {
  if (!ending) {
    ending = true;
    await stopAll();
    process.exit(code);
  }
  return new Promise(() => {});
}

function fail(failure: unknown): Promise<never> {
  if (ending) return new Promise(() => {});
  if (!(failure instanceof Failure)) throw failure;
  if (failure.detail) console.error(`\n${failure.detail}\n`);
  console.error(failure.message);
  return end(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
// Whoever started us is gone without having passed a signal on.
const parent = process.ppid;
if (process.env.HEARTHLINE_PARENT === String(parent)) setInterval(() => process.ppid !== parent && void end(1), 500).unref();

const began = performance.now();
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
let stack: Stack;
try {
  stack = await startStack({
    ports: portsFrom(process.env),
    state: process.env.HEARTHLINE_STATE || '.hearthline',
    watch,
    progress: ({ step, ms }) => console.log(ms === undefined ? `· ${step} …` : `✓ ${step} (${seconds(ms)})`),
  });
  const { state, origins } = stack;
  await whenChanged(state, 'conversation', ['db/seed/conversation.ts', 'db/migrations'], () => writeConversation(origins.api));
} catch (failure) {
  stack = await fail(failure);
}
void stack.broken.then((running) => fail(new Failure(`${running.name} has ended on its own.`, running.lastWords())));

const { app, panel, sandbox, api } = stack.origins;
console.log(`
  members     ${app}/
  companions  ${app}/portal/
  staff       ${panel}/
  sent out    ${sandbox}/
  API         ${api}/api/v1/   (to read: ${api}/docs)

${demoAccounts}

Up in ${seconds(performance.now() - began)}; Ctrl-C ends it.
ready`);

/** Fires at once, and then at every full minute, as cron does. */
function fireEachMinute(): void {
  stack.tick().catch((error: unknown) => ending || console.error(`the jobs of this minute could not be run: ${String(error)}`));
  // A moment into the minute: a timer that is early would fire in the one before.
  setTimeout(fireEachMinute, MINUTE - (Date.now() % MINUTE) + 100);
}
fireEachMinute();
