/** The rooms that are measured, ours and its limits and peers: each opened with as many sockets as wanted. */
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { Failure } from '../../scripts/stack/failure.ts';
import { freePorts, originOf } from '../../scripts/stack/ports.ts';
import { type Running, run } from '../../scripts/stack/processes.ts';
import type { Runtime } from '../runtime/start.ts';
import type { Hearing, Voice } from './meter.ts';

export interface Opened {
  /** Rooms first, then their sockets. */
  readonly rooms: readonly (readonly Voice[])[];
  close(): void;
}

export interface Contender {
  readonly name: string;
  /** A message comes to its sender alone. */
  readonly echoes?: true;
  /**
   * Opens rooms that nobody was in before.
   * @param hearingOf who is told of a room's sockets, at the moment something comes
   */
  open(rooms: number, sockets: number, hearingOf: () => Hearing | null): Promise<Opened>;
  stop(): Promise<void>;
}

/** Some sixty characters, as people write. */
export const TEXT = 'I walked along the river this morning, it was cold and bright.';

/** So many sockets are being opened at once: more are refused or time out on a small machine. */
export const AT_ONCE = 50;

export async function openAll<T>(count: number, open: (n: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let n = 0; n < count; n += AT_ONCE)
    all.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, k) => open(n + k)))));
  return all;
}

export function dial(url: string, protocols: readonly string[] = []): Promise<WebSocket> {
  const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

let opened = 0;

/** A room of plain WebSockets whose frames carry a message each, and whose answer is the sender's own message. */
function plain(name: string, urlOf: (room: string) => string, frameOf: (id: string) => string, mark: string, echoes?: true): Contender {
  return {
    name,
    ...(echoes ? { echoes } : {}),
    async open(rooms, sockets, hearingOf) {
      const lines: WebSocket[] = [];
      const voices: Voice[][] = [];
      for (let room = 0; room < rooms; room++) {
        const url = urlOf(`${name.replaceAll(/\W/g, '-')}-${++opened}`);
        const own = await openAll(sockets, () => dial(url));
        lines.push(...own);
        voices.push(own.map((line, n) => voiceOn(line, room * sockets + n, frameOf, mark, hearingOf)));
      }
      return { rooms: voices, close: () => void lines.map((line) => line.terminate()) };
    },
    stop: async () => {},
  };
}

function voiceOn(line: WebSocket, voice: number, frameOf: (id: string) => string, mark: string, hearingOf: () => Hearing | null): Voice {
  const own = `${mark}${voice}-`;
  line.on('message', (data) => {
    const frame = String(data);
    if (!frame.startsWith(mark)) return;
    const hearing = hearingOf();
    hearing?.delivered(1);
    if (frame.startsWith(own)) hearing?.answered(voice, Number.parseInt(frame.slice(own.length, own.length + 12), 10));
  });
  return { send: (n) => line.send(frameOf(`${voice}-${n}`)) };
}

/** A bare object that sends every frame back: nothing can be quicker. */
export const echo = (runtime: Runtime): Contender => bare('bare echo', runtime, 'echo', true);
/** A bare object that sends every frame to all. */
export const broadcast = (runtime: Runtime): Contender => bare('bare broadcast', runtime, 'broadcast');

const bare = (name: string, { origin }: Runtime, verb: string, echoes?: true): Contender =>
  plain(
    name,
    (room) => `${origin.replace('http', 'ws')}/bench/${verb}?room=${room}`,
    (id) => `{"id":"${id}","text":"${TEXT}"}`,
    '{"id":"',
    echoes,
  );

export const party = ({ origin }: Runtime): Contender =>
  plain(
    'partyserver, storing',
    (room) => `${origin.replace('http', 'ws')}/bench/party?room=${room}`,
    (id) => `{"type":"add","id":"${id}","text":"${TEXT}"}`,
    '{"type":"add","id":"',
  );

/** @param database where messages are stored; nowhere without it */
export async function socketIo(name: string, folder: string, database?: string): Promise<Contender> {
  const { api: port } = await freePorts();
  const running: Running = run({
    name,
    command: process.execPath,
    args: ['bench/peers/socketio.ts', String(port), ...(database === undefined ? [] : [database])],
    log: `${folder}/${name.replaceAll(/\W/g, '-')}.log`,
  });
  for (let tries = 0; !running.lastWords().includes('ready'); tries++) {
    if (running.hasExited() || tries > 600) throw new Failure(`${name} does not start.`, running.lastWords());
    await pause(50);
  }
  return {
    name,
    async open(rooms, sockets, hearingOf) {
      const lines: Socket[] = [];
      const voices: Voice[][] = [];
      for (let n = 0; n < rooms; n++) {
        const room = `${++opened}`;
        const own = await openAll(sockets, () => dialSocketIo(originOf(port), room));
        lines.push(...own);
        voices.push(
          own.map((line, k) => {
            const voice = n * sockets + k;
            line.on('message', () => hearingOf()?.delivered(1));
            return {
              send: (m) => line.emit('message', { id: `${room}-${voice}-${m}`, text: TEXT }, () => hearingOf()?.answered(voice, m)),
            };
          }),
        );
      }
      return { rooms: voices, close: () => void lines.map((line) => line.disconnect()) };
    },
    stop: () => running.stop(),
  };
}

function dialSocketIo(origin: string, room: string): Promise<Socket> {
  const socket = io(origin, { transports: ['websocket'], auth: { room }, forceNew: true, reconnection: false });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}
