/**
 * Serves an endpoint of the contract: checks who asks, what they send, and answers in its shape. Handlers get typed,
 * validated input and return a body; every refusal leaves as problem+json.
 */
import type { Hono, Context as HonoContext } from 'hono';
import * as z from 'zod/mini';
import type { Env } from '../env.ts';
import type { FieldError } from '../protocol/errors.ts';
import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf } from '../protocol/http/endpoint.ts';
import type { Context } from './context.ts';
import { Problem } from './errors.ts';
import type { Principal } from './principal.ts';
import { problemAnswer } from './problem.ts';

z.config(z.locales.en());

export interface AppEnv {
  Bindings: Env;
  Variables: { context: Context; principal: Principal | undefined };
}
export type App = Hono<AppEnv>;

/** A body larger than this is refused before it is parsed. */
export const MAX_BODY_BYTES = 256 * 1024;

export interface Ask<E> {
  readonly ctx: Context;
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  /** What was sent to an endpoint that takes raw bytes; else, and where they are left unread, empty. */
  readonly bytes: Uint8Array;
  /** The caller; on a public endpoint there is none to rely on. */
  readonly principal: Principal;
  /** The `Idempotency-Key` where the endpoint requires one, else an empty string. */
  readonly idempotencyKey: string;
  /** The raw exchange, for cookies and headers. */
  readonly http: HonoContext<AppEnv>;
}

/** Another status of success than the endpoint's own, with its body. */
export class Also {
  readonly body: unknown;
  constructor(body: unknown) {
    this.body = body;
  }
}

type Handler<E> = (ask: Ask<E>) => Promise<AnswerOf<E> | Also | Response> | AnswerOf<E> | Also | Response;

/** Mounts `handler` at the endpoint's address below `/api/v1`. */
export function serve<P extends z.ZodMiniType, Q extends z.ZodMiniType, B extends z.ZodMiniType, A extends z.ZodMiniType>(
  app: App,
  endpoint: Endpoint<P, Q, B, A>,
  handler: Handler<Endpoint<P, Q, B, A>>,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const ctx = c.var.context;
    if (endpoint.localOnly && !isLocal(c)) throw new Problem('not_found', 'There is nothing at this address.');
    const principal = c.var.principal;
    if (endpoint.access !== 'public') {
      if (!principal) throw new Problem('unauthenticated', 'Sign in, or refresh the access token, and try again.');
      if (endpoint.access !== 'signed_in' && !principal.permissions.has(endpoint.access))
        throw new Problem('forbidden', `This needs the permission ${endpoint.access}.`);
    }
    const params = endpoint.params ? parsePath(endpoint.params, c.req.param()) : undefined;
    const query = endpoint.query ? parse(endpoint.query, c.req.query()) : undefined;
    const idempotencyKey = endpoint.idempotencyKey ? readIdempotencyKey(c) : '';
    const body = endpoint.body ? parse(endpoint.body, await readJson(c)) : undefined;
    const bytes = endpoint.bytes && !endpoint.bytes.unread ? await readBytes(c, endpoint.bytes) : new Uint8Array();
    const answer = await handler({
      ctx,
      params: params as ParamsOf<Endpoint<P, Q, B, A>>,
      query: query as QueryOf<Endpoint<P, Q, B, A>>,
      body: body as BodyOf<Endpoint<P, Q, B, A>>,
      bytes,
      // Public endpoints must not read it; `undefined` there fails loudly in a test instead of silently in production.
      principal: principal as Principal,
      idempotencyKey,
      http: c,
    });
    if (answer instanceof Response) return answer;
    if (answer instanceof Also) return c.json(answer.body as object, (endpoint.also?.status ?? 202) as 202);
    return endpoint.status === 204 ? c.body(null, 204) : c.json(answer as object, endpoint.status as 200);
  });
}

/** True in the environment `local`, for a request whose host is this machine's loopback. */
export function isLocal(c: HonoContext<AppEnv>): boolean {
  const { hostname } = new URL(c.req.url);
  return c.env.ENVIRONMENT === 'local' && (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]');
}

/** `value` in the schema's shape, or `validation_failed` naming each wrong field. */
export function parse<S extends z.ZodMiniType>(schema: S, value: unknown): z.infer<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new Problem('validation_failed', 'Some fields are not as they should be; see `fields`.', { fields: fieldsOf(result.error.issues) });
}

/** What is wrong with which field; an unknown key is named itself. */
export function fieldsOf(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, message: 'is not known here' }));
    return [{ path, message: issue.message }];
  });
}

/** A path parameter of the wrong shape names nothing that exists. */
export function parsePath<S extends z.ZodMiniType>(schema: S, value: unknown): z.infer<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new Problem('not_found', 'There is nothing with this id.');
}

function readIdempotencyKey(c: HonoContext<AppEnv>): string {
  const key = c.req.header('Idempotency-Key')?.trim();
  if (!key) throw new Problem('idempotency_key_required', 'Send an Idempotency-Key: a new one for a new wish, the same one to repeat it.');
  if (key.length > 200)
    throw new Problem('validation_failed', 'The Idempotency-Key is too long.', {
      fields: [{ path: 'Idempotency-Key', message: 'at most 200 characters' }],
    });
  return key;
}

/** Raw bytes of one of the endpoint's types; the type is what the client says, and proved by who reads the bytes. */
async function readBytes(c: HonoContext<AppEnv>, { types, max }: NonNullable<Endpoint['bytes']>): Promise<Uint8Array> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && !types.includes(type) && type !== 'application/octet-stream')
    throw new Problem('validation_failed', 'This type of file is not taken here.', {
      fields: [{ path: 'Content-Type', message: `must be one of ${types.join(', ')}` }],
    });
  return readBody(c, max);
}

async function readJson(c: HonoContext<AppEnv>): Promise<unknown> {
  const bytes = await readBody(c, MAX_BODY_BYTES);
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new Problem('malformed_json', 'The body can’t be read as JSON.');
  }
}

async function readBody(c: HonoContext<AppEnv>, max: number): Promise<Uint8Array> {
  if (Number(c.req.header('Content-Length') ?? 0) > max) throw new Problem('body_too_large', `A body may have ${max} bytes at most.`);
  return readAtMost(c.req.raw.body, max);
}

/** All of a stream that must have `length` bytes, in memory that is taken once; null where it has more or fewer. */
export async function readExactly(stream: ReadableStream<Uint8Array> | null, length: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const all = new Uint8Array(length);
  let size = 0;
  for await (const chunk of stream ?? []) {
    if (size + chunk.byteLength > length) return null;
    all.set(chunk, size);
    size += chunk.byteLength;
  }
  return size === length ? all : null;
}

/** All of a stream, or `body_too_large` the moment it passes the limit, so that a lying length costs no memory. */
export async function readAtMost(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  if (!stream) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) throw new Problem('body_too_large', `A body may have ${limit} bytes at most.`);
    chunks.push(chunk);
  }
  const all = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}

/** The answer for a `Problem`; anything else thrown becomes `internal` with nothing of its cause. */
export function problemResponse(c: HonoContext<AppEnv>, thrown: unknown): Response {
  const problem =
    thrown instanceof Problem
      ? thrown
      : new Problem('internal', 'Something broke on our side. It has been written down; please try again.');
  return problemAnswer(problem.code, problem.message, c.var.context?.requestId ?? '', problem);
}
