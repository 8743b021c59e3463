/** How long a ring and an answer take, against a bare echo on the same runtime. */

import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { goldenTariff } from '../worker/domains/billing/golden-tariff.ts';
import { type Line, Person } from './client.ts';
import { figure, type Report, type Settings, spread } from './report.ts';
import type { BenchPerson, PersonWish } from './runtime/people.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { median, ratio, turnsOf } from './statistics.ts';
import { publish } from './tariff.ts';

const PAIRS = 4;
const ECHOES = 40;
const CALLS = 12;

interface Pair {
  readonly member: Person;
  readonly companion: Person;
  readonly ear: Line;
}

type Name = 'echo' | 'request' | 'ring' | 'accept';

export async function ring({ runs, folder, say }: Settings): Promise<Report> {
  const runtime = await startRuntime(folder, 'ring');
  const echo = await openEcho(runtime);
  try {
    const pairs = await makePairs(runtime);
    const rounds: Record<Name, number[]> = { echo: [], request: [], ring: [], accept: [] };
    const sections = {
      echo: async () => ({ echo: await medianOf(ECHOES, () => echoed(echo)) }),
      request: async () => ({
        request: await medianOf(ECHOES, () => timed(() => fetch(`${runtime.origin}/bench/echo`).then((r) => r.text()))),
      }),
      calls: () => callsOf(pairs),
    };
    for (let round = -1; round < runs; round++) {
      for (const section of turnsOf(Object.values(sections), round + 1))
        for (const [name, value] of Object.entries(await section())) if (round >= 0) rounds[name as Name].push(value);
      say(`ring: round ${round + 1} of ${runs}`);
    }
    for (const { ear } of pairs) ear.close();
    const row = (what: string, name: Name) => [
      what,
      `${figure(median(rounds[name]))} ms`,
      spread(ratio(rounds, name, 'echo')),
      spread(ratio(rounds, name, 'request')),
    ];
    return {
      title: 'Ring and answer',
      method: `${runs} rounds of ${CALLS} calls, one at a time, between rounds of ${ECHOES} echoes. Measured by the clients: from sending the request until the frame or the answer is there.`,
      columns: ['', 'median of medians', '× a socket echo', '× a request to a bare object'],
      rows: [
        row('socket echo by a bare object', 'echo'),
        row('HTTP request to a bare object', 'request'),
        row('`POST /calls` → `call.incoming` at the callee', 'ring'),
        row('`POST /calls/:id/accept` → media credentials', 'accept'),
      ],
    };
  } finally {
    echo.terminate();
    await runtime.stop();
  }
}

async function makePairs(runtime: Runtime): Promise<Pair[]> {
  await publish(runtime, goldenTariff);
  const wishes = Array.from({ length: PAIRS }, (_, n): PersonWish[] => [
    { name: `ring-member-${n}`, role: 'member', shard: n % 2, coins: 1_000_000 },
    { name: `ring-companion-${n}`, role: 'companion', shard: n % 2 },
  ]).flat();
  const people = await runtime.ask<BenchPerson[]>('people', wishes);
  const pairs: Pair[] = [];
  for (let n = 0; n < PAIRS; n++) {
    const [member, companion] = people.slice(2 * n, 2 * n + 2).map((person) => new Person(runtime, person));
    if (member && companion) pairs.push({ member, companion, ear: await companion.hub() });
  }
  return pairs;
}

async function callsOf(pairs: readonly Pair[]): Promise<{ ring: number; accept: number }> {
  const rings: number[] = [];
  const accepts: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const { member, companion, ear } = pairs[n % pairs.length] as Pair;
    const began = performance.now();
    const rung = ear.next('call.incoming').then(() => performance.now() - began);
    const { call } = await member.ask('POST', '/calls', { calleeId: companion.userId, media: 'audio' });
    rings.push(await rung);
    accepts.push(await timed(() => companion.ask('POST', `/calls/${call.id}/accept`, {})));
    const ended = ear.next('call.updated', (frame) => frame.call.id === call.id && frame.call.state === 'ended');
    await member.ask('POST', `/calls/${call.id}/end`, {});
    await ended;
    // Errands of the end are not the next call's.
    await pause(30);
  }
  return { ring: median(rings), accept: median(accepts) };
}

function openEcho(runtime: Runtime): Promise<WebSocket> {
  const socket = new WebSocket(`${runtime.origin.replace('http', 'ws')}/bench/echo`, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

const echoed = (socket: WebSocket): Promise<number> =>
  timed(
    () =>
      new Promise<void>((resolve) => {
        socket.once('message', () => resolve());
        socket.send('{"type":"echo"}');
      }),
  );

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function medianOf(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let n = 0; n < count; n++) values.push(await measure());
  return median(values);
}
