/**
 * What a journey is, and how one is run: with a time limit, after the others, its pages closed whatever happens. Limits are
 * there for what hangs: a machine with other work to do may be ten times slower.
 */
import type { World } from './world.ts';

export interface Journey {
  readonly name: string;
  readonly run: (world: World) => Promise<void>;
}

const LIMIT_SECONDS = 1_200;
/** How long a step waits for what it needs, ms: what `eventually` asks for, and what is to be seen on a page. */
export const PATIENCE_MS = 60_000;

export const journey = (name: string, run: Journey['run']): Journey => ({ name, run });

/** Runs it; the answer is what went wrong, or null. */
export async function attempt(world: World, { run }: Journey): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  let well = false;
  const tooLong = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`it took more than ${LIMIT_SECONDS} s`)), LIMIT_SECONDS * 1000);
  });
  try {
    await Promise.race([run(world), tooLong]);
    world.assertNoPageErrors();
    well = true;
    return null;
  } catch (thrown) {
    await world.keepPictures();
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } finally {
    clearTimeout(timer);
    await world.closePages(well);
  }
}

/**
 * Asks until `holds` answers something true, for at most `ms`: for what the screen can't tell when it happens.
 * @throws Error naming `what`
 */
export async function eventually<T>(what: string, holds: () => Promise<T | null | undefined | false>, ms = PATIENCE_MS): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await holds();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
