/**
 * The meter: which checkpoints of a tariff are due at a connected time, when the next one is, and how long the payer's
 * balance carries (money.md, "Tariffs"). Pure; every time is connected time, the clock of the call, never the wall's.
 */
import type { TariffParty, TariffTerms } from '../../protocol/http/tariffs.ts';
import type { Unit } from '../../protocol/money.ts';

export type Party = 'payer' | 'payee';

/** What the meter reads of a tariff; a published version and a draft under preview both fit. */
export type MeteredTariff = Pick<TariffTerms, 'parties' | 'grace' | 'maxSeconds'>;

/** One entry of a party's schedule. */
export interface Checkpoint {
  readonly party: Party;
  /** 0-based count in that party's own schedule, repeats counted on; part of the posting's key. */
  readonly n: number;
  readonly atSeconds: number;
  readonly unit: Unit;
  readonly amount: number;
}

/** Everything that falls due at one connected second; the payer comes first. */
export interface DueSecond {
  readonly atSeconds: number;
  readonly payer: Checkpoint | null;
  readonly payee: Checkpoint | null;
}

/** How far a party's checkpoints are posted. */
export interface Position {
  /** `n` of the next checkpoint. */
  readonly n: number;
  /** Its index in the present tariff's schedule; differs from `n` after the medium, and so the tariff, changed. */
  readonly index: number;
  /** What its checkpoints came to so far, whoever paid them; counts against the cap. */
  readonly total: number;
}

export interface Positions {
  readonly payer: Position;
  readonly payee: Position;
}

export interface MeterReading {
  /** Due and not posted, in order of their seconds. */
  readonly due: readonly DueSecond[];
  /** Connected ms of the next second that is not due yet; null if nothing follows. */
  readonly nextAt: number | null;
  readonly warning: {
    /** Connected ms at which the payer's means run out; null where they never do. */
    readonly runsOutAt: number | null;
  };
}

const START: Position = { n: 0, index: 0, total: 0 };
/** Where every call begins that does not resume another. */
export const beginning: Positions = { payer: START, payee: START };

/** A party's side of a tariff; undefined where it pays or earns nothing. */
export const sideOf = (tariff: Pick<MeteredTariff, 'parties'>, party: Party): TariffParty | undefined =>
  tariff.parties.find((side) => side.party === party);

/** The connected second of the entry at `index`; null past the end of a schedule that does not repeat. */
function secondAt(side: TariffParty, index: number): number | null {
  const single = side.checkpoints[index];
  if (single) return single.atSeconds;
  if (!side.then) return null;
  const last = side.checkpoints.at(-1)?.atSeconds ?? 0;
  return last + (index - side.checkpoints.length + 1) * side.then.everySeconds;
}

/**
 * The checkpoint at `position`, or null if none follows. The one that would pass the cap is cut to what is left of it,
 * and nothing comes after: the cap is the most a party pays or earns in one call, to the coin.
 */
export function checkpointAt(side: TariffParty, position: Position): Checkpoint | null {
  const atSeconds = secondAt(side, position.index);
  if (atSeconds === null) return null;
  const whole = side.checkpoints[position.index]?.amount ?? side.then?.amount ?? 0;
  const amount = side.cap == null ? whole : Math.min(whole, side.cap - position.total);
  return amount > 0 ? { party: side.party, n: position.n, atSeconds, unit: side.unit, amount } : null;
}

/** What a lone checkpoint covers, in seconds. */
const LONE_COVERS = 60;

/**
 * Connected seconds that the checkpoint at `position` covers: up to the party's next one. The last one covers as long as a
 * repeat, else as long as the one before it, else a minute; what comes after it is free. Null where there is none.
 */
export function coveredSeconds(side: TariffParty, position: Position): number | null {
  const checkpoint = checkpointAt(side, position);
  if (!checkpoint) return null;
  const next = checkpointAt(side, past(position, checkpoint));
  if (next) return next.atSeconds - checkpoint.atSeconds;
  const before = position.index > 0 ? secondAt(side, position.index - 1) : null;
  return side.then?.everySeconds ?? (before === null ? LONE_COVERS : checkpoint.atSeconds - before);
}

/**
 * What pays: seconds that are paid for already come first, then an amount in the payer's unit. Seconds that are too few for
 * a whole checkpoint are counted no more: they may be scraps of several means, which together would pay none.
 */
export interface Carrying {
  readonly seconds: number;
  readonly amount: number;
}

/** The position after `checkpoint` was posted. */
export const past = (position: Position, checkpoint: Pick<Checkpoint, 'amount'>): Position => ({
  n: position.n + 1,
  index: position.index + 1,
  total: position.total + checkpoint.amount,
});

/** A party's checkpoints up to and including the second `untilSeconds`, from the beginning. */
export function schedule(side: TariffParty, untilSeconds: number): Checkpoint[] {
  const checkpoints: Checkpoint[] = [];
  let position = START;
  for (;;) {
    const checkpoint = checkpointAt(side, position);
    if (!checkpoint || checkpoint.atSeconds > untilSeconds) return checkpoints;
    checkpoints.push(checkpoint);
    position = past(position, checkpoint);
  }
}

