/** What calls that were would have come to under a draft: both sides by their schedules, at the connected time. */
import type { CallKind, CallMedia } from '../../protocol/call/call.ts';
import type { Tariff, TariffTerms } from '../../protocol/http/tariffs.ts';
import type { TariffId } from '../../protocol/ids.ts';
import { type Party, schedule, sideOf } from './meter.ts';
import { pickTariff, withDefaults } from './rules.ts';

/** Calls alike, counted. */
export interface ReplayedCall {
  readonly tariffId: string;
  readonly media: CallMedia;
  readonly kind: CallKind;
  readonly direction: 'member_to_companion' | 'companion_to_member';
  readonly connectedSeconds: number;
  readonly calls: number;
}

interface Sums {
  paid: number;
  earned: number;
}

export interface ReplayBand {
  readonly fromSeconds: number;
  readonly toSeconds: number | null;
  calls: number;
  readonly before: Sums;
  readonly after: Sums;
}

export interface Replay {
  calls: number;
  applies: number;
  readonly before: Sums;
  readonly after: Sums;
  readonly bands: ReplayBand[];
}

/** Where the bands of duration begin, in seconds. */
const BANDS = [0, 60, 300, 900, 1800, 3600] as const;

/**
 * Replays `calls` against a draft.
 * @param had the tariffs the calls had, by id; a call whose tariff is unknown counts as costing nothing before
 * @param draft.replaces the line the draft belongs to: its version in force would be gone
 */
export function replay(
  calls: readonly ReplayedCall[],
  had: ReadonlyMap<string, Tariff>,
  inForce: readonly Tariff[],
  draft: { terms: TariffTerms; lineId: TariffId | null },
): Replay {
  // Published now it would be the newest: among equally specific tariffs it wins.
  const drafted: Tariff = {
    ...withDefaults(draft.terms),
    id: DRAFT,
    lineId: draft.lineId ?? DRAFT,
    version: 0,
    state: 'draft',
    createdAt: LAST,
    publishedAt: LAST,
    effectiveAt: LAST,
  };
  const then = [...inForce.filter(({ lineId }) => lineId !== draft.lineId), drafted];
  const longest = calls.reduce((most, { connectedSeconds }) => Math.max(most, connectedSeconds), 0);
  const priced = new Map<Tariff, Pricing>();
  const sumsOf = (tariff: Tariff | undefined, seconds: number): Sums => {
    if (!tariff) return { paid: 0, earned: 0 };
    const pricing = priced.get(tariff) ?? pricingOf(tariff, longest);
    priced.set(tariff, pricing);
    return { paid: pricing.payer(seconds), earned: pricing.payee(seconds) };
  };
  const bands = BANDS.map(
    (fromSeconds, n): ReplayBand => ({ fromSeconds, toSeconds: BANDS[n + 1] ?? null, calls: 0, before: none(), after: none() }),
  );
  const total: Replay = { calls: 0, applies: 0, before: none(), after: none(), bands };
  for (const one of calls) {
    const band = bands.findLast(({ fromSeconds }) => fromSeconds <= one.connectedSeconds);
    const { media, kind, direction } = one;
    const applies = pickTariff(then, { media, kind, direction, payerRole: 'member', payeeRole: 'companion' })?.id === DRAFT;
    const before = sumsOf(had.get(one.tariffId), one.connectedSeconds);
    const after = applies ? sumsOf(drafted, one.connectedSeconds) : before;
    for (const sums of band ? [total, band] : [total]) {
      sums.calls += one.calls;
      add(sums.before, before, one.calls);
      add(sums.after, after, one.calls);
    }
    if (applies) total.applies += one.calls;
  }
  return total;
}

const DRAFT = 'tar_draft' as TariffId;
const LAST = '9999-12-31T23:59:59.999Z';
const none = (): Sums => ({ paid: 0, earned: 0 });

function add(to: Sums, { paid, earned }: Sums, times: number): void {
  to.paid += paid * times;
  to.earned += earned * times;
}

type Pricing = Readonly<Record<Party, (seconds: number) => number>>;

/** Sums by second, found by halving: a schedule is walked once however many calls are asked about. */
function pricingOf(tariff: Tariff, longest: number): Pricing {
  const until = Math.min(longest, tariff.maxSeconds ?? longest);
  const sums = (party: Party) => {
    const side = sideOf(tariff, party);
    let sum = 0;
    const steps = (side ? schedule(side, until) : []).map(({ atSeconds, amount }) => {
      sum += amount;
      return { atSeconds, sum };
    });
    return (seconds: number): number => {
      let [low, high] = [0, steps.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((steps[middle]?.atSeconds ?? 0) <= seconds) low = middle + 1;
        else high = middle;
      }
      return steps[low - 1]?.sum ?? 0;
    };
  };
  return { payer: sums('payer'), payee: sums('payee') };
}
