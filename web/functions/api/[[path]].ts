/**
 * The Pages side of the API: same origin for the browser, so that cookies stay first-party. Locally it forwards to the
 * one Worker by address; deployed, through a service binding. Socket upgrades and their subprotocols pass both ways.
 */
interface Bindings {
  /** Where the Worker answers on this desk; not set where deployed. */
  readonly API_ORIGIN?: string;
  readonly API?: { fetch(request: Request): Promise<Response> };
}

export async function onRequest({ request, env }: { request: Request; env: Bindings }): Promise<Response> {
  if (!env.API_ORIGIN) return env.API ? env.API.fetch(request) : new Response('the API is not bound', { status: 502 });
  const { pathname, search } = new URL(request.url);
  try {
    return plain(await fetch(new Request(env.API_ORIGIN + pathname + search, request)));
  } catch {
    return new Response('the API does not answer', { status: 502 });
  }
}

/** The local runtime asks the Worker for compression by itself, and would hand it on to a client that can't read it. */
function plain(answer: Response): Response {
  // A socket that was taken is handed on as it is: a 101 can't be built anew, and has no body to read.
  if (answer.status === 101 || !answer.headers.has('Content-Encoding')) return answer;
  const headers = new Headers(answer.headers);
  headers.delete('Content-Encoding');
  return new Response(answer.body, { status: answer.status, headers });
}
