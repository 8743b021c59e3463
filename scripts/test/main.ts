/**
 * `npm test`: everything that finishes in minutes, quick things first. A step that fails does not keep the others from
 * running, and nothing is left out: a part that is missing is a failure. `npm test -- check node` runs the named steps only.
 * Crashes mostly wait for calls to go on and end, so they run beside the tests in workerd and are shown after them.
 */
import { readFileSync } from 'node:fs';
import { ensureChromium } from './chromium.ts';
import { runStep, type Step, type Tally } from './step.ts';
import { ensureTurnserver } from './turnserver.ts';

const report = (project: string): string => `node_modules/.cache/hearthline/${project}.json`;
const vitest = (project: string, name: string): Step => ({
  name,
  command: ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report(project)}`],
  report: report(project),
});

const steps: Readonly<Record<string, Step>> = {
  check: { name: 'Format, lint, types, rules of the house', command: ['node', 'scripts/check/check.ts'] },
  node: vitest('node', 'Pure code, in node'),
  workers: vitest('workers', 'Stores, services, routes, objects, access matrix and bad input, in workerd'),
  simulation: { name: 'Simulation, 20,000 calls', command: ['npm', 'run', '--silent', 'simulate', '--', '--calls', '20000'] },
  crash: { name: 'Crashes', command: ['npm', 'run', '--silent', 'crash', '--', '--runs', '3', '--then-chat', '2'] },
  journeys: { name: 'Journeys in Chromium', command: ['npm', 'run', '--silent', 'journeys'] },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in steps));
if (unknown !== undefined) {
  console.error(`There is no step ${unknown}; there are ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}

const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
const tallies: { name: string; tally: Tally; seconds: number }[] = [];
const showing = (chunk: Buffer): void => void process.stdout.write(chunk);

const together: readonly (readonly string[])[] = [['check'], ['node'], ['workers', 'crash'], ['simulation'], ['journeys']];
for (const keys of together) {
  const chosen = keys.filter((key) => wanted.length === 0 || wanted.includes(key)).flatMap((key) => steps[key] ?? []);
  const kept: Buffer[][] = chosen.map(() => []);
  const running = chosen.map((step, n) => attempt(step, n === 0 ? showing : (chunk) => void kept[n]?.push(chunk)));
  for (const [n, step] of chosen.entries()) {
    console.log(`\n━━ ${step.name} ${'━'.repeat(Math.max(3, 90 - step.name.length))}`);
    const done = await running[n];
    for (const chunk of kept[n] ?? []) showing(chunk);
    if (!done) continue;
    const { tally, seconds } = done;
    tallies.push({ name: step.name, tally, seconds });
    console.log(`${tally.failed === 0 ? '✓' : '✗'} ${step.name}: ${tally.passed} passed, ${tally.failed} failed, ${seconds.toFixed(1)} s`);
  }
}

async function attempt(step: Step, write: (chunk: Buffer) => void): Promise<{ tally: Tally; seconds: number }> {
  const began = performance.now();
  const tally = await tallyOf(step, write);
  return { tally, seconds: (performance.now() - began) / 1000 };
}

async function tallyOf(step: Step, write: (chunk: Buffer) => void): Promise<Tally> {
  const script = step.command[0] === 'npm' ? step.command[3] : undefined;
  if (script !== undefined && !scripts[script]) {
    console.error(`package.json has no script ${script}.`);
    return { passed: 0, failed: 1 };
  }
  try {
    if (step === steps.journeys) {
      ensureChromium();
      ensureTurnserver();
    }
  } catch (error) {
    console.error((error as Error).message);
    return { passed: 0, failed: 1 };
  }
  return runStep(step, write);
}

console.log(`\n━━ Altogether ${'━'.repeat(78)}`);
for (const { name, tally, seconds } of tallies)
  console.log(`${tally.failed === 0 ? '✓' : '✗'} ${name}: ${tally.passed} passed, ${tally.failed} failed, ${seconds.toFixed(1)} s`);
const passed = tallies.reduce((sum, { tally }) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, { tally }) => sum + tally.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
