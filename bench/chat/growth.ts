/** What people do in a conversation of 100 messages and in one of 10,000: flat is the aim. */
import type { WebSocket } from 'ws';
import { Person } from '../client.ts';
import { figure, type Report, type Settings, spread } from '../report.ts';
import { type Runtime, startRuntime } from '../runtime/start.ts';
import { interleave, median, type Rounds, ratio } from '../statistics.ts';
import { type Conversation, enter, enterAll, newConversation } from './ours.ts';

const sizes = [100, 10_000] as const;
type Size = (typeof sizes)[number];
/** Repetitions in a round. */
const TIMES = 20;

interface Place {
  readonly runtime: Runtime;
  readonly conversation: Conversation;
  readonly member: Person;
  readonly line: WebSocket;
  readonly epoch: string;
  /** Messages sent so far, for a name of its own to each. */
  sent: number;
}

const works: Readonly<Record<string, (place: Place) => Promise<number>>> = {
  'a message sent and acknowledged': (place) => repeat(() => send(place)),
  'coming back after ten messages': (place) => repeat(() => comeBack(place)),
  'the newest 50 events': (place) => repeat(() => read(place, 'events?limit=50')),
  '50 events from the middle': (place) => repeat(() => read(place, `events?after=${Math.floor(place.sent / 2)}&limit=50`)),
  'words that are in few messages': (place) => repeat(() => read(place, 'search?q=rare')),
  'words that are in all': (place) => repeat(() => read(place, 'search?q=message')),
};

export async function chatGrowth({ runs, folder, say }: Settings): Promise<Report> {
  const runtime = await startRuntime(folder, 'chat-growth');
  try {
    const places = new Map<Size, Place>();
    for (const size of sizes) places.set(size, await fill(runtime, size));
    say('chat: two conversations filled');
    const rows: string[][] = [];
    for (const [work, measure] of Object.entries(works)) {
      const contenders = Object.fromEntries(sizes.map((size) => [String(size), () => measure(places.get(size) as Place)]));
      const rounds: Rounds<string> = await interleave(contenders, { runs });
      const [few = [], many = []] = sizes.map((size) => rounds[String(size)]);
      rows.push([work, `${figure(median(few))} ms`, `${figure(median(many))} ms`, spread(ratio(rounds, '10000', '100'))]);
    }
    for (const { line } of places.values()) line.terminate();
    return {
      title: 'Growth of a conversation',
      method: `Two conversations, of 100 and of 10,000 messages; ${runs} rounds of ${TIMES} each, the two in turn. Time each; 1.0 is flat.`,
      columns: ['', '100', '10,000', '10,000 : 100'],
      rows,
    };
  } finally {
    await runtime.stop();
  }
}

async function fill(runtime: Runtime, size: Size): Promise<Place> {
  const conversation = await newConversation(runtime);
  const [line] = await enterAll(runtime, conversation, 1);
  const [someone] = conversation.people;
  if (!line || !someone) throw new Error('nobody came');
  const member = new Person(runtime, someone);
  const { epoch } = await member.ask('GET', `/chats/${conversation.chatId}/events?limit=1`);
  const place: Place = { runtime, conversation, member, line, epoch, sent: 0 };
  while (place.sent < size) await Promise.all(Array.from({ length: Math.min(100, size - place.sent) }, () => send(place)));
  await untilFound(place);
  return place;
}

/** Words are put into the index a moment after the message; measured is the whole of it. */
async function untilFound(place: Place): Promise<void> {
  for (;;) {
    const { items } = await place.member.ask('GET', `/chats/${place.conversation.chatId}/search?q=message&limit=1`);
    if (items[0]?.message.seq >= place.sent) return;
  }
}

async function send(place: Place): Promise<void> {
  const n = ++place.sent;
  const clientId = `growth-${n}`;
  const text = `This is message ${n} of this conversation${n % 97 === 0 ? ', a rare one' : ''}`;
  const acknowledged = new Promise<void>((resolve) => {
    const hear = (data: unknown): void => {
      if (!String(data).startsWith(`{"type":"message.ack","clientId":"${clientId}"`)) return;
      place.line.off('message', hear);
      resolve();
    };
    place.line.on('message', hear);
  });
  place.line.send(JSON.stringify({ type: 'message.send', message: { kind: 'text', clientId, body: { text } } }));
  await acknowledged;
}

async function comeBack({ runtime, conversation: { chatId, people }, epoch, sent }: Place): Promise<void> {
  const [ticket = ''] = await runtime.ask<string[]>('tickets', { chatId, people: people.slice(0, 1) });
  (await enter(runtime, chatId, ticket, { epoch, lastSeq: sent - 10 })).terminate();
}

const read = ({ member, conversation: { chatId } }: Place, path: string): Promise<unknown> => member.ask('GET', `/chats/${chatId}/${path}`);

/** @returns ms each */
async function repeat(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < TIMES; n++) await work();
  return (performance.now() - began) / TIMES;
}
