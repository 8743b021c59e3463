/** What an 18-minute call costs, counted in real time around the product, against the same call kept up by polling. */

import { setTimeout as pause } from 'node:timers/promises';
import { goldenTariff } from '../worker/domains/billing/golden-tariff.ts';
import { Person } from './client.ts';
import { costOf, only, plus, prices, times, wakeUps } from './prices.ts';
import { figure, type Report, type Settings } from './report.ts';
import type { Counts } from './runtime/counting.ts';
import type { BenchPerson } from './runtime/people.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { beginCall, HEARTBEAT_MS } from './talker.ts';
import { publish } from './tariff.ts';

const POLL_SECONDS = 5;
/** Polls that the count of one is taken from. */
const POLLS = 20;
/** Session descriptions and candidates each side sends. */
const SIGNALS = 8;

interface Counted {
  /** From the ring until both are connected. */
  readonly beginning: Counts;
  readonly talk: Counts;
  /** From hanging up until it is settled and both have read the receipt. */
  readonly end: Counts;
  /** One party asking once how its call stands and what it has left. */
  readonly poll: Counts;
  /** From the last ping of a party that falls silent until the other is told, ms. */
  readonly silenceFoundMs: number;
}

export async function cost({ folder, minutes, say }: Settings): Promise<Report> {
  const counted = await count(folder, minutes, say);
  const { beginning, talk, end, poll, silenceFoundMs } = counted;
  const polls = (2 * minutes * 60) / POLL_SECONDS;
  const ours = plus(beginning, talk, end);
  // What is posted is posted either way; sockets, alarms and words to the hubs are what polling would replace.
  const books = only(talk, (name) => /:LEDGER_\d$/.test(name));
  const polling = plus(beginning, end, books, times(poll, polls));
  const dollars = (counts: Counts) => `$${(1000 * costOf(counts)).toFixed(3)}`;
  const cost = (counts: Counts, of: (typeof prices)[number]) => `$${((of.perMillion * of.count(counts)) / 1000).toFixed(3)}`;
  return {
    title: `What a call of ${minutes} minutes costs`,
    method: `One call at the default tariff and settings in real time, both people with a hub socket beside the call's, ${SIGNALS} signals each way; counted around the product's code (bindings, handlers, SQL cursors, D1 answers). Polling: each party asks \`GET /calls/:id\` and \`GET /me/balance\` every ${POLL_SECONDS} s (${figure(polls)} times two requests, counted on ${POLLS}); its beginning, end and postings are the same. Prices without what a plan includes; awake time is this machine's.`,
    columns: ['billed', 'a call', 'price of 1,000 calls', 'polling', 'price of 1,000', 'source'],
    rows: [
      ...prices.map((price) => [
        price.what,
        figure(price.count(ours)),
        cost(ours, price),
        figure(price.count(polling)),
        cost(polling, price),
        price.page,
      ]),
      ['**together**', '', `**${dollars(ours)}**`, '', `**${dollars(polling)}**`, ''],
      ['wake-ups of the call’s object', figure(wakeUps(ours, 'CallSession')), '', figure(wakeUps(polling, 'CallSession')), '', ''],
      ['… of them alarms', figure(ours['alarm:CallSession'] ?? 0), '', '', '', ''],
      ['wake-ups of all objects', figure(wakeUps(ours)), '', figure(wakeUps(polling)), '', ''],
    ],
    notes: [
      `Cost against polling: **${(costOf(ours) / costOf(polling)).toFixed(2)}** of it; wake-ups of the call's object ${(wakeUps(ours, 'CallSession') / wakeUps(polling, 'CallSession')).toFixed(2)}.`,
      `A party that falls silent is found ${(silenceFoundMs / 1000).toFixed(1)} s after its last ping.`,
      `Where the wake-ups of the call's object come from: ${sources(ours, 'CallSession')}.`,
      `Those of the hubs: ${sources(ours, 'UserHub')}.`,
      `Rows written and alarms set: ${rows(ours)}.`,
    ],
  };
}

