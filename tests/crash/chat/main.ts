/**
 * `npm run crash -- --chat --runs N [--seed S] [--ours]`: kills rooms in the middle of conversations, ours and those it is
 * compared with, and counts what each lost, repeated, mixed up or was wrong about. Only ours can fail it.
 */
import { buildTown, type Town } from '../town.ts';
import { examine, type Findings } from './checks.ts';
import { hearthline, PAIRS } from './hearthline.ts';
import type { Make } from './line.ts';
import { party } from './party.ts';
import { unseen } from './planted.ts';
import { crashRoom, type Scene } from './scene.ts';
import { checkSequence } from './sequence.ts';
import { socketIo } from './socketio.ts';
import { add, noTally, type Tally, tableOf } from './table.ts';

export interface ChatRuns {
  readonly runs: number;
  readonly seed: string;
  /** Folder of this run's storages. */
  readonly state: string;
  /** No other makes of room beside ours. */
  readonly ours: boolean;
  readonly say: (line: string) => void;
}

/** @returns the exit code: 1 for any violation of ours, or a planted fault that nobody saw */
export async function crashChats(order: ChatRuns): Promise<number> {
  const { runs, seed, state, ours, say } = order;
  say(`crash runs of conversations: ${runs}, seed ${seed}`);
  const tallies = new Map<string, Tally>();
  const town = await buildTown(`${state}/ours`, PAIRS, say);
  const outcome = await crashOurs(town, order, tallies).finally(() => town.stack.stop());
  if (!ours)
    for (const make of [socketIo, party]) {
      const other = await make(state);
      try {
        for (let run = 1; run <= runs; run++) count(tallies, other, await crashRoom(other, run, seed), say, `run ${run}/${runs}`);
      } finally {
        await other.stop();
      }
    }
  console.log(`\n${tableOf(tallies)}\n`);
  say(sentence(order, tallies, outcome));
  return outcome.violations + outcome.missed > 0 ? 1 : 0;
}

/** After the calls of a town have crashed: its conversations do. @returns violations and planted faults that nobody saw */
export async function crashChatsToo(town: Town, order: Omit<ChatRuns, 'state' | 'ours'>): Promise<number> {
  await town.stack.restartWorker();
  const tallies = new Map<string, Tally>();
  const outcome = await crashOurs(town, order, tallies);
  order.say(sentence(order, tallies, outcome));
  return outcome.violations + outcome.missed;
}

const sentence = (
  { runs, seed }: Pick<ChatRuns, 'runs' | 'seed'>,
  tallies: ReadonlyMap<string, Tally>,
  { violations, planted, missed, events }: Awaited<ReturnType<typeof crashOurs>>,
): string =>
  `${runs} runs of conversations, ${tallies.get('Hearthline')?.acknowledged} messages acknowledged, ${events} events, ` +
  `${planted - missed} of ${planted} planted faults seen, ${violations} violations (seed ${seed})`;

/** Our own rooms, in a town whose Worker runs; leaves it killed. */
async function crashOurs(town: Town, { runs, seed, say }: Omit<ChatRuns, 'state' | 'ours'>, tallies: Map<string, Tally>) {
  const make = hearthline(town);
  const sum = { violations: 0, planted: 0, missed: 0, events: 0 };
  for (let run = 1; run <= runs; run++) {
    const scene = await crashRoom(make, run, seed);
    const findings = count(tallies, make, scene, say, `run ${run}/${runs}`);
    await make.kill();
    const written = Object.fromEntries(
      scene.rooms.flatMap(({ devices }) => devices.flatMap(({ sent }) => sent.map(({ clientId, text }) => [clientId, text]))),
    );
    const sequences = await make.sequences(written);
    sum.events += sequences.reduce((events, { base, history }) => events + history.seq - base, 0);
    const violations = [...scene.faults, ...findings.flatMap(told), ...sequences.flatMap(checkSequence)];
    for (const violation of violations) say(`✗ run ${run}, seed ${seed}: ${violation}`);
    sum.violations += violations.length;
    // The checks are shown what they must see, on the data of the run that has just passed them.
    if (run === runs) {
      const planted = unseen(scene, sequences, make.state);
      sum.planted = planted.count;
      sum.missed = planted.missed.length;
      for (const missed of planted.missed) say(`✗ a planted fault was not seen: ${missed}`);
    } else {
      await make.restart();
    }
  }
  return sum;
}

function count(tallies: Map<string, Tally>, { name }: Make, scene: Scene, say: ChatRuns['say'], run: string): Findings[] {
  const tally = tallies.get(name) ?? noTally();
  tallies.set(name, tally);
  const findings = scene.rooms.map(examine);
  const acknowledged = scene.rooms.reduce((sum, { acked }) => sum + acked.length, 0);
  tally.runs += 1;
  tally.acknowledged += acknowledged;
  tally.cutOff += scene.cutOff;
  add(tally, findings);
  say(
    `${name}, ${run}: killed after ${scene.before} acknowledgements with ${scene.cutOff} messages on their way; ${acknowledged} in the end`,
  );
  return findings;
}

const told = ({ lost, missing, duplicated, disordered, falselyComplete }: Findings): string[] => [
  ...lost.map((id) => `${id} was acknowledged and is lost`),
  ...missing.map((id) => `${id} is missing on a screen`),
  ...duplicated.map((id) => `${id} is there twice`),
  ...disordered.map((id) => `${id} is out of its place`),
  ...falselyComplete,
];
