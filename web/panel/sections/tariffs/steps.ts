/** Running sums of a preview, and how they are drawn: a step at each checkpoint. */
export interface Step {
  readonly atSeconds: number;
  readonly sum: number;
}

interface Checkpoint {
  readonly party: 'payer' | 'payee';
  readonly atSeconds: number;
  readonly amount: number;
}

export function sumsOf(checkpoints: readonly Checkpoint[], party: Checkpoint['party']): Step[] {
  let sum = 0;
  return checkpoints
    .filter((checkpoint) => checkpoint.party === party)
    .map(({ atSeconds, amount }) => {
      sum += amount;
      return { atSeconds, sum };
    });
}

/** What it has come to at a second; a checkpoint at that very second counts. */
export const sumAt = (steps: readonly Step[], second: number): number => steps.findLast(({ atSeconds }) => atSeconds <= second)?.sum ?? 0;

/** A staircase from the beginning to the last second. */
export function linePath(steps: readonly Step[], until: number, x: (second: number) => number, y: (sum: number) => number): string {
  const parts = steps.map(({ atSeconds, sum }) => `H${x(atSeconds).toFixed(1)}V${y(sum).toFixed(1)}`);
  return `M${x(0).toFixed(1)} ${y(0).toFixed(1)}${parts.join('')}H${x(until).toFixed(1)}`;
}

/** The next round number at or above: 1, 2 or 5 times a power of ten. */
export function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((times) => times * power >= most) ?? 10) * power;
}
