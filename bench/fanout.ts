/** One notification to many people: how many are told a second, against the least that a queue and objects can do, and what it costs. */
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox } from '../sandbox/server.ts';
import { costOf, prices, times } from './prices.ts';
import { figure, type Report, type Settings, spread } from './report.ts';
import type { Counts } from './runtime/counting.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { median, ratio, turnsOf } from './statistics.ts';

/** People of the counted runs; scaled to a thousand. */
const COUNTED = 200;
const LOOK_EVERY_MS = 50;
/** No message has come for so long: what is counted is whole, ms. */
const QUIET_MS = 15_000;

export async function fanout({ runs, people, folder, say }: Settings): Promise<Report> {
  const rounds = await throughput(folder, runs, people, say);
  const counted = {
    'no phone, app closed': await count(folder, false, say),
    'one phone by FCM, app closed': await count(folder, true, say),
  };
  const perSecond = (name: 'told' | 'through' | 'bare'): string => figure(median(rounds[name]));
  const dollars = (counts: Counts): string => `$${costOf(counts).toFixed(4)}`;
  const columns = Object.entries(counted);
  return {
    title: `One notification to ${people.toLocaleString('en-GB')} people`,
    method: `${runs} rounds, in turn with as many messages of a bare queue to as many bare objects that keep one row each; pages of 50. *Told*: the person’s hub has it, and so has any open app. *Through*: every climb outside the app has come to its end too (here nobody has a phone). Counted on ${COUNTED} people each, for a thousand; prices without what a plan includes, awake time is this machine’s.`,
    columns: ['', 'people/s', 'bare : ours', ...columns.map(([name]) => `1,000 people: ${name}`)],
    rows: [
      ['told', perSecond('told'), spread(ratio(rounds, 'bare', 'told')), ...columns.map(() => '')],
      ['through', perSecond('through'), spread(ratio(rounds, 'bare', 'through')), ...columns.map(() => '')],
      ['bare queue and objects', perSecond('bare'), '1', ...columns.map(() => '')],
      ...prices.map((price) => [price.what, '', '', ...columns.map(([, counts]) => figure(price.count(counts)))]),
      ['**price**', '', '', ...columns.map(([, counts]) => `**${dollars(counts)}**`)],
    ],
  };
}

type Rounds = Record<'told' | 'through' | 'bare', number[]>;

async function throughput(folder: string, runs: number, people: number, say: Settings['say']): Promise<Rounds> {
  const runtime = await startRuntime(folder, 'fanout');
  const rounds: Rounds = { told: [], through: [], bare: [] };
  try {
    await runtime.ask('gather', { people, phones: false });
    say(`fanout: ${people} people are here`);
    for (let round = -1; round < runs; round++) {
      const sections = [() => ours(runtime, people), () => bare(runtime, people, round)];
      for (const section of turnsOf(sections, round + 1))
        for (const [name, value] of Object.entries(await section())) if (round >= 0) rounds[name as keyof Rounds].push(value);
      const newest = Object.entries(rounds).map(([name, values]) => `${name} ${figure(values.at(-1) ?? 0)}/s`);
      say(`fanout: round ${round + 1} of ${runs}${round < 0 ? '' : `: ${newest.join(', ')}`}`);
    }
    return rounds;
  } finally {
    await runtime.stop();
  }
}

async function ours(runtime: Runtime, people: number): Promise<{ told: number; through: number }> {
  const began = performance.now();
  const id = await runtime.ask<string>('tellCrowd');
  let told = 0;
  for (;;) {
    const progress = await runtime.ask<{ told: number; climbed: number }>('progress', id);
    const seconds = (performance.now() - began) / 1_000;
    if (told === 0 && progress.told >= people) told = people / seconds;
    if (told > 0 && progress.climbed >= people) return { told, through: people / seconds };
    await pause(LOOK_EVERY_MS);
  }
}

async function bare(runtime: Runtime, people: number, round: number): Promise<{ bare: number }> {
  const began = performance.now();
  await runtime.ask('tellBare', { people, round: `round ${round}` });
  while ((await runtime.ask<number>('bareKept')) < people) await pause(LOOK_EVERY_MS);
  return { bare: people / ((performance.now() - began) / 1_000) };
}

/** What is billed until nothing moves any more, for a thousand people. */
async function count(folder: string, phones: boolean, say: Settings['say']): Promise<Counts> {
  const outside = createSandbox();
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const SANDBOX_ORIGIN = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const runtime = await startRuntime(folder, `fanout-${phones ? 'phones' : 'none'}`, { counting: true, variables: { SANDBOX_ORIGIN } });
  try {
    await runtime.ask('gather', { people: COUNTED, phones });
    // The first word makes the hubs; what that costs belongs to no notification.
    for (let word = 0; word < 2; word++) {
      await runtime.ask('counts');
      await runtime.ask('tellCrowd');
      // Asked without a query, which would be counted too.
      while ((await runtime.ask<number>('quietFor')) < QUIET_MS) await pause(LOOK_EVERY_MS);
    }
    say(`fanout: counted ${phones ? 'with' : 'without'} phones`);
    return times(await runtime.ask<Counts>('counts'), 1_000 / COUNTED);
  } finally {
    await runtime.stop();
    outside.closeAllConnections();
    await new Promise((resolve) => outside.close(resolve));
  }
}
