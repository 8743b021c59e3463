/** Conversations: messages that are durable and come to everybody, against the limits of the runtime and against peers. */
import { broadcast, type Contender, echo, party, socketIo } from './chat/contenders.ts';
import { chatGrowth } from './chat/growth.ts';
import { type Load, type Measured, Meter } from './chat/meter.ts';
import { hearthline } from './chat/ours.ts';
import { figure, type Report, type Settings, spread } from './report.ts';
import { startRuntime } from './runtime/start.ts';
import { median, ratio, turnsOf } from './statistics.ts';

interface Scenario {
  readonly title: string;
  readonly rooms: number;
  readonly sockets: number;
  /** Sockets of each room that write. */
  readonly writers: number;
  readonly inFlight: number;
  /** How long is written in each measurement, ms. */
  readonly forMs: number;
}

const scenarios: readonly Scenario[] = [
  { title: 'one message at a time, two in the room', rooms: 1, sockets: 2, writers: 1, inFlight: 1, forMs: 1_500 },
  { title: 'one room of 20, each with 10 on their way', rooms: 1, sockets: 20, writers: 20, inFlight: 10, forMs: 1_500 },
  { title: '20 rooms of 2, each with 5 on their way', rooms: 20, sockets: 2, writers: 2, inFlight: 5, forMs: 1_500 },
  { title: 'one room of 500, 20 of them write', rooms: 1, sockets: 500, writers: 20, inFlight: 1, forMs: 2_500 },
  { title: 'one room of 2,000, 20 of them write', rooms: 1, sockets: 2_000, writers: 20, inFlight: 1, forMs: 5_000 },
];

export const chat = async (settings: Settings): Promise<readonly Report[]> => [await side(settings), await chatGrowth(settings)];

async function side({ runs, folder, say }: Settings): Promise<Report> {
  const runtime = await startRuntime(folder, 'chat');
  const contenders: Contender[] = [];
  try {
    contenders.push(hearthline(runtime), echo(runtime), broadcast(runtime), party(runtime));
    contenders.push(await socketIo('socket.io, storing nothing', folder));
    contenders.push(await socketIo('socket.io, storing with full sync', folder, `${folder}/socketio.sqlite`));
    const rows: string[][] = [];
    for (const scenario of scenarios) {
      rows.push([`**${scenario.title}**`, '', '', '', '', '', '']);
      const compared = await compare(scenario, contenders, runs, say);
      rows.push(...compared);
      say(`chat: ${scenario.title}\n${compared.map((cells) => `         ${cells.join('  ')}`).join('\n')}`);
    }
    return {
      title: 'Conversations',
      method: `WebSockets on loopback; ${runs} rounds of ${[...new Set(scenarios.map(({ forMs }) => forMs / 1_000))].join(' to ')} s, all in turn, after ${WARM_MS / 1_000} s of warming up. A message counts when it was acknowledged and has come to every socket of its room. Fairness: the fewest answers any writing socket got, to the most.`,
      columns: ['', 'ours : theirs', 'messages/s', 'p50', 'p99', 'fewest : most', 'oldest unanswered'],
      rows,
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
    await runtime.stop();
  }
}

async function compare(scenario: Scenario, contenders: readonly Contender[], runs: number, say: Settings['say']): Promise<string[][]> {
  const measured = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  const stages = await openStages(scenario, contenders);
  say(`chat: ${scenario.title}: everybody is there`);
  try {
    for (let round = -1; round < runs; round++)
      for (const stage of turnsOf(stages, round + 1)) {
        const result = await stage.measure();
        if (round >= 0) measured.get(stage.name)?.push(result);
      }
  } finally {
    for (const { close } of stages) close();
  }
  const of = (name: string, what: (each: Measured) => number): number[] => (measured.get(name) ?? []).map(what);
  const rounds = Object.fromEntries(contenders.map(({ name }) => [name, of(name, ({ perSecond }) => perSecond)]));
  return contenders.map(({ name }) => [
    name,
    name === 'Hearthline' ? '' : spread(ratio(rounds, 'Hearthline', name)),
    figure(median(rounds[name] ?? [])),
    `${figure(median(of(name, ({ p50 }) => p50)))} ms`,
    `${figure(median(of(name, ({ p99 }) => p99)))} ms`,
    figure(median(of(name, ({ fewest, most }) => fewest / most))),
    `${figure(Math.max(...of(name, ({ oldest }) => oldest)))} ms`,
  ]);
}

/** Before a room is measured, its code has run often: machines begin slowly with what they have not done before, ms. */
const WARM_MS = 2_000;
/** What all sockets that write have on their way together while it is warmed. */
const WARM_IN_FLIGHT = 100;

interface Stage {
  readonly name: string;
  readonly measure: () => Promise<Measured>;
  readonly close: () => void;
}

/** Every contender's rooms stay open over all rounds: who does not speak costs nothing. */
async function openStages({ rooms, sockets, writers, inFlight, forMs }: Scenario, contenders: readonly Contender[]): Promise<Stage[]> {
  const stages: Stage[] = [];
  for (const contender of contenders) {
    let meter: Meter | null = null;
    const opened = await contender.open(rooms, sockets, () => meter);
    // Voices are numbered over all sockets; those who only listen keep their numbers and say nothing.
    const all = opened.rooms.flat();
    const writing = opened.rooms.flatMap((room, n) => room.slice(0, writers).map((_, k) => n * sockets + k));
    const numbers = all.map(() => 0);
    const audience = contender.echoes ? 1 : sockets;
    const measure = async (load: Omit<Load, 'audience'>): Promise<Measured> => {
      meter = new Meter(all, writing, { ...load, audience }, numbers);
      const result = await meter.run();
      meter = null;
      return result;
    };
    if (sockets < 100) await measure({ inFlight: Math.max(1, Math.ceil(WARM_IN_FLIGHT / writing.length)), forMs: WARM_MS });
    stages.push({ name: contender.name, close: () => opened.close(), measure: () => measure({ inFlight, forMs }) });
  }
  return stages;
}
