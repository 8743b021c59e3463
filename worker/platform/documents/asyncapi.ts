/** The sockets as AsyncAPI 3.0, generated from their message schemas. */
import type * as z from 'zod/mini';
import { callDown } from '../../protocol/call/down.ts';
import { callUp } from '../../protocol/call/up.ts';
import { chatDown } from '../../protocol/chat/down.ts';
import { chatUp } from '../../protocol/chat/up.ts';
import { closeCodes } from '../../protocol/errors.ts';
import { hubDown } from '../../protocol/hub/down.ts';
import { hubUp } from '../../protocol/hub/up.ts';
import { MAX_FRAME_BYTES, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/sockets.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { jsonSchema } from './openapi.ts';

type Json = Record<string, unknown>;

interface SocketContract {
  readonly name: string;
  readonly path: string;
  readonly scope: string;
  readonly summary: string;
  readonly up: { readonly def: { readonly options: readonly unknown[] } };
  readonly down: { readonly def: { readonly options: readonly unknown[] } };
}

export const sockets: readonly SocketContract[] = [
  {
    name: 'hub',
    path: '/hub/socket',
    scope: 'hub',
    summary: 'One device of a person: rings, notifications, balance, presence',
    up: hubUp,
    down: hubDown,
  },
  { name: 'call', path: '/calls/{id}/socket', scope: 'call:<id>', summary: 'One party of one call', up: callUp, down: callDown },
  {
    name: 'chat',
    path: '/chats/{id}/socket',
    scope: 'chat:<id>',
    summary: 'One device in one conversation',
    up: chatUp,
    down: chatDown,
  },
];

/** Every message of a direction: its `type` and its schema. */
export function messagesOf(socket: SocketContract, direction: 'up' | 'down'): { type: string; schema: Json }[] {
  return socket[direction].def.options.map((option) => {
    const schema = jsonSchema(option as z.ZodMiniType, direction === 'up' ? 'input' : 'output');
    return { type: typeOf(schema), schema };
  });
}

/** The `type` a message is told by; forms of one message (`media` of each provider) share it. */
function typeOf(schema: Json): string {
  const { properties, oneOf } = schema as { properties?: { type: { const: string } }; oneOf?: Json[] };
  const first = oneOf?.[0];
  if (first) return typeOf(first);
  if (!properties) throw new Error('a socket message has no type');
  return properties.type.const;
}

/** The whole document. `base` is what every address stands below. */
export function asyncapi(base: string): Json {
  const channels: Json = {};
  const operations: Json = {};
  for (const socket of sockets) {
    const messages: Json = {};
    const refs = { up: [] as Json[], down: [] as Json[] };
    for (const direction of ['up', 'down'] as const)
      for (const { type, schema } of messagesOf(socket, direction)) {
        const name = `${direction}.${type}`;
        messages[name] = { name: type, contentType: 'application/json', payload: schema };
        refs[direction].push({ $ref: `#/channels/${socket.name}/messages/${name}` });
      }
    channels[socket.name] = {
      address: base + socket.path,
      summary: socket.summary,
      description: `Offer the subprotocols ${SUBPROTOCOL} and ${TICKET_PREFIX}<ticket>, the ticket from POST /tickets {"scope": "${socket.scope}"}. Text frames of JSON, ${MAX_FRAME_BYTES} bytes at most; the bare text ping is answered pong. Close codes: ${Object.entries(
        closeCodes,
      )
        .map(([reason, code]) => `${code} ${reason}`)
        .join(', ')}.`,
      ...(socket.path.includes('{id}') ? { parameters: { id: { description: 'The id of what the socket is of' } } } : {}),
      messages,
    };
    const channel = { $ref: `#/channels/${socket.name}` };
    operations[`${socket.name}.receive`] = { action: 'receive', channel, messages: refs.up, summary: 'What a client may send' };
    operations[`${socket.name}.send`] = { action: 'send', channel, messages: refs.down, summary: 'What the server sends' };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Hearthline sockets', version: String(PROTOCOL_VERSION) },
    defaultContentType: 'application/json',
    channels,
    operations,
  };
}
