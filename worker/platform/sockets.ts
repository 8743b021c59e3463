/**
 * What every socket's upgrade goes through (realtime.md, "One protocol"). The Worker's route and the object that takes
 * the socket call the same `readUpgrade`; the object then verifies the ticket, spends it, and answers with
 * `acceptUpgrade` or `refuseUpgrade`.
 */
import type { Env } from '../env.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from '../protocol/sockets.ts';
import { mayConnect } from './origins.ts';
import { problemAnswer } from './problem.ts';
import { ok, type Result, refuse } from './result.ts';

/** The ticket of a request that may become a socket, or why it may not (426, 403, 401). */
export function readUpgrade(request: Request, env: Pick<Env, 'ALLOWED_ORIGINS'>): Result<{ ticket: string }> {
  if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket') return refuse('upgrade_required', 'Open this address as a WebSocket.');
  if (!mayConnect(env, request)) return refuse('forbidden', 'This page may not open a socket here.');
  const offered = (request.headers.get('Sec-WebSocket-Protocol') ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(SUBPROTOCOL)) return refuse('upgrade_required', `Offer the subprotocol ${SUBPROTOCOL}.`);
  const ticket = offered.find((protocol) => protocol.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
  if (!ticket) return refuse('unauthenticated', `Offer a ticket as the second subprotocol: ${TICKET_PREFIX}<ticket>.`);
  return ok({ ticket });
}

/** The answer of a refused upgrade: a plain HTTP problem, so that the client learns the code. */
export function refuseUpgrade(code: ErrorCode, detail: string, request: Request): Response {
  const answer = problemAnswer(code, detail, request.headers.get('X-Request-Id') ?? '');
  if (code === 'upgrade_required') answer.headers.set('Upgrade', 'websocket');
  return answer;
}

/** The answer of an accepted one: `client` is the far end of the pair, the other was given to `acceptWebSocket`. */
export const acceptUpgrade = (client: WebSocket): Response =>
  new Response(null, { status: 101, webSocket: client, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } });
