/**
 * The Pages side of the API: same origin for the browser, so that cookies stay first-party. Handed to the Worker through a
 * service binding, on this desk as where it is deployed; socket upgrades and their subprotocols pass both ways.
 */
interface Bindings {
  readonly API?: { fetch(request: Request): Promise<Response> };
}

export const onRequest = async ({ request, env }: { request: Request; env: Bindings }): Promise<Response> =>
  env.API ? env.API.fetch(request) : new Response('the API is not bound', { status: 502 });
