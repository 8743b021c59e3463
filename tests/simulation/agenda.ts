/** What happens next in a world: a binary heap of (time, order of arrival, action). */

export type Action = () => void;

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: Action;
}

const before = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

export class Agenda {
  /** True time of the world, ms since the epoch. Clocks of objects and clients may differ from it. */
  now: number;
  private readonly heap: Entry[] = [];
  private order = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Plans an action; one in the past happens now, after what is already planned for now. */
  at(time: number, act: Action): void {
    const entry: Entry = { at: Math.max(time, this.now), order: this.order++, act };
    const heap = this.heap;
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!before(entry, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = entry;
  }

  after(ms: number, act: Action): void {
    this.at(this.now + ms, act);
  }

  /** Does the next thing. False when nothing is left. */
  step(): boolean {
    const heap = this.heap;
    const first = heap[0];
    if (first === undefined) return false;
    const last = heap.pop() as Entry;
    if (heap.length > 0) this.sink(last);
    this.now = first.at;
    first.act();
    return true;
  }

  private sink(entry: Entry): void {
    const heap = this.heap;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as Entry)) child++;
      const smaller = heap[child] as Entry;
      if (!before(smaller, entry)) break;
      heap[hole] = smaller;
      hole = child;
    }
    heap[hole] = entry;
  }
}
