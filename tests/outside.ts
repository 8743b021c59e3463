/** The outside world of the workerd tests: every `fetch()` that leaves the Worker lands here, at the sandbox's stand-ins. */
import { Outside } from '../sandbox/outside.ts';

// Every test file has a desk of its own, all with one key.
const world = new Outside({ countsRenewals: false });

/** Only the address that stands for the sandbox leads anywhere. */
export async function outside(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.origin !== 'http://127.0.0.1:8799') return new Response(`no outside in tests: ${url.origin}`, { status: 503 });
  const bytes = new Uint8Array(await request.arrayBuffer());
  const answer = await world.answer({
    method: request.method,
    path: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body: new TextDecoder().decode(bytes),
    bytes,
    at: Date.now(),
  });
  // Whoever asked goes away by itself.
  if (answer === 'silence') return new Promise(() => {});
  const { status, headers, json, html } = answer;
  return json === undefined
    ? new Response(html ?? null, { status, headers: { ...headers } })
    : Response.json(json, { status, headers: { ...headers } });
}
