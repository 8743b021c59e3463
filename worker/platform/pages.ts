/** Work on more rows than fit one query: page by page, some at once, until none is left or the time is up. */

export interface Pages<Row> {
  /** The next rows after `last`, in a fixed order; null: from the beginning. None: all were seen. */
  read(last: Row | null): Promise<readonly Row[]>;
  /** Must not throw: one row that can't be worked on holds up no other. */
  each(row: Row): Promise<void>;
  readonly atOnce: number;
  /** Asked before each few: false ends it. */
  timeLeft(): boolean;
}

/** @returns how many rows were worked on, and whether that was all of them */
export async function throughPages<Row>({ read, each, atOnce, timeLeft }: Pages<Row>): Promise<{ count: number; all: boolean }> {
  let count = 0;
  for (let rows = await read(null); rows.length > 0; rows = await read(rows.at(-1) ?? null)) {
    for (let from = 0; from < rows.length; from += atOnce) {
      if (!timeLeft()) return { count, all: false };
      const some = rows.slice(from, from + atOnce);
      await Promise.all(some.map(each));
      count += some.length;
    }
  }
  return { count, all: true };
}
