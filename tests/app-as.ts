/** An app of some rooms only, asked by somebody who counts as signed in: for tests of routes without a sign-in. */
import { Hono } from 'hono';
import type { Env } from '../worker/env.ts';
import { contextOf } from '../worker/platform/context.ts';
import { newId } from '../worker/platform/ids.ts';
import type { Principal } from '../worker/platform/principal.ts';
import { type App, type AppEnv, problemResponse } from '../worker/platform/serve.ts';

/** A member with every permission named; what a test cares about goes into `more`. */
export const principal = (more: Partial<Principal> = {}): Principal => ({
  userId: newId('usr'),
  sessionId: newId('ses'),
  role: 'member',
  monetizationVersion: 'tokens',
  ledgerShard: 0,
  email: null,
  phone: null,
  permissions: new Set(),
  ...more,
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

/** Asks routes mounted by `mount` as `who`; nobody where it is undefined. */
export function appAs(env: Env, mount: (app: App) => void, now = 1_800_000_000_000) {
  return async (
    who: Principal | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const app: App = new Hono<AppEnv>();
    app.use(async (c, next) => {
      c.set('context', contextOf(env, { now, requestId: 'req-1', waitUntil: () => {} }));
      c.set('principal', who);
      await next();
    });
    app.onError((thrown, c) => problemResponse(c, thrown));
    mount(app);
    const sent = body instanceof Uint8Array ? body : JSON.stringify(body);
    const init = body === undefined ? { method } : { method, body: sent as BodyInit };
    const answer = await app.request(path, { ...init, headers }, env);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const isJson = answer.headers.get('Content-Type')?.includes('json') ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      body: bytes.byteLength === 0 ? null : isJson ? JSON.parse(new TextDecoder().decode(bytes)) : bytes,
    };
  };
}
