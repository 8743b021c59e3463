/** One run: announcements go to everybody, the runtime is killed in the middle, more than once, and all comes to an end. */
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../simulation/random.ts';
import type { Town } from '../town.ts';
import type { Findings, Told } from './checks.ts';
import { letHoursPass } from './hours.ts';
import type { Person } from './person.ts';
import type { Provider } from './provider.ts';
import { readStored } from './stored.ts';

/** Nothing is given up before this, ms: only what stands still reaches it. */
const PATIENCE_MS = 600_000;
const LOOK_EVERY_MS = 200;

export interface Outcome {
  readonly findings: Findings;
  /** Pushes that had been taken at each kill. */
  readonly kills: readonly number[];
  /** Pushes that were taken more than once, under their id. */
  readonly repeats: number;
}

/** Leaves the Worker killed. */
export async function crashOnce(
  town: Town,
  people: readonly Person[],
  provider: Provider,
  order: { run: number; seed: string; announcements: number },
): Promise<Outcome> {
  const random = new Random(`${order.seed}/${order.run}/notify`);
  const before = provider.taken;
  await everybody(people, (person) => person.registerPhone());
  await everybody(people, (person) => person.open());
  const ids = await announce(town, order);

  const kills: number[] = [];
  const most = people.length * order.announcements;
  const times = random.int(1, 3);
  for (let n = 0; n < times; n += 1) {
    const enough = before + random.int(0, Math.floor(most / (times - n + 1)));
    const patience = performance.now() + random.int(500, 60_000);
    while (provider.taken < enough && performance.now() < patience) await pause(20);
    await pause(random.int(0, 300));
    await town.stack.kill9();
    kills.push(provider.taken - before);
    for (const person of people) person.cut();
    letHoursPass(town.stack.state);
    await town.stack.restartWorker();
    await everybody(people, (person) => person.open());
    // Whoever asks for anything wakes their hub, which finds what it had ordered.
    await everybody(people, (person) => person.client.get('/me/notifications?limit=1'));
    await town.stack.tick();
  }

  const end = performance.now() + PATIENCE_MS;
  let told: Told[] = [];
  for (let ticked = performance.now(); performance.now() < end; await pause(LOOK_EVERY_MS)) {
    if (performance.now() - ticked > 20_000) {
      await town.stack.tick();
      ticked = performance.now();
    }
    told = await everybody(people, (person) => inboxOf(person));
    if (told.every((person) => isTold(person, ids, provider))) break;
  }
  // What is marked after the provider's yes is on its way; so is the hub's word of it.
  await pause(3_000);
  await town.stack.kill9();
  for (const person of people) person.cut();
  const arrivals = provider.arrivals();
  return {
    findings: { people: told, announcements: ids, arrivals, ...readStored(town.stack.state) },
    kills,
    repeats: arrivals.filter(({ times: taken }) => taken > 1).length,
  };
}

async function announce(
  { admin }: Town,
  { run, seed, announcements }: { run: number; seed: string; announcements: number },
): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: announcements }, (_, n) =>
      admin.must(
        admin.post('/admin/announcements', { audience: 'everybody', title: `Run ${run}`, body: `Word ${n}` }, `${seed}/${run}/${n}`),
      ),
    ),
  );
  return made.map(({ announcement }) => announcement.id as string);
}

/** Some at a time: a hundred at once would only wait for one another. */
async function everybody<T>(people: readonly Person[], work: (person: Person) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < people.length; from += 10) results.push(...(await Promise.all(people.slice(from, from + 10).map(work))));
  return results;
}

async function inboxOf(person: Person): Promise<Told> {
  const inbox: { id: string; announcement: string; seq: number }[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/me/notifications?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await person.client.get(path);
    for (const { id, kind, seq, body: facts } of body?.items ?? [])
      if (kind === 'announcement') inbox.push({ id, seq, announcement: facts.announcementId });
    cursor = body?.nextCursor ?? null;
  }
  return { email: person.client.email, token: person.token, shows: person.app === 'shows', shown: person.shown, inbox };
}

function isTold({ token, shown, inbox }: Told, ids: readonly string[], provider: Provider): boolean {
  const arrived = new Set(provider.arrivals().flatMap((arrival) => (arrival.token === token ? [arrival.notification] : [])));
  const mine = inbox.filter(({ announcement }) => ids.includes(announcement));
  return mine.length >= ids.length && mine.every(({ id }) => arrived.has(id) || shown.has(id));
}
