/**
 * `npm run crash -- --notify --runs N [--seed S]`: kills the runtime while everybody is told of something, and counts who was
 * not told, and who was told twice.
 */
import { Random } from '../../simulation/random.ts';
import { buildTown, signInAll, type Town } from '../town.ts';
import { violationsOf } from './checks.ts';
import { type App, Person } from './person.ts';
import { unseen } from './planted.ts';
import { Provider } from './provider.ts';
import { crashOnce } from './scene.ts';

/** With ten announcements a run: a thousand notifications. */
const PAIRS = 50;
const ANNOUNCEMENTS = 10;
/** In the short run after other crashes. */
const FEW = 4;
const apps: readonly App[] = ['shows', 'hidden', 'closed'];

interface NoticeRuns {
  readonly runs: number;
  readonly seed: string;
  readonly say: (line: string) => void;
}

/** @returns the exit code: 1 for any violation, or a planted fault that nobody saw */
export async function crashNotices(order: NoticeRuns & { state: string }): Promise<number> {
  order.say(`crash runs of notifications: ${order.runs}, seed ${order.seed}`);
  const town = await buildTown(`${order.state}/notices`, PAIRS, order.say);
  const wrong = await crashAll(town, order, ANNOUNCEMENTS).finally(() => town.stack.stop());
  return wrong > 0 ? 1 : 0;
}

/** After other crashes of a town: its notifications. @returns violations and planted faults that nobody saw */
export async function crashNoticesToo(town: Town, order: NoticeRuns): Promise<number> {
  await town.stack.restartWorker();
  return crashAll(town, order, FEW);
}

async function crashAll(town: Town, { runs, seed, say }: NoticeRuns, announcements: number): Promise<number> {
  const provider = new Provider(new Random(`${seed}/provider`));
  await provider.listen(town.stack.origins.sandbox);
  const sum = { told: 0, kills: 0, repeats: 0, violations: 0, planted: 0, missed: 0 };
  try {
    const people = town.pairs
      .flatMap(({ member, companion }) => [member, companion])
      .map((client, n) => new Person(client, apps[n % apps.length] ?? 'closed', `phone-of-a-crash-run-${n}`));
    for (let run = 1; run <= runs; run += 1) {
      if (run > 1) await town.stack.restartWorker();
      await signInAll(town);
      const { findings, kills, repeats } = await crashOnce(town, people, provider, { run, seed, announcements });
      const violations = violationsOf(findings);
      for (const violation of violations.slice(0, 20)) say(`✗ run ${run}, seed ${seed}: ${violation}`);
      sum.told += people.length * announcements;
      sum.kills += kills.length;
      sum.repeats = repeats;
      sum.violations += violations.length;
      say(
        `run ${run}/${runs}: ${people.length * announcements} notifications, killed after ${kills.join(', ')} pushes; ${violations.length} violations`,
      );
      if (run === runs) {
        const planted = unseen(findings);
        sum.planted = planted.count;
        sum.missed = planted.missed.length;
        for (const missed of planted.missed) say(`✗ a planted fault was not seen: ${missed}`);
      }
    }
  } finally {
    await provider.close();
  }
  say(
    `${runs} runs, ${sum.told} notifications, ${sum.kills} kills, ${sum.repeats} taken again under the same id, ` +
      `${sum.planted - sum.missed} of ${sum.planted} planted faults seen, ${sum.violations} violations (seed ${seed})`,
  );
  return sum.violations + sum.missed;
}
