/**
 * The doors of the sockets. The ticket's signature and scope are checked here, so that made-up ids wake no object; the
 * object checks the session, spends the ticket and takes the socket.
 */
import type { Context as HonoContext } from 'hono';
import { type App, type AppEnv, parsePath } from '../../platform/serve.ts';
import { readUpgrade, refuseUpgrade } from '../../platform/sockets.ts';
import { callSession, chatRoom, userHub } from '../../platform/stubs.ts';
import { callId, chatId } from '../../protocol/ids.ts';
import { readTicket, type Ticket } from './tokens.ts';

interface Door {
  fetch(request: Request): Promise<Response>;
}

export function mountSockets(app: App): void {
  app.get('/hub/socket', (c) => open(c, 'hub', (ticket) => userHub(c.env, ticket.userId)));
  app.get('/calls/:id/socket', (c) => {
    const id = parsePath(callId, c.req.param('id'));
    return open(c, `call:${id}`, () => callSession(c.env, id));
  });
  app.get('/chats/:id/socket', (c) => {
    const id = parsePath(chatId, c.req.param('id'));
    return open(c, `chat:${id}`, () => chatRoom(c.env, id));
  });
}

async function open(c: HonoContext<AppEnv>, scope: string, door: (ticket: Ticket) => Door): Promise<Response> {
  const request = new Request(c.req.raw);
  request.headers.set('X-Request-Id', c.var.context.requestId);
  const upgrade = readUpgrade(request, c.env);
  if (!upgrade.ok) return refuseUpgrade(upgrade.code, upgrade.detail, request);
  const ticket = await readTicket(c.env, upgrade.value.ticket, c.var.context.now);
  if (!ticket) return refuseUpgrade('unauthenticated', 'The ticket is not valid, or over. Ask for a new one.', request);
  if (ticket.scope !== scope) return refuseUpgrade('forbidden', 'The ticket is for another socket.', request);
  return door(ticket).fetch(request);
}
