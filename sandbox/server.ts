/**
 * The outside world on your desk: stand-ins for mail and SMS, on loopback only. Run it with
 * `node sandbox/server.ts`; the port is `HEARTHLINE_SANDBOX_PORT`, 8799 unless set.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer, Ask } from './answer.ts';
import { Outbox } from './outbox.ts';
import { answerOutside } from './outside.ts';
import { PAGE_POLICY, page } from './page.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The server, not listening yet. */
export function createSandbox(outbox = new Outbox()): Server {
  return createServer((request, response) => {
    handle(outbox, request, response).catch(() => {
      if (!response.headersSent) write(response, { status: 500, json: { error: 'the sandbox broke' } });
    });
  });
}

async function handle(outbox: Outbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page from elsewhere that resolves its name to this machine must not read what was sent.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? ''))
    return write(response, { status: 403, json: { error: 'loopback only' } });
  const path = request.url ?? '/';
  if ((request.method === 'GET' || request.method === 'HEAD') && path.replace(/\?.*/, '') === '/') return writePage(response);
  const body = await readBody(request);
  if (body === null) return write(response, { status: 413, json: { error: 'too large' } });
  write(response, answerOutside(outbox, { method: request.method ?? '', path, headers: request.headers as Ask['headers'], body }));
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, answer: Answer): void {
  const json = answer.json === undefined ? undefined : JSON.stringify(answer.json);
  response.writeHead(answer.status, {
    'Cache-Control': 'no-store',
    ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...answer.headers,
  });
  response.end(json);
}

function writePage(response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': PAGE_POLICY,
    'Cache-Control': 'no-store',
  });
  response.end(page);
}

function start(): void {
  const port = Number(process.env.HEARTHLINE_SANDBOX_PORT ?? 8799);
  const server = createSandbox();
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

if (import.meta.main) start();
