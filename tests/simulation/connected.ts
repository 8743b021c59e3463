/**
 * The oracle of connected time, independent of the meter: from nothing but the moments at which the server heard each
 * party. Silence up to `deadMs` that a later proof closes counts whole, longer silence not at all; time counts where
 * both were proved, from the moment both had media (money.md, "The meter").
 */

type Party = 'caller' | 'callee';
/** Rising times in pairs: [from, to, from, to, …]. */
type Runs = number[];

export class Connected {
  private readonly deadMs: number;
  private readonly runs: Record<Party, Runs> = { caller: [], callee: [] };
  private since: number | null = null;

  constructor(deadMs: number) {
    this.deadMs = deadMs;
  }

  /** The server heard this party. Times are the object's own clock, which never goes back. */
  proof(party: Party, at: number): void {
    const runs = this.runs[party];
    const last = runs.length - 1;
    const end = runs[last];
    if (end === undefined || at - end > this.deadMs) runs.push(at, at);
    else if (at > end) runs[last] = at;
  }

  /** Both have media: the clock starts. Later calls change nothing, as t0 stays. */
  start(at: number): void {
    this.since ??= at;
  }

  get started(): boolean {
    return this.since !== null;
  }

  lastProof(party: Party): number {
    return this.runs[party].at(-1) ?? 0;
  }

  /** The moment up to which both were heard, and no earlier than the start. */
  standsAt(): number {
    return Math.max(Math.min(this.lastProof('caller'), this.lastProof('callee')), this.since ?? 0);
  }

  /** Where the next proof of both begins to count: the earlier last proof, or the end of a silence that lies beyond it. */
  frontier(): number {
    const { caller, callee } = this.runs;
    return Math.max(this.standsAt(), caller.at(-2) ?? 0, callee.at(-2) ?? 0);
  }

  /** ms that both proved so far. */
  ms(): number {
    if (this.since === null) return 0;
    const { caller, callee } = this.runs;
    let total = 0;
    for (let a = 0, b = 0; a < caller.length && b < callee.length; ) {
      const [fromA, toA, fromB, toB] = [caller[a], caller[a + 1], callee[b], callee[b + 1]] as [number, number, number, number];
      const from = Math.max(fromA, fromB, this.since);
      const to = Math.min(toA, toB);
      if (to > from) total += to - from;
      if (toA < toB) a += 2;
      else b += 2;
    }
    return total;
  }
}
