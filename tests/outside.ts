/** The outside world of the workerd tests: every `fetch()` that leaves the Worker lands here, at the sandbox's stand-ins. */
import { Outbox } from '../sandbox/outbox.ts';
import { answerOutside } from '../sandbox/outside.ts';

const outbox = new Outbox();

/** Only the address that stands for the sandbox leads anywhere. */
export async function outside(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.origin !== 'http://127.0.0.1:8799') return new Response(`no outside in tests: ${url.origin}`, { status: 503 });
  const headers = Object.fromEntries(request.headers);
  const {
    status,
    headers: more,
    json,
  } = answerOutside(outbox, {
    method: request.method,
    path: url.pathname + url.search,
    headers,
    body: await request.text(),
  });
  return json === undefined ? new Response(null, { status, headers: { ...more } }) : Response.json(json, { status, headers: { ...more } });
}
