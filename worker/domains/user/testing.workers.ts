/** Sign-in for tests inside workerd: what a client does, through the app's own routes. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env as bound } from 'cloudflare:workers';
import { createApp } from '../../app.ts';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';

export const env = bound as unknown as Env;
export const PAGE = 'http://127.0.0.1:5173';

/** A context of now, or of a moment of your own. */
export const contextAt = (now = Date.now(), over: Partial<Env> = {}): Context =>
  contextOf({ ...env, ...over }, { now, requestId: 'test', waitUntil: () => {} });

export interface Sent {
  readonly token?: string;
  readonly cookie?: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly over?: Partial<Env>;
  readonly host?: string;
}

const app = createApp();

/** One request to the app, over a bare path below `/api/v1` or a whole one. */
export async function send(method: string, path: string, sent: Sent = {}): Promise<Response> {
  const headers = new Headers(sent.headers);
  if (sent.token !== undefined) headers.set('Authorization', `Bearer ${sent.token}`);
  if (sent.cookie !== undefined) headers.set('Cookie', sent.cookie);
  if (sent.origin !== undefined) headers.set('Origin', sent.origin);
  const execution = createExecutionContext();
  const answer = await app.fetch(
    new Request(`${sent.host ?? 'http://127.0.0.1:8787'}${path.startsWith('//') ? path.slice(1) : `/api/v1${path}`}`, {
      method,
      headers,
      ...(sent.body === undefined ? {} : { body: typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body) }),
    }),
    { ...env, ...sent.over },
    execution,
  );
  await waitOnExecutionContext(execution);
  return answer;
}

/** The JSON of an answer. */
export const json = async <T>(answer: Response | Promise<Response>): Promise<T> => (await answer).json() as Promise<T>;

let made = 0;
/** An address nobody used before. */
export const freshEmail = (): string => `person-${Date.now()}-${made++}@demo.test`;

export interface Started {
  readonly challengeId: string;
  readonly devCode: string;
}
export const start = (to: { email: string } | { phone: string }, sent: Sent = {}): Promise<Started> =>
  json(send('POST', '/auth/otp/start', { ...sent, body: to }));

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { id: UserId; role: string; monetizationVersion: string };
}

/** Signs in by mail with the right code. */
export async function signIn(email = freshEmail(), device?: string): Promise<SignedIn> {
  const { challengeId, devCode } = await start({ email });
  return json(send('POST', '/auth/otp/verify', { body: { challengeId, code: devCode, ...(device ? { device } : {}) } }));
}

/** A code of six digits that is not this one. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
