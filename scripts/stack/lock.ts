/** One stack per state folder: two would be two live copies of every object over the same storage. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/**
 * Takes the folder, or says who has it. A lock whose process is gone is taken over.
 * @returns gives it back
 * @throws Failure where another stack is running on it
 */
export function lockState(state: string): () => void {
  mkdirSync(state, { recursive: true });
  const file = join(state, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      const unlock = (): void => rmSync(file, { force: true });
      process.once('exit', unlock);
      return () => {
        process.off('exit', unlock);
        unlock();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid = 0, start = ''] = read(file)
      .split(' ')
      .map((word, n) => (n === 0 ? Number(word) : word)) as [number, string];
    if (isAlive(pid) && startOf(pid) === start)
      throw new Failure(
        `Hearthline is already running on ${state} (process ${pid}): stop it, or name another folder with HEARTHLINE_STATE=<folder>.`,
      );
    rmSync(file, { force: true });
  }
}

/** True where a running stack holds the folder. */
export function isLocked(state: string): boolean {
  const [pid = '0', start = ''] = read(join(state, 'lock')).split(' ');
  return isAlive(Number(pid)) && startOf(Number(pid)) === start;
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function isAlive(pid: number): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** When a process began, in the kernel's ticks, so that a reused number is not taken for it; empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
