/** A plain partyserver room, in a runtime of its own. */
import { resolve } from 'node:path';
import { PartySocket } from 'partysocket';
import { WebSocket } from 'ws';
import type { PartyFrame } from '../../../bench/peers/party.ts';
import { untilItAnswers } from '../../../scripts/stack/answers.ts';
import { freePorts, HOST, originOf } from '../../../scripts/stack/ports.ts';
import { type Running, run } from '../../../scripts/stack/processes.ts';
import { quiet } from '../../../scripts/stack/worker.ts';
import type { Ear, Line, Make } from './line.ts';
import type { Sent } from './notes.ts';
import { deaf } from './socketio.ts';

class PartyLine implements Line {
  readonly #socket: PartySocket;
  readonly #ear: Ear;
  /** The screen: a message that comes again takes the place it has. */
  #shown = new Set<string>();
  #known = false;
  #heard: ((open: boolean) => void) | null = null;

  constructor(host: string, room: string, ear: Ear) {
    this.#ear = ear;
    this.#socket = new PartySocket({ host, party: 'room', room, WebSocket, startClosed: true, maxRetries: 0 });
    this.#socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))));
    this.#socket.addEventListener('error', () => this.#heard?.(false));
    this.#socket.addEventListener('close', () => this.#heard?.(false));
  }

  readonly isOpen = (): boolean => this.#socket.readyState === WebSocket.OPEN && this.#heard === null;

  open(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#heard?.(false), 10_000);
      this.#heard = (open) => {
        this.#heard = null;
        clearTimeout(timer);
        resolve(open);
      };
      this.#socket.reconnect();
    });
  }

  send({ clientId: id, text }: Sent): void {
    if (this.isOpen()) this.#socket.send(JSON.stringify({ type: 'add', id, text }));
  }

  cut(): void {
    this.#socket.close();
  }

  #hear(frame: PartyFrame): void {
    if (frame.type === 'all') {
      this.#shown = new Set(frame.messages.map(({ id }) => id));
      this.#ear.redrawn([...this.#shown]);
      // It hands over the whole conversation and has no way to say that something is missing.
      this.#ear.greeted(this.#known ? 'complete' : 'new', true);
      this.#known = true;
      for (const id of this.#shown) this.#ear.acknowledged(id);
      this.#heard?.(true);
    } else {
      if (!this.#shown.has(frame.id)) this.#ear.shown(frame.id);
      this.#shown.add(frame.id);
      this.#ear.acknowledged(frame.id);
    }
  }
}

export async function party(state: string): Promise<Make> {
  const { api: port } = await freePorts();
  const host = `${HOST}:${port}`;
  let running: Running | undefined;
  let run_ = 0;
  const nameOf = (room: number): string => `run-${run_}-room-${room}`;
  const restart = async (): Promise<void> => {
    running = run({
      name: 'partyserver',
      command: resolve('node_modules/.bin/wrangler'),
      args: [
        ...['dev', '--config', resolve('bench/peers/wrangler.toml'), '--ip', HOST, '--port', String(port), '--persist-to', resolve(state)],
        ...['--show-interactive-dev-session=false', '--inspector-port', '0'],
      ],
      env: quiet(resolve(state)),
      log: `${state}/party.log`,
    });
    await untilItAnswers(running, originOf(port));
  };
  await restart();
  return {
    name: 'partyserver',
    keeps: false,
    line: (room, _person, _device, ear) => new PartyLine(host, nameOf(room), ear),
    prepare: async (n) => {
      run_ = n;
    },
    kill: async () => running?.kill9(),
    restart,
    async fresh(room) {
      let seen: readonly string[] = [];
      const line = new PartyLine(host, nameOf(room), {
        ...deaf,
        redrawn: (ids) => {
          seen = ids;
        },
      });
      await line.open();
      line.cut();
      return seen;
    },
    stop: async () => running?.stop(),
  };
}
