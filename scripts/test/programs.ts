/** Programs of the system that the journeys need: found on the path, installed by apt where they are missing and we may. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Program {
  /** What people call it. */
  readonly name: string;
  /** Debian's package. */
  readonly package: string;
  /** What it may be called on the path, best first. */
  readonly commands: readonly string[];
  /** Environment variable that names another one. */
  readonly variable: string;
}

/** Its path, or undefined where there is none. */
export function find({ commands, variable }: Program): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [process.env[variable] ?? '', ...commands.flatMap((name) => folders.map((folder) => join(folder, name)))];
  return candidates.find((path) => path !== '' && isExecutable(path));
}

/**
 * Its path; installs it where it is missing.
 * @throws Error saying what to install where that can't be done from here
 */
export function ensure(program: Program): string {
  const found = find(program);
  if (found) return found;
  const { name, variable } = program;
  const command = `apt-get install ${program.package}`;
  const advice = `The journeys need ${name}: install it (Debian: ${command}), or name one with ${variable}=<path>.`;
  if (process.getuid?.() !== 0 || !has('apt-get')) throw new Error(advice);
  console.log(`installing ${name} (${command}) …`);
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 'inherit'] })
      .status === 0;
  if (!apt('update', '-q') || !apt('install', '-y', '-q', '--no-install-recommends', program.package)) throw new Error(advice);
  const installed = find(program);
  if (!installed) throw new Error(advice);
  return installed;
}

const has = (command: string): boolean => (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
