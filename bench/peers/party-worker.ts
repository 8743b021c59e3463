/** The partyserver room in a Worker of its own, for who kills it. */
import { routePartykitRequest } from 'partyserver';

export { PartyRoom } from './party.ts';

export default {
  async fetch(request: Request, env: Record<string, unknown>): Promise<Response> {
    return (await routePartykitRequest(request, env as never)) ?? new Response('ok');
  },
};
