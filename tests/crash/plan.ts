/** What each pair is going to do in one run, drawn from the run's seed. */
import type { Random } from '../simulation/random.ts';

export type Fate =
  | 'talk' // both come back after the crash and somebody hangs up
  | 'lost' // nobody comes back
  | 'alone' // only one comes back
  | 'poor' // the balance runs out, before the crash or after it
  | 'late' // is placed, answered or ended around the very moment of the crash
  | 'unanswered'; // rings and is never taken

export interface PairPlan {
  readonly fate: Fate;
  /** Coins at the beginning: enough for all of the run, or for some seconds. */
  readonly funds: number;
  /** Wait before placing, ms. */
  readonly placeAfterMs: number;
  /** Wait before answering, ms. */
  readonly answerAfterMs: number;
  /** `late`: how long it talks before it hangs up, ms; may reach beyond the crash. */
  readonly talkMs: number;
  /** How long it goes on after everybody is back, ms. */
  readonly goOnMs: number;
  readonly hangsUp: 'member' | 'companion';
  readonly hangsUpBy: 'socket' | 'http';
  /** Sends an order that was cut off again, with the same key; who does not has shut the app. */
  readonly insists: boolean;
}

export interface RunPlan {
  readonly pairs: readonly PairPlan[];
  /** From the moment enough calls run to the kill, ms. */
  readonly killAfterMs: number;
  /** From the restart to the first who come back, ms. */
  readonly backAfterMs: number;
  /** The minute's jobs begin just before the kill. */
  readonly jobsUnderWay: boolean;
}

/** Pairs that are certain to be in a running call when the runtime is killed; the others move around that moment. */
export const isSteady = ({ fate }: Pick<PairPlan, 'fate'>): boolean => fate !== 'late' && fate !== 'unanswered';

/** At least this many calls run when the runtime is killed. */
export const MIN_RUNNING = 20;

const POOR_PAIRS = 2;
const RICH = 400;

/** So long both sides of a steady call have had several checkpoints, whoever comes back after the crash, ms. */
const CHARGED_MS = 8_000;

/**
 * @param size pairs; all but six are steady
 * @param charged the kill comes when steady calls have been charged several times, so that faults can be planted in them
 */
export function drawPlan(random: Random, size: number, charged: boolean): RunPlan {
  const moving = size - MIN_RUNNING - 2;
  const fateOf = (n: number): Fate => {
    if (n < moving) return random.chance(0.8) ? 'late' : 'unanswered';
    // Always the same ones, so that no coins are left over from a richer day.
    if (n >= size - POOR_PAIRS) return 'poor';
    const dice = random.unit();
    if (dice < 0.6) return 'talk';
    return dice < 0.8 ? 'lost' : 'alone';
  };
  const pairs = Array.from({ length: size }, (_, n): PairPlan => {
    const fate = fateOf(n);
    return {
      fate,
      funds: fate === 'poor' ? random.int(11, 30) : RICH,
      placeAfterMs: isSteady({ fate }) ? random.int(0, 800) : random.int(0, 6_000),
      answerAfterMs: random.int(0, fate === 'late' ? 1_500 : 200),
      talkMs: random.int(0, 3_000),
      goOnMs: random.int(200, 2_500),
      hangsUp: random.pick(['member', 'companion']),
      hangsUpBy: random.pick(['socket', 'http']),
      insists: random.chance(0.6),
    };
  });
  return {
    pairs,
    killAfterMs: random.int(0, 4_000) + (charged ? CHARGED_MS : 0),
    backAfterMs: random.int(0, 800),
    jobsUnderWay: random.chance(0.5),
  };
}
