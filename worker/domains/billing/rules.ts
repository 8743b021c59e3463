/** Which tariff holds, what a tariff may say, and what state it is in (money.md, "Tariffs"). */
import type { CallKind } from '../../protocol/call/call.ts';
import type { FieldError } from '../../protocol/errors.ts';
import type { Tariff, TariffMatch, TariffParty, TariffTerms } from '../../protocol/http/tariffs.ts';
import type { Role } from '../../protocol/people.ts';
import { schedule } from './meter.ts';

/** What a call (or a message) is, as far as tariffs tell calls apart. */
export interface TariffQuestion {
  readonly kind: CallKind;
  readonly media: 'audio' | 'video' | 'text';
  readonly payerRole: Role;
  readonly payeeRole: Role;
  readonly direction: 'member_to_companion' | 'companion_to_member';
  readonly cohort?: string | undefined;
  /** Two capital letters, ISO 3166. */
  readonly country?: string | undefined;
}

/** The house carries what can't be paid in a call's first minute, three times a day, unless a tariff says otherwise. */
const DEFAULT_GRACE = { seconds: 60, perDay: 3 } as const;

const conditions = (match: TariffMatch): [keyof TariffMatch, string][] =>
  Object.entries(match).filter((entry): entry is [keyof TariffMatch, string] => entry[1] !== undefined);

/**
 * The tariff that holds: among those in force whose every condition fits, the one with the most conditions; among equals
 * the one in force since latest; among those the later id.
 */
export function pickTariff(inForce: readonly Tariff[], question: TariffQuestion): Tariff | null {
  const fitting = inForce.filter(({ match }) => conditions(match).every(([field, value]) => question[field] === value));
  return fitting.toSorted(bySpecificity)[0] ?? null;
}

function bySpecificity(a: Tariff, b: Tariff): number {
  return (
    conditions(b.match).length - conditions(a.match).length || compare(b.effectiveAt ?? '', a.effectiveAt ?? '') || compare(b.id, a.id)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Terms with what was left out filled in, so that a published tariff says everything by itself. */
export const withDefaults = (terms: TariffTerms): TariffTerms => ({
  name: terms.name,
  match: terms.match,
  parties: terms.parties,
  grace: terms.grace ?? DEFAULT_GRACE,
  maxSeconds: terms.maxSeconds ?? null,
});

/** What is wrong with terms whose shape is right; empty where nothing is. */
export function termsErrors({ parties }: TariffTerms): FieldError[] {
  const errors = parties.flatMap((party, index) => partyErrors(party, `parties.${index}`));
  const [first, second] = parties;
  if (first && second && first.party === second.party)
    errors.push({ path: 'parties.1.party', message: `there is a ${first.party} already` });
  if (!parties.some(({ party }) => party === 'payer')) errors.push({ path: 'parties', message: 'must have a payer' });
  return errors;
}

/** Who pays is debited in coins; who is paid is credited in earning coins. Units never mix. */
const sides = {
  payer: { unit: 'COIN', direction: 'debit' },
  payee: { unit: 'EARN', direction: 'credit' },
} as const;

function partyErrors({ party, unit, direction, checkpoints }: TariffParty, path: string): FieldError[] {
  const side = sides[party];
  const errors: FieldError[] = [];
  if (unit !== side.unit) errors.push({ path: `${path}.unit`, message: `must be ${side.unit} for the ${party}` });
  if (direction !== side.direction) errors.push({ path: `${path}.direction`, message: `must be ${side.direction} for the ${party}` });
  for (const [index, { atSeconds }] of checkpoints.entries()) {
    const before = checkpoints[index - 1];
    if (before && atSeconds <= before.atSeconds)
      errors.push({ path: `${path}.checkpoints.${index}.atSeconds`, message: `must be later than ${before.atSeconds}` });
  }
  return errors;
}

/**
 * The most checkpoints one call may come to, both sides together. Each is a posting and a line of a receipt that is read
 * in one piece: a minute-by-minute call of eight hours has a thousand.
 */
const MAX_CHECKPOINTS = 5_000;

/**
 * What is wrong with terms whose shape is right and whose longest call makes more checkpoints than are sane.
 * @param longestSeconds the longest call the settings allow; the lower of it and the tariff's own counts
 */
export function lengthErrors(terms: TariffTerms, longestSeconds: number): FieldError[] {
  const longest = Math.min(terms.maxSeconds ?? longestSeconds, longestSeconds);
  // At the last second itself the call ends before any checkpoint.
  const count = terms.parties.reduce((total, side) => total + schedule(side, longest - 1).length, 0);
  if (count <= MAX_CHECKPOINTS) return [];
  const message = `a call of ${longest} seconds would come to ${count} checkpoints, more than the ${MAX_CHECKPOINTS} allowed: set a shorter longest call, or repeat less often`;
  return [{ path: 'maxSeconds', message }];
}

/**
 * A version's state at `now`, from when it was published and when it was taken out of force: by a newer version, or by
 * staff, who may discard a draft too. Times in ms.
 */
export function stateAt(
  now: number,
  { publishedAt, retiredAt }: { publishedAt: number | null; retiredAt: number | null },
): Tariff['state'] {
  if (retiredAt !== null && retiredAt <= now) return 'retired';
  return publishedAt === null ? 'draft' : 'published';
}
