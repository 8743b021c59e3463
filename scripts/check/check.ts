/**
 * `npm run check`: format and lint, types of the four runtimes, the rules of the house. All at once, each one's output
 * whole and in order. Exit code 1 where any of them objects.
 */
import { spawn } from 'node:child_process';

const parts: readonly { name: string; command: readonly string[] }[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'types: worker and objects', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types: scripts and tests', command: ['tsc', '-p', 'tsconfig.node.json'] },
  { name: 'types: web', command: ['tsc', '-p', 'web/tsconfig.json'] },
  { name: 'types: service workers', command: ['tsc', '-p', 'web/tsconfig.worker.json'] },
  { name: 'imports', command: ['node', 'scripts/check/imports.ts'] },
];

interface Outcome {
  readonly name: string;
  readonly code: number;
  readonly output: string;
  readonly ms: number;
}

function run(name: string, [file = '', ...args]: readonly string[]): Promise<Outcome> {
  const began = performance.now();
  return new Promise((done) => {
    let output = '';
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => done({ name, code: 1, output: `${file} does not start: ${error.message}\n`, ms: 0 }));
    child.on('close', (code) => done({ name, code: code ?? 1, output, ms: performance.now() - began }));
  });
}

const outcomes = await Promise.all(parts.map(({ name, command }) => run(name, command)));
for (const { name, code, output, ms } of outcomes) {
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${(ms / 1000).toFixed(1)} s)`);
  if (code !== 0) console.log(output.trimEnd());
}
const failed = outcomes.filter(({ code }) => code !== 0).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
