/** Addresses of a local stack, all on loopback, each with its environment variable (docs: scripts/README.md). */
import { createServer } from 'node:net';
import { Failure } from './failure.ts';

export interface Ports {
  readonly api: number;
  readonly app: number;
  readonly panel: number;
  readonly sandbox: number;
}
export type Part = keyof Ports;
/** What Pages serve: the members' app with the portal, and the staff's panel. */
export type WebApp = Extract<Part, 'app' | 'panel'>;

export const variables: Readonly<Record<Part, string>> = {
  api: 'HEARTHLINE_API_PORT',
  app: 'HEARTHLINE_APP_PORT',
  panel: 'HEARTHLINE_PANEL_PORT',
  sandbox: 'HEARTHLINE_SANDBOX_PORT',
};
const usual: Ports = { api: 8787, app: 5173, panel: 5174, sandbox: 8799 };

export const HOST = '127.0.0.1';
export const originOf = (port: number): string => `http://${HOST}:${port}`;

/** @throws Failure where a variable holds no port */
export function portsFrom(env: NodeJS.ProcessEnv): Ports {
  const read = (part: Part): number => {
    const text = env[variables[part]];
    if (text === undefined || text === '') return usual[part];
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Failure(`${variables[part]} is not a port: ${text}`);
    return port;
  };
  return { api: read('api'), app: read('app'), panel: read('panel'), sandbox: read('sandbox') };
}

/**
 * Where a stack beside others looks for ports, the end not among them: below those that the system gives to outgoing
 * connections, one of which could take a port before it is listened on, or while the Worker is being restarted.
 */
const FREE = { from: 12_000, to: 32_000 } as const;

/** Four ports that nobody listens on now, for a stack beside others. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all([1, 2, 3, 4].map(listenSomewhere));
  const [api, app, panel, sandbox] = servers.map(({ port }) => port) as [number, number, number, number];
  await Promise.all(servers.map(({ close }) => close()));
  return { api, app, panel, sandbox };
}

async function listenSomewhere(): Promise<Awaited<ReturnType<typeof listen>>> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await listen(FREE.from + Math.floor(Math.random() * (FREE.to - FREE.from)));
    } catch (taken) {
      if (tries === 100) throw taken;
    }
  }
}

/** @throws Failure naming the first port that somebody else listens on */
export async function mustBeFree(ports: Ports, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    try {
      const { close } = await listen(ports[part]);
      await close();
    } catch {
      throw new Failure(
        `Port ${ports[part]} is taken by another program: stop that one, or choose another port with ${variables[part]}=<port>.`,
      );
    }
  }
}

function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((done, refuse) => {
    const server = createServer();
    server.once('error', refuse);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return refuse(new Error('no port'));
      done({ port: address.port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
