/**
 * What the platform bills, beyond what its monthly plan includes, in US dollars: from stored copies of the vendor's pages
 * named beside each, looked up on 2026-11-21. The price of queues is from memory (a call uses none). Look again before
 * you rely on them.
 */
import type { Counts } from './runtime/counting.ts';

interface Price {
  readonly what: string;
  /** Dollars for a million. */
  readonly perMillion: number;
  readonly page: string;
  /** How many were billed. */
  readonly count: (counts: Counts) => number;
}

const ofObjects = (name: string): boolean => !/:(DB|LEDGER_\d+)$/.test(name);
const sum = (counts: Counts, fits: (name: string) => boolean): number =>
  Object.entries(counts).reduce((total, [name, count]) => total + (fits(name) ? count : 0), 0);
const kind = (name: string): string => name.replace(/:.*/, '');

/** Times an object was woken: methods, fetches, alarms, frames and closed sockets. */
export const wakeUps = (counts: Counts, of?: string): number =>
  sum(
    counts,
    (name) => /^(method \w+|fetch|alarm|socket message|socket close):/.test(name) && (of === undefined || name.endsWith(`:${of}`)),
  );

/** An object is billed as if it had this much memory, GB. */
const OBJECT_GB = 0.128;
/** Frames that come in over a socket are billed as a twentieth of a request. */
const FRAMES_A_REQUEST = 20;

export const prices: readonly Price[] = [
  { what: 'Worker requests', perMillion: 0.3, page: 'workers/platform/pricing', count: (counts) => counts['worker request'] ?? 0 },
  {
    what: 'object requests',
    perMillion: 0.15,
    page: 'durable-objects/platform/pricing',
    count: (counts) =>
      sum(counts, (name) => /^(method \w+|fetch|alarm)$/.test(kind(name))) +
      sum(counts, (name) => kind(name) === 'socket message') / FRAMES_A_REQUEST,
  },
  {
    what: 'object time awake, GB-s',
    perMillion: 12.5,
    page: 'durable-objects/platform/pricing',
    count: (counts) => (sum(counts, (name) => kind(name) === 'awake ms') / 1000) * OBJECT_GB,
  },
  {
    what: 'object rows read',
    perMillion: 0.001,
    page: 'durable-objects/platform/pricing',
    count: (counts) => sum(counts, (name) => kind(name) === 'rows read' && ofObjects(name)),
  },
  {
    // Setting an alarm is billed as a row written.
    what: 'object rows written, alarms set among them',
    perMillion: 1,
    page: 'durable-objects/platform/pricing',
    count: (counts) =>
      sum(counts, (name) => (kind(name) === 'rows written' && ofObjects(name)) || /^alarm (set|cleared)$/.test(kind(name))),
  },
  {
    what: 'D1 rows read',
    perMillion: 0.001,
    page: 'd1/platform/pricing',
    count: (counts) => sum(counts, (name) => kind(name) === 'rows read' && !ofObjects(name)),
  },
  {
    what: 'D1 rows written',
    perMillion: 1,
    page: 'd1/platform/pricing',
    count: (counts) => sum(counts, (name) => kind(name) === 'rows written' && !ofObjects(name)),
  },
  { what: 'queue operations', perMillion: 0.4, page: 'queues/platform/pricing', count: (counts) => counts['queue operation'] ?? 0 },
];

/** Dollars for what was counted. */
export const costOf = (counts: Counts): number =>
  prices.reduce((total, { perMillion, count }) => total + (perMillion * count(counts)) / 1_000_000, 0);

export const plus = (...all: readonly Counts[]): Counts => {
  const total: Counts = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  return total;
};

export const times = (counts: Counts, factor: number): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * factor]));

/** Those counts that `fits`. */
export const only = (counts: Counts, fits: (name: string) => boolean): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => fits(name)));
