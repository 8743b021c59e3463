/** Our own conversations under measure: real people, tickets, hello; devices confirm what they have, as the apps do. */
import type { WebSocket } from 'ws';
import { Person } from '../client.ts';
import type { BenchPerson } from '../runtime/people.ts';
import type { Runtime } from '../runtime/start.ts';
import { AT_ONCE, type Contender, dial, openAll, TEXT } from './contenders.ts';
import type { Hearing, Voice } from './meter.ts';

/** Devices a person has at most in a conversation; beyond two people's more are let in. */
const DEVICES = 20;
/** A device says what it has so often at most, ms, and after so many characters at least. */
const CONFIRM_MS = 1_000;
const CONFIRM_CHARACTERS = 256 * 1024;

export function hearthline(runtime: Runtime): Contender {
  return {
    name: 'Hearthline',
    async open(rooms, sockets, hearingOf) {
      const lines: WebSocket[] = [];
      const voices: Voice[][] = [];
      for (let n = 0; n < rooms; n++) {
        const conversation = await newConversation(runtime, Math.max(2, Math.ceil(sockets / DEVICES)));
        const room = await enterAll(runtime, conversation, sockets);
        lines.push(...room);
        voices.push(room.map((line, k) => voiceOn(line, n * sockets + k, hearingOf)));
      }
      return { rooms: voices, close: () => void lines.map((line) => line.terminate()) };
    },
    stop: async () => {},
  };
}

const EVENT = '"type":"message"';
const ACK = '{"type":"message.ack","clientId":"';
const EVENTS = '{"type":"events"';
const SEQ = '{"seq":';

function voiceOn(line: WebSocket, voice: number, hearingOf: () => Hearing | null): Voice {
  const own = `bench-${voice}-`;
  let confirmedAt = performance.now();
  let characters = 0;
  line.on('message', (data) => {
    const frame = String(data);
    const hearing = hearingOf();
    if (frame.startsWith(ACK)) {
      const from = ACK.length + own.length;
      hearing?.answered(voice, Number.parseInt(frame.slice(from, from + 12), 10));
    } else if (frame.startsWith(EVENTS)) {
      characters += frame.length;
      const now = performance.now();
      if (now - confirmedAt > CONFIRM_MS || characters > CONFIRM_CHARACTERS) {
        confirmedAt = now;
        characters = 0;
        const at = frame.lastIndexOf(SEQ) + SEQ.length;
        line.send(`{"type":"delivered","seq":${Number.parseInt(frame.slice(at, at + 12), 10)}}`);
      }
      const count = occurrences(frame, EVENT);
      if (count > 0) hearing?.delivered(count);
    } else if (frame.startsWith('{"type":"error"')) throw new Error(`the room answered ${frame}`);
  });
  line.on('close', (code) => hearingOf()?.broken(`the room closed a socket with ${code}`));
  return {
    send: (n) => line.send(`{"type":"message.send","message":{"kind":"text","clientId":"${own}${n}","body":{"text":"${TEXT}"}}}`),
  };
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

export interface Conversation {
  readonly chatId: string;
  /** The member, the companion, and whoever was let in. */
  readonly people: readonly BenchPerson[];
}

let made = 0;

export async function newConversation(runtime: Runtime, size = 2): Promise<Conversation> {
  const n = ++made;
  const people = await runtime.ask<BenchPerson[]>(
    'people',
    Array.from({ length: size }, (_, k) => ({ name: `chat-${n}-${k}`, role: k === 0 ? 'member' : 'companion', shard: 0 })),
  );
  const [member, companion, ...more] = people;
  if (!member || !companion) throw new Error('nobody was made');
  const { chat } = await new Person(runtime, member).ask('POST', '/chats', { peerId: companion.userId });
  if (more.length > 0) await runtime.ask('join', { chatId: chat.id, people: more });
  return { chatId: chat.id, people };
}

/** So many devices, spread over the people; each has been greeted. */
export async function enterAll(runtime: Runtime, { chatId, people }: Conversation, sockets: number): Promise<WebSocket[]> {
  const lines: WebSocket[] = [];
  while (lines.length < sockets) {
    // Tickets live half a minute: no more at a time than are used at once.
    const some = Math.min(AT_ONCE, sockets - lines.length);
    const order = { chatId, people: Array.from({ length: some }, (_, n) => people[(lines.length + n) % people.length]) };
    const tickets = await runtime.ask<string[]>('tickets', order);
    lines.push(...(await openAll(some, (n) => enter(runtime, chatId, tickets[n] ?? ''))));
  }
  return lines;
}

export async function enter(runtime: Runtime, chatId: string, ticket: string, hello: object = { lastSeq: 0 }): Promise<WebSocket> {
  const url = `${runtime.origin.replace('http', 'ws')}/api/v1/chats/${chatId}/socket`;
  const line = await dial(url, ['hearthline.v1', `ticket.${ticket}`]);
  const welcome = new Promise<void>((resolve, reject) => {
    line.once('message', () => resolve());
    line.once('close', (code) => reject(new Error(`the room closed with ${code}`)));
  });
  line.send(JSON.stringify({ type: 'hello', ...hello }));
  await welcome;
  return line;
}
