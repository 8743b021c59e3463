/** The push service of a crash run: Firebase as strict as on a desk, in this process, so that it outlives the Worker and forgets nothing. */
import { createServer, type Server } from 'node:http';
import { Outside } from '../../../sandbox/outside.ts';
import type { Random } from '../../simulation/random.ts';

/** One push that a phone showed. */
export interface Arrival {
  /** The phone. */
  readonly token: string;
  /** The notification, as the phone knows it. */
  readonly notification: string;
  /** How often it was taken from us. */
  readonly times: number;
}

/** Refuses one ask in so many, as a service does that has too much to do. */
const REFUSES_ONE_IN = 50;

export class Provider {
  readonly #outside = new Outside();
  readonly #arrivals = new Map<string, Arrival>();
  readonly #random: Random;
  readonly #server: Server;
  /** Pushes of announcements taken so far, repeats among them. */
  taken = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const { method = '', url = '/', headers } = request;
      const ask = { method, path: url, headers: headers as Record<string, string>, body: bytes.toString('utf8'), bytes, at: Date.now() };
      if (url.endsWith('messages:send') && this.#random.chance(1 / REFUSES_ONE_IN)) {
        response.writeHead(503, { 'Retry-After': '1' }).end();
        return;
      }
      const answer = await this.#outside.answer(ask);
      if (answer === 'silence') return;
      for (const { to, push } of answer.sent ?? []) if (push?.data.kind === 'announcement') this.#take(to, String(push.data.id));
      response
        .writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers })
        .end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
    });
  }

  async listen(origin: string): Promise<void> {
    const { hostname, port } = new URL(origin);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(Number(port), hostname, resolve);
    });
  }

  arrivals(): readonly Arrival[] {
    return [...this.#arrivals.values()];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(token: string, notification: string): void {
    this.taken += 1;
    const key = `${token} ${notification}`;
    const times = (this.#arrivals.get(key)?.times ?? 0) + 1;
    this.#arrivals.set(key, { token, notification, times });
  }
}
