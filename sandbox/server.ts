/**
 * The outside world on your desk: stand-ins for mail, SMS and what browsers ask of Google, on loopback only. Run it with
 * `node sandbox/server.ts`; the port is `HEARTHLINE_SANDBOX_PORT`, 8799 unless set.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Ask, EventCall } from './answer.ts';
import { Browsers } from './chromium/browsers.ts';
import { answerBrowser, flagsOf } from './chromium/http.ts';
import { createLine } from './chromium/line.ts';
import { Outside } from './outside.ts';
import { PAGE_POLICY, type PageFile, pageFile } from './page/files.ts';
import type { Call } from './shop/deliveries.ts';

/** How long the Worker may take to answer a webhook before it counts as silent, ms. */
const PATIENCE_MS = 20_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** What the server keeps and knows. */
export interface World {
  readonly outside: Outside;
  readonly browsers: Browsers;
  /** What a Chromium is started with, so that its push messages come from here. */
  readonly chromiumFlags: readonly string[];
  /** Origin of the Worker, which is told what becomes of mails; null: nobody is told. */
  readonly api: string | null;
}

/** The server, not listening yet. */
export function createSandbox({ browsers = new Browsers(), chromiumFlags = [], api = null }: Partial<Omit<World, 'outside'>> = {}): Server {
  const outside = new Outside({ browsers, ...(api === null ? {} : { send: (call: Call) => deliver(api, call) }) });
  return createServer((request, response) => {
    handle({ outside, browsers, chromiumFlags, api }, request, response).catch(() => {
      if (!response.headersSent) write(response, { status: 500, json: { error: 'the sandbox broke' } });
    });
  });
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page from elsewhere that resolves its name to this machine must not read what was sent.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? ''))
    return write(response, { status: 403, json: { error: 'loopback only' } });
  const path = request.url ?? '/';
  const file = request.method === 'GET' || request.method === 'HEAD' ? pageFile(path.replace(/\?.*/, '')) : null;
  if (file) return writeFile(response, file);
  if (request.method === 'GET' && path === '/api/chromium') return write(response, { status: 200, json: { flags: world.chromiumFlags } });
  const bytes = await readBody(request);
  if (bytes === null) return write(response, { status: 413, json: { error: 'too large' } });
  const { method = '', headers } = request;
  const at = Date.now();
  const reply = answerBrowser(world.browsers, { method, path, authorization: headers.authorization, body: bytes }, at);
  if (reply) return void response.writeHead(reply.status, { 'Content-Type': reply.type, 'Cache-Control': 'no-store' }).end(reply.body);
  const ask = { method, path, headers: headers as Ask['headers'], body: bytes.toString('utf8'), bytes, at };
  const answer = await world.outside.answer(ask);
  if (answer === 'silence') return;
  write(response, world.api && answer.calls ? { status: 200, json: { statuses: await told(world.api, answer.calls) } } : answer);
}

/** Hands the Worker what it is told of a payment; the status of its answer. */
async function deliver(api: string, { source, headers, body }: Call): Promise<number> {
  const answer = await fetch(`${api}/api/v1/webhooks/${source}`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await answer.body?.cancel();
  return answer.status;
}

/** Tells the Worker, one after the other; its answers. */
async function told(api: string, calls: readonly EventCall[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const { headers, body } of calls) {
    const answer = await fetch(`${api}/api/v1/webhooks/sendgrid`, { method: 'POST', headers, body });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  return statuses;
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks);
}

function write(response: ServerResponse, answer: Answer): void {
  const json = answer.json === undefined ? undefined : JSON.stringify(answer.json);
  response.writeHead(answer.status, {
    'Cache-Control': 'no-store',
    ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...answer.headers,
  });
  response.end(answer.html ?? json);
}

function writeFile(response: ServerResponse, { type, body }: PageFile): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Security-Policy': PAGE_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

async function start(): Promise<void> {
  const port = Number(process.env.HEARTHLINE_SANDBOX_PORT ?? 8799);
  const browsers = new Browsers();
  const line = await createLine(browsers, (reason) => console.error(`a browser’s line was closed: ${reason}`));
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done));
  const chromiumFlags = flagsOf(`http://127.0.0.1:${port}`, (line.address() as AddressInfo).port);
  const server = createSandbox({ browsers, chromiumFlags, api: `http://127.0.0.1:${process.env.HEARTHLINE_API_PORT ?? 8787}` });
  server.on('error', (error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is taken. Stop what runs there, or set HEARTHLINE_SANDBOX_PORT to another one.`
        : `The sandbox can’t start: ${error.message}`,
    );
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => console.log(`sandbox: http://127.0.0.1:${port}/`));
  const stop = () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

if (import.meta.main) await start();
