/**
 * Where members live, by the laws' own arithmetic: offsets from UTC written down by hand for 2026, and midnights counted
 * from them. Nothing shared with the calendar that the rules ask.
 */
export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

interface Zone {
  readonly name: string;
  /** Minutes ahead of UTC from each moment on (ms), first to last. */
  readonly offsets: readonly (readonly [from: number, minutes: number])[];
}

const always = (name: string, minutes: number): Zone => ({ name, offsets: [[0, minutes]] });
const changing = (name: string, ...offsets: (readonly [from: string, minutes: number])[]): Zone => ({
  name,
  offsets: offsets.map(([from, minutes]) => [Date.parse(from), minutes]),
});

/** Among them one whose clocks change at midnight itself, so that a day begins at one o'clock. */
export const zones: readonly Zone[] = [
  always('UTC', 0),
  changing('Europe/Berlin', ['2026-01-01T00:00Z', 60], ['2026-03-29T01:00Z', 120], ['2026-10-25T01:00Z', 60]),
  changing('America/New_York', ['2026-01-01T00:00Z', -300], ['2026-03-08T07:00Z', -240], ['2026-11-01T06:00Z', -300]),
  changing('Africa/Cairo', ['2026-01-01T00:00Z', 120], ['2026-04-23T22:00Z', 180], ['2026-10-29T21:00Z', 120]),
  always('Asia/Kathmandu', 345),
  always('Pacific/Kiritimati', 840),
  always('Pacific/Pago_Pago', -660),
];

/** Days worth living through: an ordinary one, and those on which somebody's clocks change (UTC noon). */
export const days = ['2026-03-08', '2026-03-29', '2026-04-24', '2026-06-10', '2026-10-25', '2026-10-30', '2026-11-01'].map((day) =>
  Date.parse(`${day}T12:00Z`),
);

const zoneOf = (name: string): Zone => {
  const found = zones.find((zone) => zone.name === name);
  if (found === undefined) throw new Error(`no clock for ${name}`);
  return found;
};

const offsetAt = ({ offsets }: Zone, at: number): number => (offsets.findLast(([from]) => from <= at)?.[1] ?? 0) * MINUTE_MS;

/** When the local day that holds `at` began, ms. */
export function midnightBefore(at: number, name: string): number {
  const zone = zoneOf(name);
  const dayOf = (moment: number) => Math.floor((moment + offsetAt(zone, moment)) / DAY_MS);
  const local = dayOf(at) * DAY_MS;
  const begins = zone.offsets.map(([, minutes]) => local - minutes * MINUTE_MS).filter((moment) => dayOf(moment) === dayOf(at));
  return Math.min(...begins);
}