const sources = (counts: Counts, of: string): string =>
  Object.entries(counts)
    .filter(([name]) => wakeUps({ [name]: 1 }, of) === 1)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name.replace(/:.*/, '')} ${count}`)
    .join(', ');

const rows = (counts: Counts): string =>
  Object.entries(counts)
    .filter(([name, count]) => count > 0 && /^(rows written|alarm set|alarm cleared):/.test(name))
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name.replace(':', ' ')} ${count}`)
    .join(', ');

async function count(folder: string, minutes: number, say: Settings['say']): Promise<Counted> {
  const runtime = await startRuntime(folder, 'cost', { counting: true });
  try {
    await publish(runtime, goldenTariff);
    const pair = await signIn(runtime);
    const hubs = [await pair.member.hub(), await pair.companion.hub()];
    const heartbeat = setInterval(() => {
      for (const hub of hubs) hub.ping();
    }, HEARTBEAT_MS);
    await pause(2_000);
    await runtime.ask('counts');

    const { id, ends } = await beginCall(pair, [700, 2_900]);
    for (const end of ends) for (let n = 0; n < SIGNALS; n++) end.signal({ candidate: `candidate ${n}` });
    await pause(500);
    const beginning = await runtime.ask<Counts>('counts');
    for (let minute = 1; minute <= minutes; minute++) {
      await pause(60_000);
      say(`cost: minute ${minute} of ${minutes}`);
    }
    const talk = await runtime.ask<Counts>('counts');
    // Tokens live fifteen minutes; what signing in again costs belongs to no call.
    const fresh = await signIn(runtime);
    await runtime.ask('counts');
    await ends[0].end();
    await Promise.all([fresh.member, fresh.companion].map((person) => person.ask('GET', `/calls/${id}/receipt`)));
    await pause(2_000);
    for (const end of ends) end.leave();
    const end = await runtime.ask<Counts>('counts');

    const silenceFoundMs = await silence(fresh);
    await pause(1_000);
    await runtime.ask('counts');
    const poll = await pollsOf(runtime, fresh);
    clearInterval(heartbeat);
    for (const hub of hubs) hub.close();
    return { beginning, talk, end, poll, silenceFoundMs };
  } finally {
    await runtime.stop();
  }
}

/** The same two people each time, with fresh tokens. */
async function signIn(runtime: Runtime): Promise<{ member: Person; companion: Person }> {
  const [member, companion] = await runtime.ask<BenchPerson[]>('people', [
    { name: 'cost-member', role: 'member', shard: 0, coins: 1_000_000 },
    { name: 'cost-companion', role: 'companion', shard: 0 },
  ]);
  if (!member || !companion) throw new Error('nobody was made');
  return { member: new Person(runtime, member), companion: new Person(runtime, companion) };
}

async function silence(pair: { member: Person; companion: Person }): Promise<number> {
  const { ends } = await beginCall(pair);
  const [member, companion] = ends;
  await pause(12_000);
  const told = new Promise<number>((resolve) => {
    member.onState = ({ state }) => {
      if (state === 'reconnecting') resolve(Date.now());
    };
  });
  companion.silence();
  const last = companion.lastPingAt;
  const found = (await told) - last;
  await member.end();
  for (const end of ends) end.leave();
  return found;
}

/** Counted on a call that runs, in less time than anything else wakes it. */
async function pollsOf(runtime: Runtime, pair: { member: Person; companion: Person }): Promise<Counts> {
  const { id, ends } = await beginCall(pair);
  await pause(1_500);
  await runtime.ask('counts');
  for (let n = 0; n < POLLS; n++)
    for (const path of [`/calls/${id}`, '/me/balance']) await (n % 2 ? pair.member : pair.companion).ask('GET', path);
  const counts = times(await runtime.ask<Counts>('counts'), 1 / POLLS);
  for (const end of ends) end.leave();
  return counts;
}
