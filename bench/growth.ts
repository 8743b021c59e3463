/** The same work with 1, 10 and 100 times the data: flat is the aim. */
import { goldenTariff } from '../worker/domains/billing/golden-tariff.ts';
import { Person } from './client.ts';
import { figure, type Report, type Settings, spread } from './report.ts';
import type { GrowthOrder } from './runtime/growth.ts';
import type { BenchPerson } from './runtime/people.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { interleave, median, type Rounds, ratio } from './statistics.ts';
import { publish } from './tariff.ts';

/** What there is at 1×; everything grows alike. */
const once = { companions: 25, postings: 2_000, ownPostings: 60, calls: 500, ownCalls: 30 } as const;
const factors = [1, 10, 100] as const;
type Factor = (typeof factors)[number];

const works = ['pairs posted', 'gallery', 'balance events', 'latest balance events', 'call list', 'balance'] as const;
type Work = (typeof works)[number];

interface Place {
  readonly runtime: Runtime;
  readonly reader: Person;
  /** The reader's newest event but a few. */
  readonly after: string;
}

const READS = 15;

export async function growth({ runs, folder, say }: Settings): Promise<Report> {
  const places = new Map<Factor, Place>();
  try {
    for (const factor of factors) {
      const began = performance.now();
      places.set(factor, await build(folder, factor));
      say(`growth: ${factor}× built in ${figure((performance.now() - began) / 1000)} s`);
    }
    const rows: string[][] = [];
    for (const work of works) {
      const measure = (factor: Factor) => [String(factor), () => timeOf(places.get(factor) as Place, work)] as const;
      const rounds = (await interleave(Object.fromEntries(factors.map(measure)), { runs })) as Rounds<`${Factor}`>;
      rows.push([
        work,
        ...factors.map((factor) => `${figure(median(rounds[`${factor}`]))} ms`),
        spread(ratio(rounds, '10', '1')),
        spread(ratio(rounds, '100', '1')),
      ]);
      say(`growth: ${work} done`);
    }
    return {
      title: 'Growth',
      method: `Three runtimes with ${once.companions}, ${once.postings.toLocaleString('en-GB')} and ${once.calls} companions, postings and calls (${once.ownPostings} and ${once.ownCalls} of them the reader's) and 10 and 100 times that; ${runs} rounds of ${READS} requests, the three in turn. Time a request; 1.0 is flat.`,
      columns: ['', '1×', '10×', '100×', '10× : 1×', '100× : 1×'],
      rows,
    };
  } finally {
    await Promise.all([...places.values()].map(({ runtime }) => runtime.stop()));
  }
}

async function build(folder: string, factor: Factor): Promise<Place> {
  const runtime = await startRuntime(folder, `growth-${factor}`);
  await publish(runtime, goldenTariff);
  const [reader, companion] = await runtime.ask<BenchPerson[]>('people', [
    { name: 'reader', role: 'member', shard: 0, coins: 100 },
    { name: 'talker', role: 'companion', shard: 0 },
  ]);
  if (!reader || !companion) throw new Error('nobody was made');
  const grown = Object.fromEntries(Object.entries(once).map(([name, count]) => [name, count * factor])) as unknown as typeof once;
  await runtime.ask('grow', { ...grown, reader: reader.userId, readerShard: 0, companion: companion.userId } satisfies GrowthOrder);
  const query = `SELECT id FROM balance_event WHERE owner = '${reader.userId}' ORDER BY seq DESC LIMIT 1 OFFSET 10`;
  const [event] = await runtime.ask<{ id: string }[]>('select', { database: 'LEDGER_0', query });
  return { runtime, reader: new Person(runtime, reader), after: event?.id ?? '' };
}

async function timeOf({ runtime, reader, after }: Place, work: Work): Promise<number> {
  const paths: Record<Exclude<Work, 'pairs posted'>, string> = {
    gallery: '/gallery',
    'balance events': '/me/balance/events',
    'latest balance events': `/me/balance/events?after=${after}`,
    'call list': '/calls',
    balance: '/me/balance',
  };
  const began = performance.now();
  if (work === 'pairs posted') await runtime.ask('ledger', { workload: 'pair', count: 10 * READS, lanes: 1 });
  else for (let n = 0; n < READS; n++) await reader.ask('GET', paths[work]);
  return (performance.now() - began) / (work === 'pairs posted' ? 10 * READS : READS);
}
