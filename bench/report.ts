/** What a benchmark hands back: a table that can be read as it is and pasted into docs/benchmarks.md. */

export interface Report {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is good and what is not. */
  readonly notes?: readonly string[];
}

export interface Settings {
  /** Rounds of each benchmark. */
  readonly runs: number;
  /** Folder of this run, with the bundle in it. */
  readonly folder: string;
  /** Calls at once in the benchmark of lateness. */
  readonly calls: number;
  /** People who are told of one thing in the benchmark of fan-out. */
  readonly people: number;
  /** Length of the call whose cost is counted. */
  readonly minutes: number;
  readonly say: (line: string) => void;
}

export const markdown = ({ title, method, columns, rows, notes = [] }: Report): string =>
  [
    `### ${title}`,
    '',
    method,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${note}`)] : []),
  ].join('\n');

/** Two digits that count: 0.93, 4.1, 37. */
export const figure = (value: number): string =>
  Math.abs(value) >= 10 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(Math.abs(value) >= 1 ? 1 : 2);

export const spread = ({ median, least, most }: { median: number; least: number; most: number }): string =>
  `**${figure(median)}** (${figure(least)}–${figure(most)})`;
