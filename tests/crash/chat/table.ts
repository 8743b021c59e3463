/** Counts of several runs of each make of room, beside one another. */
import type { Findings } from './checks.ts';

export interface Tally {
  runs: number;
  acknowledged: number;
  cutOff: number;
  lost: number;
  missing: number;
  duplicated: number;
  disordered: number;
  falselyComplete: number;
}

export const noTally = (): Tally => ({
  runs: 0,
  acknowledged: 0,
  cutOff: 0,
  lost: 0,
  missing: 0,
  duplicated: 0,
  disordered: 0,
  falselyComplete: 0,
});

const kinds = ['lost', 'missing', 'duplicated', 'disordered', 'falselyComplete'] as const;

export function add(tally: Tally, findings: readonly Findings[]): void {
  for (const kind of kinds) tally[kind] += findings.reduce((sum, each) => sum + each[kind].length, 0);
}

const columns: readonly (readonly [string, keyof Tally])[] = [
  ['runs', 'runs'],
  ['acknowledged', 'acknowledged'],
  ['on their way', 'cutOff'],
  ['lost', 'lost'],
  ['missing on a screen', 'missing'],
  ['duplicated', 'duplicated'],
  ['out of order', 'disordered'],
  ['falsely complete', 'falselyComplete'],
];

export function tableOf(tallies: ReadonlyMap<string, Tally>): string {
  const width = Math.max(...[...tallies.keys()].map((name) => name.length));
  const row = (name: string, cells: readonly (string | number)[]): string =>
    [name.padEnd(width), ...cells.map((cell, n) => String(cell).padStart(columns[n]?.[0].length ?? 0))].join('  ');
  return [
    row(
      '',
      columns.map(([title]) => title),
    ),
    ...[...tallies].map(([name, tally]) =>
      row(
        name,
        columns.map(([, key]) => tally[key]),
      ),
    ),
  ].join('\n');
}