/**
 * Where a party goes on when another tariff takes over at `connectedMs`: at its first checkpoint later than that. `n`
 * and the total go on, so that no posting key comes twice.
 */
export function switchedTo(side: TariffParty | undefined, position: Position, connectedMs: number): Position {
  if (!side) return position;
  let index = 0;
  for (let at = secondAt(side, index); at !== null && at * 1000 <= connectedMs; at = secondAt(side, index)) index++;
  return { n: position.n, index, total: position.total };
}

/**
 * Reads the meter.
 * @param connectedMs proved connected time; a resumed call goes on from its offset
 * @param posted how far both parties' checkpoints are posted
 * @param means what the payer has; null where it is not known. It drives the warning alone: whether a checkpoint can be
 *   paid is decided by the ledger
 * @param graceLeft false where the house carries nothing (any more): a resumed call, or grace used up
 */
export function meter(
  tariff: MeteredTariff,
  connectedMs: number,
  posted: Positions,
  means: Carrying | null,
  graceLeft = true,
): MeterReading {
  const payerSide = sideOf(tariff, 'payer');
  const payeeSide = sideOf(tariff, 'payee');
  const due: DueSecond[] = [];
  let { payer, payee } = posted;
  for (;;) {
    const nextPayer = payerSide ? checkpointAt(payerSide, payer) : null;
    const nextPayee = payeeSide ? checkpointAt(payeeSide, payee) : null;
    if (!nextPayer && !nextPayee) return { due, nextAt: null, warning: warningOf(tariff, posted, means, graceLeft) };
    const atSeconds = Math.min(nextPayer?.atSeconds ?? Number.POSITIVE_INFINITY, nextPayee?.atSeconds ?? Number.POSITIVE_INFINITY);
    if (atSeconds * 1000 > connectedMs) {
      return { due, nextAt: atSeconds * 1000, warning: warningOf(tariff, posted, means, graceLeft) };
    }
    const second = {
      atSeconds,
      payer: nextPayer?.atSeconds === atSeconds ? nextPayer : null,
      payee: nextPayee?.atSeconds === atSeconds ? nextPayee : null,
    };
    if (second.payer) payer = past(payer, second.payer);
    if (second.payee) payee = past(payee, second.payee);
    due.push(second);
  }
}

function warningOf(tariff: MeteredTariff, posted: Positions, means: Carrying | null, graceLeft: boolean): MeterReading['warning'] {
  const seconds = means === null ? null : carriesUntil(tariff, posted.payer, means, graceLeft);
  return { runsOutAt: seconds === null ? null : seconds * 1000 };
}

/**
 * The connected second at which a call ends if nothing is added to `means`: the first checkpoint that can't be paid and
 * that the house does not carry, or the end of the grace. Null without end. A checkpoint is paid by seconds as a whole, or
 * by its amount.
 */
export function carriesUntil(tariff: MeteredTariff, from: Position, means: Carrying, graceLeft = true): number | null {
  const side = sideOf(tariff, 'payer');
  if (!side) return null;
  const graceSeconds = graceLeft ? (tariff.grace?.seconds ?? 0) : 0;
  let position = from;
  let { seconds, amount: left } = means;
  let carried = false;
  for (;;) {
    const checkpoint = checkpointAt(side, position);
    if (!checkpoint) return carried ? graceSeconds : null;
    if (carried && checkpoint.atSeconds > graceSeconds) return graceSeconds;
    const repeats = position.index >= side.checkpoints.length;
    if (repeats && side.then && checkpoint.atSeconds >= graceSeconds && !carried) {
      return endOfRepeats(side, side.then, position, { seconds, amount: left });
    }
    const covers = coveredSeconds(side, position);
    if (covers !== null && covers <= seconds) {
      seconds -= covers;
      carried = false;
    } else if (checkpoint.amount <= left) {
      left -= checkpoint.amount;
      seconds = 0;
      carried = false;
    } else if (checkpoint.atSeconds < graceSeconds) {
      carried = true;
    } else {
      return checkpoint.atSeconds;
    }
    position = past(position, checkpoint);
  }
}

/** Repeats are all alike, so the one that can't be paid is found by division, however rich the payer. */
function endOfRepeats(side: TariffParty, then: NonNullable<TariffParty['then']>, position: Position, means: Carrying): number | null {
  const capLeft = side.cap == null ? Number.POSITIVE_INFINITY : side.cap - position.total;
  const whole = Math.floor(capLeft / then.amount);
  const prepaid = Math.floor(means.seconds / then.everySeconds);
  if (prepaid >= Math.ceil(capLeft / then.amount)) return null;
  const payable = prepaid + Math.floor(means.amount / then.amount);
  if (payable < whole) return secondAt(side, position.index + payable);
  // The cap comes before the means run out, unless its last, cut checkpoint can't be paid.
  const lastAmount = capLeft - whole * then.amount;
  const rest = means.amount - (whole - prepaid) * then.amount;
  return lastAmount > rest ? secondAt(side, position.index + whole) : null;
}
