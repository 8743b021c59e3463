/** The HTTP contract as OpenAPI 3.1, generated from the endpoints and their schemas. */
import * as z from 'zod/mini';
import { type ErrorCode, errorCodes, problem } from '../../protocol/errors.ts';
import type { Endpoint } from '../../protocol/http/endpoint.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

type Json = Record<string, unknown>;

/** A schema as JSON Schema: what is sent (`input`) or what is answered (`output`). */
export const jsonSchema = (schema: z.ZodMiniType, io: 'input' | 'output'): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

/** Codes that any route may answer with, beside its own. */
function codesOf(endpoint: Endpoint): ErrorCode[] {
  return [
    ...(endpoint.body ? (['malformed_json', 'body_too_large'] as const) : []),
    ...(endpoint.bytes ? (['body_too_large'] as const) : []),
    ...(endpoint.body || endpoint.bytes || endpoint.query ? (['validation_failed'] as const) : []),
    ...(endpoint.idempotencyKey ? (['idempotency_key_required', 'idempotency_conflict'] as const) : []),
    ...(endpoint.access === 'public' ? [] : (['unauthenticated'] as const)),
    ...(endpoint.access === 'public' || endpoint.access === 'signed_in' ? [] : (['forbidden'] as const)),
    ...(endpoint.params || endpoint.localOnly ? (['not_found'] as const) : []),
    ...(endpoint.errors ?? []),
  ];
}

/** What an endpoint may refuse with, by status: `{409: ['callee_busy', …]}`. */
export function refusalsOf(endpoint: Endpoint): Map<number, ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codesOf(endpoint))) {
    const { status } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

function parametersOf(endpoint: Endpoint): Json[] {
  const inSchema = (schema: z.ZodMiniType | undefined, place: 'path' | 'query'): Json[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Json; required?: string[] };
    return Object.entries(properties).map(([name, of]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: of,
    }));
  };
  const key = { name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', maxLength: 200 } };
  return [...inSchema(endpoint.params, 'path'), ...inSchema(endpoint.query, 'query'), ...(endpoint.idempotencyKey ? [key] : [])];
}

const body = (schema: z.ZodMiniType): Json => ({ content: { 'application/json': { schema: jsonSchema(schema, 'output') } } });

const raw = (types: readonly string[]): Json => Object.fromEntries(types.map((type) => [type, {}]));

function operationOf(endpoint: Endpoint): Json {
  const success = endpoint.answersBytes ? { content: raw(endpoint.answersBytes) } : endpoint.status === 204 ? {} : body(endpoint.answer);
  const answers: Json = { [endpoint.status]: { description: 'Done', ...success } };
  if (endpoint.also) answers[endpoint.also.status] = { description: 'Taken, not done yet', ...body(endpoint.also.answer) };
  for (const [status, codes] of refusalsOf(endpoint))
    answers[status] = {
      description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  return {
    operationId: endpoint.name,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.localOnly ? { description: 'Exists only on a developer’s machine.' } : {}),
    security: endpoint.access === 'public' ? [] : [{ accessToken: [] }, { cookie: [] }],
    'x-access': endpoint.access,
    parameters: parametersOf(endpoint),
    ...(endpoint.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input') } } } }
      : {}),
    ...(endpoint.bytes ? { requestBody: { required: true, content: raw(endpoint.bytes.types) } } : {}),
    responses: answers,
  };
}

/** The whole document. `base` is what every path stands below, such as `/api/v1`. */
export function openapi(endpoints: readonly Endpoint[], base: string): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:([^/]+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hearthline',
      version: String(PROTOCOL_VERSION),
      description: 'Live human companions by text, audio and video. Sockets are described in asyncapi.json.',
    },
    servers: [{ url: base }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problem, 'output') },
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'hearthline_app',
          description:
            'Web apps: hearthline_app, hearthline_portal or hearthline_panel, with the prefix __Host- outside local. The header X-Hearthline-App says which one to read; every request but GET needs a listed Origin.',
        },
      },
    },
  };
}
