/** The wire changes on purpose or not at all. */
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callDown } from './call/down.ts';
import { callUp } from './call/up.ts';
import { chatDown } from './chat/down.ts';
import { chatUp } from './chat/up.ts';
import { closeCodes, errorCodes, problem } from './errors.ts';
import { history } from './history.ts';
import { endpoints } from './http/index.ts';
import { hubDown } from './hub/down.ts';
import { hubUp } from './hub/up.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from './sockets.ts';
import { MINIMUM_VERSION, PROTOCOL_VERSION } from './version.ts';

const shape = (schema: z.ZodMiniType | undefined, io: 'input' | 'output'): unknown =>
  schema && z.toJSONSchema(schema, { io, unrepresentable: 'any' });

/** All that a client can see, in an order that does not depend on where it is written. */
const wire = {
  endpoints: endpoints
    .map((endpoint) => ({
      ...endpoint,
      summary: undefined,
      tag: undefined,
      params: shape(endpoint.params, 'input'),
      query: shape(endpoint.query, 'input'),
      body: shape(endpoint.body, 'input'),
      answer: shape(endpoint.answer, 'output'),
      also: endpoint.also && { status: endpoint.also.status, answer: shape(endpoint.also.answer, 'output') },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  sockets: {
    call: { up: shape(callUp, 'input'), down: shape(callDown, 'output') },
    chat: { up: shape(chatUp, 'input'), down: shape(chatDown, 'output') },
    hub: { up: shape(hubUp, 'input'), down: shape(hubDown, 'output') },
    SUBPROTOCOL,
    TICKET_PREFIX,
    closeCodes,
  },
  problem: shape(problem, 'output'),
  errorCodes: Object.entries(errorCodes).map(([code, { status }]) => `${code} ${status}`),
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};
const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(sorted(wire))));
const hash = [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

it('is the wire of the last entry in history.ts', () => {
  const entry = `{ version: ${PROTOCOL_VERSION + 1}, hash: '${hash}', change: '…what a client must know…' }`;
  expect(hash, `the wire has changed: if that is meant, add ${entry} to worker/protocol/history.ts`).toBe(history.at(-1)?.hash);
});

it('counts versions one by one, each with a wire of its own and a word on what changed', () => {
  expect(history.map(({ version }) => version)).toEqual(history.map((_, n) => n + 1));
  expect(new Set(history.map(({ hash }) => hash)).size).toBe(history.length);
  expect(history.filter(({ change }) => change.length < 10)).toEqual([]);
});

it('still serves some version', () => {
  expect(MINIMUM_VERSION).toBeGreaterThanOrEqual(1);
  expect(MINIMUM_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
