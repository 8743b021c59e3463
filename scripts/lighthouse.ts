/**
 * `node scripts/lighthouse.ts --program <path of lighthouse>`: the members' home, signed in, as Lighthouse sees it on a
 * throttled phone (its mobile preset). Reports and never judges.
 *
 * Lighthouse is large and needed seldom, so it is no dependency: install it anywhere (`npm i lighthouse` in an empty
 * folder) and name its program, `<folder>/node_modules/.bin/lighthouse`. `--runs N` (5), `--keep <folder>` for the whole
 * reports, `--port N` for the debugging port of its browser.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { firstLoad } from '../web/budget.ts';
import { freePorts } from './stack/ports.ts';
import { stopAll } from './stack/processes.ts';
import { startStack } from './stack/stack.ts';
import { findChromium } from './test/chromium.ts';

const { values } = parseArgs({
  options: { program: { type: 'string' }, runs: { type: 'string', default: '5' }, keep: { type: 'string' } },
});
const chromium = findChromium();
if (!values.program || !chromium) {
  console.error(
    values.program
      ? 'Chromium is not installed; CHROMIUM names another than the one on the path.'
      : 'Name the program: --program <folder>/node_modules/.bin/lighthouse, after `npm i lighthouse` in an empty folder.',
  );
  process.exit(2);
}
const state = process.env.HEARTHLINE_STATE || '.hearthline-lighthouse';
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'lighthouse-'));
mkdirSync(folder, { recursive: true });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    void stopAll().then(() => process.exit(130));
  });

interface Outcome {
  readonly categories: Record<'performance' | 'accessibility' | 'best-practices', { readonly score: number }>;
  readonly audits: Record<string, { readonly numericValue?: number; readonly score: number | null; readonly title: string }>;
}

/** The cookies of a demo member who has just signed in to the members' app. */
async function signedIn(origin: string): Promise<string> {
  const ask = (path: string, body: object) =>
    fetch(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, 'X-Hearthline-App': 'app' },
      body: JSON.stringify(body),
    });
  const { challengeId, devCode } = (await (await ask('/auth/otp/start', { email: 'ada@demo.test' })).json()) as Record<string, string>;
  const answer = await ask('/auth/otp/verify', { challengeId, code: devCode, app: 'app' });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function visit(program: string, browser: string, origin: string, run: number): Promise<Outcome> {
  const headers = join(folder, 'headers.json');
  const report = join(folder, `${run}.json`);
  writeFileSync(headers, JSON.stringify({ Cookie: await signedIn(origin) }));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  await promisify(execFile)(
    process.execPath,
    [
      program,
      `${origin}/`,
      '--quiet',
      '--output=json',
      `--output-path=${report}`,
      '--only-categories=performance,accessibility,best-practices',
      `--extra-headers=${headers}`,
      `--chrome-flags=${flags.join(' ')}`,
    ],
    { env: { ...process.env, CHROME_PATH: browser } },
  );
  return JSON.parse(readFileSync(report, 'utf8')) as Outcome;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

rmSync(state, { recursive: true, force: true });
const stack = await startStack({ ports: await freePorts(), state });
try {
  const outcomes: Outcome[] = [];
  for (let run = 1; run <= Number(values.runs); run++) outcomes.push(await visit(values.program, chromium, stack.origins.app, run));
  const of = (read: (outcome: Outcome) => number): string => {
    const all = outcomes.map(read).toSorted((a, b) => a - b);
    return `${Math.round(median(all))} (${Math.round(all[0] ?? 0)}–${Math.round(all.at(-1) ?? 0)})`;
  };
  const audit = (name: string) => of(({ audits }) => audits[name]?.numericValue ?? Number.NaN);
  console.log(`performance ${of(({ categories }) => categories.performance.score * 100)}`);
  console.log(`accessibility ${of(({ categories }) => categories.accessibility.score * 100)}`);
  console.log(`best practices ${of(({ categories }) => categories['best-practices'].score * 100)}`);
  console.log(`first contentful paint ${audit('first-contentful-paint')} ms`);
  console.log(`largest contentful paint ${audit('largest-contentful-paint')} ms`);
  console.log(`total blocking time ${audit('total-blocking-time')} ms`);
  console.log(`speed index ${audit('speed-index')} ms`);
  console.log(`bytes over the network ${audit('total-byte-weight')}`);
  const shift = outcomes.map(({ audits }) => audits['cumulative-layout-shift']?.numericValue ?? Number.NaN);
  console.log(`cumulative layout shift ${median(shift).toFixed(3)}`);
  console.log(`script at first, gzip ${firstLoad(fileURLToPath(new URL('../web/dist/app', import.meta.url)))} bytes`);
} finally {
  await stack.stop();
  rmSync(state, { recursive: true, force: true });
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}
