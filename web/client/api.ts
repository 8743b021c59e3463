/**
 * The HTTP side of the contract for a web app: give it an endpoint and what it asks for, get its typed answer.
 *
 * Sign-in is a cookie per app, named to the server by `X-Hearthline-App`. The access cookie lives minutes; at the first
 * 401 the client refreshes once for everybody who waits and repeats the request.
 */
import type * as z from 'zod/mini';
import { refreshTokens, type WebApp } from '../../worker/protocol/http/auth.ts';
import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf } from '../../worker/protocol/http/endpoint.ts';
import { ApiProblem, isProblem, isProblemBody, NoAnswer } from './problem.ts';

export const API_BASE = '/api/v1';
export const APP_HEADER = 'X-Hearthline-App';

type Schema = z.ZodMiniType;
type Part<Name extends string, T> = unknown extends T ? { readonly [K in Name]?: never } : { readonly [K in Name]: T };
/** What a call of an endpoint needs: its params and body if it has any, a query if the caller wants one. */
export type AskOf<E> = Part<'params', ParamsOf<E>> &
  Part<'body', BodyOf<E>> &
  (unknown extends QueryOf<E> ? { readonly query?: never } : { readonly query?: QueryOf<E> }) & {
    /** One key per wish of the person; the same key when the same wish is repeated (`newKey`). */
    readonly key?: string;
    readonly signal?: AbortSignal;
    /** Goes out although the page goes away. */
    readonly keepalive?: boolean;
    /** For endpoints that take raw bytes; its type is the content type. */
    readonly bytes?: Blob;
  };

export interface Api {
  call<P extends Schema, Q extends Schema, B extends Schema, A extends Schema>(
    endpoint: Endpoint<P, Q, B, A>,
    ...ask: Record<never, never> extends AskOf<Endpoint<P, Q, B, A>>
      ? [ask?: AskOf<Endpoint<P, Q, B, A>>]
      : [ask: AskOf<Endpoint<P, Q, B, A>>]
  ): Promise<AnswerOf<Endpoint<P, Q, B, A>>>;
}

export interface ApiOptions {
  /** Empty for the page's own origin. */
  readonly origin: string;
  readonly app: WebApp;
  readonly fetch: typeof fetch;
  /** Called when the sign-in is gone for good. */
  readonly onSignedOut: () => void;
}

/** A key for one wish; kept by the caller for as long as the wish may be repeated. */
export const newKey = (): string => crypto.randomUUID();

interface LooseAsk {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly keepalive?: boolean;
  readonly bytes?: Blob;
}

export function createApi(options: ApiOptions): Api {
  let refreshing: Promise<boolean> | null = null;

  async function send(endpoint: Endpoint, ask: LooseAsk): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', [APP_HEADER]: options.app };
    if (endpoint.body) headers['Content-Type'] = 'application/json';
    if (endpoint.idempotencyKey) headers['Idempotency-Key'] = ask.key ?? newKey();
    const init: RequestInit = { method: endpoint.method, headers, credentials: 'same-origin' };
    if (endpoint.body) init.body = JSON.stringify(ask.body ?? {});
    if (endpoint.bytes && ask.bytes) {
      headers['Content-Type'] = ask.bytes.type;
      init.body = ask.bytes;
    }
    if (ask.keepalive) init.keepalive = true;
    if (ask.signal) init.signal = ask.signal;
    try {
      return await options.fetch(options.origin + API_BASE + pathOf(endpoint.path, ask.params) + queryOf(ask.query), init);
    } catch (cause) {
      if (ask.signal?.aborted) throw cause;
      throw new NoAnswer('the server could not be reached', null);
    }
  }

  /** True once new tokens are in the cookies; false where the sign-in is over. Network trouble throws. */
  function refresh(): Promise<boolean> {
    refreshing ??= (async () => {
      try {
        await answerOf(await send(refreshTokens, { body: { app: options.app } }));
        return true;
      } catch (thrown) {
        if (thrown instanceof ApiProblem && thrown.status < 500 && thrown.code !== 'rate_limited') return false;
        throw thrown;
      } finally {
        refreshing = null;
      }
    })();
    return refreshing;
  }

  return {
    async call(endpoint, ...[ask]) {
      const loose: LooseAsk = { ...(ask as LooseAsk | undefined) };
      // The key is made once, so that the repeat after a refresh is the same wish.
      const keyed = endpoint.idempotencyKey ? { ...loose, key: loose.key ?? newKey() } : loose;
      try {
        return await answerOf<AnswerOf<typeof endpoint>>(await send(endpoint, keyed));
      } catch (thrown) {
        if (endpoint.access === 'public' || !isProblem(thrown, 'unauthenticated')) throw thrown;
      }
      if (!(await refresh())) {
        options.onSignedOut();
        throw new ApiProblem(signedOut, null);
      }
      return await answerOf<AnswerOf<typeof endpoint>>(await send(endpoint, keyed));
    },
  };
}

const signedOut = {
  type: 'about:blank',
  title: 'Please sign in',
  status: 401,
  detail: 'Please sign in again.',
  code: 'unauthenticated',
  requestId: '',
} as const;

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) return null as Answer;
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new NoAnswer(`an answer of ${response.status} that is not of the contract`, response.status);
  }
  if (!response.ok) {
    if (!isProblemBody(body)) throw new NoAnswer(`an error of ${response.status} that is not of the contract`, response.status);
    const wait = Number(response.headers.get('Retry-After'));
    throw new ApiProblem(body, Number.isFinite(wait) && wait > 0 ? wait : null);
  }
  // Not held against the schema: a page that is still open must live with a server that already says more than it knows.
  return body as Answer;
}

function pathOf(path: string, params: unknown): string {
  const values = (params ?? {}) as Record<string, unknown>;
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function queryOf(query: unknown): string {
  const pairs = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return '';
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}
