/** A plain socket.io room with connection state recovery, in a process of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { Failure } from '../../../scripts/stack/failure.ts';
import { freePorts, originOf } from '../../../scripts/stack/ports.ts';
import { type Running, run } from '../../../scripts/stack/processes.ts';
import type { Ear, Line, Make } from './line.ts';
import type { Sent } from './notes.ts';

/** How long somebody new waits to be told anything, ms: nobody says when all has been told. */
const LISTEN_MS = 300;

class SocketIoLine implements Line {
  readonly #socket: Socket;
  readonly #ear: Ear;
  #known = false;

  constructor(origin: string, room: string, ear: Ear) {
    this.#ear = ear;
    this.#socket = io(origin, { transports: ['websocket'], auth: { room }, reconnection: false, autoConnect: false, forceNew: true });
    this.#socket.on('message', ({ id }: { id: string }) => ear.shown(id));
  }

  readonly isOpen = (): boolean => this.#socket.connected;

  open(): Promise<boolean> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const over = (open: boolean): void => {
        clearTimeout(timer);
        socket.off('connect', come).off('connect_error', fail);
        resolve(open);
      };
      const come = (): void => {
        this.#ear.greeted(this.#known ? (socket.recovered ? 'complete' : 'partial') : 'new', false);
        this.#known = true;
        over(true);
      };
      const fail = (): void => over(false);
      const timer = setTimeout(fail, 10_000);
      socket.on('connect', come).on('connect_error', fail);
      socket.connect();
    });
  }

  send({ clientId, text }: Sent): void {
    this.#socket.emit('message', { id: clientId, text }, () => this.#ear.acknowledged(clientId));
  }

  /** As a network would: the engine goes, and the socket may come back to what it was. */
  cut(): void {
    this.#socket.io.engine?.transport?.close();
  }

  leave(): void {
    this.#socket.disconnect();
  }
}

export async function socketIo(state: string): Promise<Make> {
  const { api: port } = await freePorts();
  const origin = originOf(port);
  let running: Running | undefined;
  let run_ = 0;
  const nameOf = (room: number): string => `run ${run_}, room ${room}`;
  const restart = async (): Promise<void> => {
    running = run({
      name: 'socket.io',
      command: process.execPath,
      args: ['bench/peers/socketio.ts', String(port)],
      log: `${state}/socketio.log`,
    });
    for (let tries = 0; !running.lastWords().includes('ready'); tries++) {
      if (running.hasExited() || tries > 600) throw new Failure('The socket.io room does not start.', running.lastWords());
      await pause(50);
    }
  };
  await restart();
  return {
    name: 'socket.io, connection state recovery',
    keeps: false,
    line: (room, _person, _device, ear) => new SocketIoLine(origin, nameOf(room), ear),
    prepare: async (n) => {
      run_ = n;
    },
    kill: async () => running?.kill9(),
    restart,
    async fresh(room) {
      const seen: string[] = [];
      const line = new SocketIoLine(origin, nameOf(room), { ...deaf, shown: (id) => seen.push(id) });
      await line.open();
      await pause(LISTEN_MS);
      line.leave();
      return seen;
    },
    stop: async () => running?.stop(),
  };
}

/** For a line that only listens. */
export const deaf: Ear = {
  greeted: () => {},
  acknowledged: () => {},
  shown: () => {},
  redrawn: () => {},
  refused: () => {},
  wrong: () => {},
};
