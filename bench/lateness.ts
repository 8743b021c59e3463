/** How late checkpoints are, from their proof, with many calls running; against objects whose alarm only fires. */
import { setTimeout as pause } from 'node:timers/promises';
import { Person } from './client.ts';
import { figure, type Report, type Settings } from './report.ts';
import type { BenchPerson, PersonWish } from './runtime/people.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { median, percentile } from './statistics.ts';
import { beginCall, HEARTBEAT_MS, type Talker } from './talker.ts';
import { every, publish } from './tariff.ts';

/** A checkpoint of each party this often: the pace of the default tariff. */
const EVERY_SECONDS = 60;
const MEASURED_SECONDS = 60;
const PLACED_AT_ONCE = 8;

interface Lateness {
  /** From the `pong` of the later party's proving ping until the checkpoint was heard, ms. */
  readonly heard: number[];
  /** From the second it fell due until it was recorded in the books, ms. */
  readonly recorded: number[];
  /** Checkpoints heard before the `pong` of a proof was: not measured. */
  readonly unproved: number;
  /** How many calls stood how at the end. */
  readonly states: string;
}

export async function lateness({ calls, folder, say }: Settings): Promise<Report> {
  const timerRuntime = await startRuntime(folder, 'timers');
  try {
    const before = await timersAlone(timerRuntime, calls);
    say(`lateness: ${before.length} timers fired`);
    const { heard, recorded, unproved, states } = await withCalls(folder, calls, say);
    const timers = [...before, ...(await timersAlone(timerRuntime, calls))];
    const row = (what: string, values: readonly number[]) => [
      what,
      String(values.length),
      figure(median(values)),
      figure(percentile(values, 0.99)),
      figure(Math.max(...values)),
      `${figure(median(values) - median(timers))}`,
      `${figure(percentile(values, 0.99) - percentile(timers, 0.99))}`,
    ];
    return {
      title: `Lateness of checkpoints with ${calls.toLocaleString('en-GB')} calls running`,
      method: `${(2 * calls).toLocaleString('en-GB')} sockets that ping every ${HEARTBEAT_MS / 1000} s and once at each \`nextAt\`; a checkpoint of both parties every ${EVERY_SECONDS} s, half of the pairs across two ledger shards; ${MEASURED_SECONDS} s, before and after which as many bare timers fire on a runtime of their own. Clients, Worker and databases share the machine.`,
      columns: ['ms', 'n', 'median', 'p99', 'most', 'median over the timer', 'p99 over the timer'],
      rows: [
        row('a timer alone: alarm due → running', timers),
        row('checkpoint due → recorded in the books', recorded),
        row('proof answered → checkpoint heard by its party', heard),
      ],
      notes: [`Calls at the end: ${states}. ${unproved} checkpoints could not be set beside their proof and are not counted.`],
    };
  } finally {
    await timerRuntime.stop();
  }
}

async function withCalls(folder: string, calls: number, say: Settings['say']): Promise<Lateness> {
  const runtime = await startRuntime(folder, 'lateness');
  try {
    return await measure(runtime, calls, say);
  } finally {
    await runtime.stop();
  }
}

async function measure(runtime: Runtime, calls: number, say: Settings['say']): Promise<Lateness> {
  const talks = await beginAll(runtime, calls, say);
  const heard: number[] = [];
  let unproved = 0;
  await pause(5_000);
  const from = Date.now();
  for (const ends of talks)
    for (const [n, end] of ends.entries())
      listen(end, ends[1 - n] as Talker, (ms) => {
        if (ms === null) unproved++;
        else heard.push(ms);
      });
  await pause(MEASURED_SECONDS * 1000);
  const recorded = await recordedSince(runtime, from);
  const states = [...Map.groupBy(talks, ([caller]) => caller.state)].map(([state, all]) => `${all.length} ${state}`).join(', ');
  for (const ends of talks) for (const end of ends) end.leave();
  say(`lateness: ${heard.length} checkpoints heard`);
  return { heard, recorded, unproved, states };
}

/** @param tell the lateness of each checkpoint this end hears, ms; null where its proof was not seen here */
function listen(end: Talker, other: Talker, tell: (ms: number | null) => void): void {
  end.onCheckpoint = (_frame, dueAt, heardAt) => {
    if (dueAt === null) return;
    const proofs = [end.provedAt(dueAt), other.provedAt(dueAt)];
    tell(proofs.every((at) => at !== null) ? heardAt - Math.max(...(proofs as number[])) : null);
    end.forget(dueAt - 2 * HEARTBEAT_MS);
  };
}

async function timersAlone(runtime: Runtime, count: number): Promise<number[]> {
  // As dense as the checkpoints will be: each call has one every EVERY_SECONDS.
  const spanMs = (EVERY_SECONDS * 1000) / 2;
  const first = Date.now() + 5_000;
  await runtime.ask(
    'timers',
    Array.from({ length: count }, (_, n) => Math.round(first + (n * spanMs) / count)),
  );
  await pause(first + spanMs + 1_000 - Date.now());
  return runtime.ask<number[]>('lateness');
}

async function recordedSince(runtime: Runtime, from: number): Promise<number[]> {
  const values: number[] = [];
  for (const database of ['LEDGER_0', 'LEDGER_1']) {
    const query = `SELECT created_at - event_at AS late FROM posting WHERE kind = 'checkpoint' AND event_at > ${from}`;
    values.push(...(await runtime.ask<{ late: number }[]>('select', { database, query })).map(({ late }) => late));
  }
  return values;
}

async function beginAll(runtime: Runtime, calls: number, say: Settings['say']): Promise<(readonly [Talker, Talker])[]> {
  await publish(runtime, every(EVERY_SECONDS));
  const talks: (readonly [Talker, Talker])[] = [];
  const wishes = Array.from({ length: calls }, (_, n): PersonWish[] => [
    { name: `late-member-${n}`, role: 'member', shard: n % 2, coins: 1_000_000 },
    { name: `late-companion-${n}`, role: 'companion', shard: n % 4 < 2 ? n % 2 : 1 - (n % 2) },
  ]).flat();
  const people: BenchPerson[] = [];
  for (let n = 0; n < wishes.length; n += 200) people.push(...(await runtime.ask<BenchPerson[]>('people', wishes.slice(n, n + 200))));
  say(`lateness: ${people.length} people made`);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < calls; n = next++) {
      const [member, companion] = people.slice(2 * n, 2 * n + 2).map((person) => new Person(runtime, person));
      if (!member || !companion) return;
      try {
        const { ends } = await beginCall({ member, companion }, [Math.random() * HEARTBEAT_MS, Math.random() * HEARTBEAT_MS]);
        talks.push(ends);
      } catch (thrown) {
        // On a machine that stands still for a while a call may not come about; the others are measured.
        say(`lateness: a call did not begin: ${(thrown as Error).message}`);
      }
      if (talks.length % 250 === 0) say(`lateness: ${talks.length} calls run`);
    }
  };
  await Promise.all(Array.from({ length: PLACED_AT_ONCE }, lane));
  return talks;
}
