/** One step of `npm test`: runs a command with its output streamed, and counts what it tested. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** A JSON report of vitest that the command writes; without one the last `N passed, N failed` of its output counts. */
  readonly report?: string;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs it to its end. A command that fails without a failed test, or succeeds without any test, counts as one failure.
 * @param write where its output goes, as it comes
 */
export async function runStep({ command: [file, ...args], report }: Step, write: (chunk: Buffer) => void): Promise<Tally> {
  if (report) rmSync(report, { force: true });
  const { code, output } = await stream(file, args, write);
  return tallyOf(code, report && existsSync(report) ? readFileSync(report, 'utf8') : undefined, output, report !== undefined);
}

/** @param report the text of vitest's JSON report; undefined where none was written */
export function tallyOf(code: number, report: string | undefined, output: string, reports: boolean): Tally {
  const counted = reports ? fromReport(report) : fromOutput(output);
  if (counted === undefined) return code === 0 && !reports ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const silent = code !== 0 && counted.failed === 0;
  const empty = counted.passed + counted.failed === 0;
  return silent || empty ? { ...counted, failed: counted.failed + 1 } : counted;
}

/** Skipped tests count as failed: what is not run is not known to work. */
function fromReport(text: string | undefined): Tally | undefined {
  if (text === undefined) return undefined;
  const { numTotalTests, numPassedTests, numFailedTestSuites = 0, testResults = [] } = JSON.parse(text);
  // A file that could not be loaded has no tests to fail.
  const broken = testResults.filter(
    (file: { status: string; assertionResults: unknown[] }) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = numTotalTests - numPassedTests + broken.length;
  return { passed: numPassedTests, failed: failed === 0 && numFailedTestSuites > 0 ? 1 : failed };
}

function fromOutput(output: string): Tally | undefined {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  return last ? { passed: Number(last[1]), failed: Number(last[2]) } : undefined;
}

/** Children that a signal must reach. */
const running = new Set<{ kill: (signal: NodeJS.Signals) => boolean }>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(130);
  });

function stream(file: string, args: readonly string[], write: (chunk: Buffer) => void): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    let output = '';
    // Read by vitest.config.ts.
    const env = { ...process.env, HEARTHLINE_TEST: 'whole' };
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const show = (chunk: Buffer): void => {
      output += chunk.toString();
      write(chunk);
    };
    child.stdout.on('data', show);
    child.stderr.on('data', show);
    child.on('error', (error) => {
      show(Buffer.from(`${file} does not start: ${error.message}\n`));
      done({ code: 1, output });
    });
    child.on('close', (code) => {
      running.delete(child);
      done({ code: code ?? 1, output });
    });
  });
}
