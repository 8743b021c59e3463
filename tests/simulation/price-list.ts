/** What a tariff asks for, by the laws' own arithmetic: plain loops over its data, nothing shared with the meter. */
import type { TariffParty, TariffTerms } from '../../worker/protocol/http/tariffs.ts';

export interface Priced {
  readonly atSeconds: number;
  readonly amount: number;
}

export class PriceList {
  private readonly side: TariffParty | undefined;
  private readonly start: { readonly index: number; readonly total: number };
  private readonly known: Priced[] = [];
  private total: number;

  /** @param start where a call stands in the schedule when this tariff takes over, and what it came to before */
  constructor(terms: Pick<TariffTerms, 'parties'>, party: 'payer' | 'payee', start = { index: 0, total: 0 }) {
    this.side = terms.parties.find((side) => side.party === party);
    this.start = start;
    this.total = start.total;
  }

  get unit() {
    return this.side?.unit;
  }

  /** The `n`th checkpoint from the start, repeats counted on; undefined past the cap or the end of the schedule. */
  checkpoint(n: number): Priced | undefined {
    while (this.known.length <= n) {
      const next = this.whole(this.start.index + this.known.length);
      if (next === undefined) return undefined;
      const amount = Math.min(next.amount, (this.side?.cap ?? Number.POSITIVE_INFINITY) - this.total);
      if (amount <= 0) return undefined;
      this.total += amount;
      this.known.push({ atSeconds: next.atSeconds, amount });
    }
    return this.known[n];
  }

  /** Seconds that the `n`th checkpoint covers: up to the next; the last as long as a repeat, as the one before it, or a minute. */
  covers(n: number): number {
    const [here, next] = [this.checkpoint(n), this.checkpoint(n + 1)];
    if (here && next) return next.atSeconds - here.atSeconds;
    if (this.side?.then) return this.side.then.everySeconds;
    const index = this.start.index + n;
    const before = index > 0 ? this.whole(index - 1) : undefined;
    return here && before ? here.atSeconds - before.atSeconds : 60;
  }

  private whole(index: number): Priced | undefined {
    const { checkpoints = [], then = null } = this.side ?? {};
    const single = checkpoints[index];
    if (single || then === null) return single;
    let atSeconds = checkpoints.at(-1)?.atSeconds ?? 0;
    for (let repeat = checkpoints.length; repeat <= index; repeat++) atSeconds += then.everySeconds;
    return { atSeconds, amount: then.amount };
  }

  /** How many checkpoints lie at or before this second. */
  countUntil(seconds: number): number {
    let n = 0;
    while ((this.checkpoint(n)?.atSeconds ?? Number.POSITIVE_INFINITY) <= seconds) n += 1;
    return n;
  }
}
