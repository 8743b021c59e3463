/**
 * What a benchmark may say: medians of several rounds and ratios within one run, never a bare time. Contenders take
 * turns inside a round, each round beginning with another one, so that whatever else the machine does hits them alike.
 */

/** The middle value; of an even number the mean of the two in the middle. Throws on nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = inOrder(values);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (at(sorted, middle - 1) + at(sorted, middle)) / 2 : at(sorted, Math.floor(middle));
};

/** The smallest value that at least `share` (0–1] of all are not above (nearest rank). Throws on nothing. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = inOrder(values);
  return at(sorted, Math.max(0, Math.ceil(share * sorted.length) - 1));
};

function inOrder(values: readonly number[]): number[] {
  if (values.length === 0) throw new Error('nothing was measured');
  if (values.some(Number.isNaN)) throw new Error('a measurement is not a number');
  return [...values].sort((a, b) => a - b);
}

const at = (values: readonly number[], index: number): number => values[index] as number;

/** One figure a round, for each contender. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * The median over rounds of `name` : `peer`, each taken within its own round, with the least and the most: what slows a
 * round down slows both.
 */
export function ratio<Name extends string>(rounds: Rounds<Name>, name: Name, peer: Name): { median: number; least: number; most: number } {
  const own = rounds[name];
  const others = rounds[peer];
  if (own.length !== others.length) throw new Error(`${name} and ${peer} were not measured in the same rounds`);
  const ratios = own.map((value, round) => value / at(others, round));
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** Contenders in the order of a round: each round begins one further. */
export const turnsOf = <T>(contenders: readonly T[], round: number): T[] => {
  const first = contenders.length === 0 ? 0 : round % contenders.length;
  return [...contenders.slice(first), ...contenders.slice(0, first)];
};

/**
 * Measures every contender once a round.
 * @param warmUp rounds that are run and thrown away
 */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, (round: number) => Promise<number>>>,
  { runs, warmUp = 1 }: { runs: number; warmUp?: number },
): Promise<Rounds<Name>> {
  const names = Object.keys(contenders) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < runs; round++)
    for (const name of turnsOf(names, round + warmUp)) {
      const value = await contenders[name](round);
      if (round >= 0) measured[name].push(value);
    }
  return measured;
}
