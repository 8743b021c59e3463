/**
 * The demo people inside one test file's databases, signed in, and the things they own: what the access matrix and the
 * bad-input tests ask about.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { seedDemo } from '../../db/seed/demo.ts';
import { createUser } from '../../worker/domains/user/people.ts';
import { openSession } from '../../worker/domains/user/sessions.ts';
import type { Env } from '../../worker/env.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import { callSession, chatRoom } from '../../worker/platform/stubs.ts';
import type { CallId, ChatId, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { Role } from '../../worker/protocol/people.ts';
import { eventually } from '../eventually.ts';

export const bindings = env as unknown as Env;
export const BASE = 'http://127.0.0.1:8787/api/v1';

/** Names of the demo people, by the part before the @. */
export type Name = 'ada' | 'ben' | 'cora' | 'dora' | 'grace' | 'hugo' | 'iris' | 'sam' | 'alex' | 'root';

const roleOf: Readonly<Record<Name, Role>> = {
  ada: 'member',
  ben: 'member',
  cora: 'member',
  dora: 'member',
  grace: 'companion',
  hugo: 'companion',
  iris: 'companion',
  sam: 'supervisor',
  alex: 'admin',
  root: 'superadmin',
};

export interface Device {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A context as a request would have it. */
export function contextNow(): Context {
  return contextOf(bindings, { now: Date.now(), requestId: 'test', waitUntil: () => {} });
}

/** Puts the demo data in; once a file. */
export const settle = (): Promise<unknown> => seedDemo(contextNow());

/** How long a device is used again, ms: well within what its access token holds. */
const SAME_DEVICE_MS = 5 * 60_000;
const devices = new Map<Name, { device: Device; until: number }>();

/** A demo person's device, signed in before or now; whoever ends a session takes a new one, or `forgetDevices` after. */
export async function signIn(name: Name): Promise<Device> {
  const known = devices.get(name);
  if (known && known.until > Date.now()) return known.device;
  const device = await newDevice(name);
  devices.set(name, { device, until: Date.now() + SAME_DEVICE_MS });
  return device;
}

/** The next who sign in do so anew: sessions may have ended. */
export const forgetDevices = (): void => devices.clear();

/** Signs a demo person in on a new device. */
export const newDevice = (name: Name): Promise<Device> => signInAs(`${name}@demo.test`, roleOf[name]);

/** Signs in whoever has this address; made with this role where nobody has. */
export async function signInAs(email: string, role: Role): Promise<Device> {
  const ctx = contextNow();
  const user = await createUser(ctx, { email, role, monetizationVersion: 'tokens' });
  const origin = { ip: null, country: null };
  const tokens = await openSession(ctx, user, { device: 'test', app: undefined, attempt: { method: 'otp', origin } });
  const [, claims = ''] = tokens.accessToken.split('.');
  const { sid } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
  return { userId: user.id, sessionId: sid, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken ?? '' };
}

export interface Asked {
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly by?: Device | undefined;
  /** Sent as JSON; a string or bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: this machine's loopback. */
  readonly base?: string;
}

/** Asks the Worker as a client would, past its front door. */
export async function ask({ method, path, by, body, headers = {}, base = BASE }: Asked): Promise<Answer> {
  const response = await (exports as unknown as { default: Fetcher }).default.fetch(`${base}${path}`, {
    method,
    headers: {
      ...(body === undefined || body instanceof Uint8Array ? {} : { 'Content-Type': 'application/json' }),
      ...(by ? { Authorization: `Bearer ${by.accessToken}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  const text = new TextDecoder().decode(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, text, json: readJson(text) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: Record<string, unknown> | undefined;
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The status, with the error's code beside it where there is one: `404 not_found`. */
export const verdictOf = ({ status, json }: Answer): string =>
  status < 400 ? String(status) : `${status} ${json?.code ?? 'without a code'}`;

/** A new `Idempotency-Key`. */
export const newKey = (): Record<string, string> => ({ 'Idempotency-Key': crypto.randomUUID() });

/** The id of the one thing that an answer holds: `{call: {id, …}}`. */
export function idIn<T extends string>(answer: Answer, name: string): T {
  const thing = answer.json?.[name] as { id?: T } | undefined;
  if (thing?.id === undefined) throw new Error(`no ${name} in ${answer.status} ${answer.text}`);
  return thing.id;
}

/** Rings somebody; both are free again after `hangUp`. */
export async function ring(caller: Device, calleeId: UserId): Promise<CallId> {
  const placed = await ask({ method: 'POST', path: '/calls', by: caller, body: { calleeId, media: 'audio' }, headers: newKey() });
  const id = idIn<CallId>(placed, 'call');
  await toldBy(id);
  return id;
}

export async function hangUp(by: Device, callId: CallId): Promise<void> {
  const answer = await ask({ method: 'POST', path: `/calls/${callId}/end`, by });
  if (answer.status !== 200) throw new Error(`the call did not end: ${answer.text}`);
  await toldBy(callId);
}

/** A call has told what it had to tell: nothing of it comes into the tables by itself any more. */
export async function toldBy(id: CallId): Promise<void> {
  await callSession(bindings, id).reconcile(Date.now());
}

/**
 * A minute later: what a conversation has to tell the lists and hubs, it has told, and its words are in the index. The room
 * waits for neither: its alarm is set for as long as there is anything to do, and rings until none is.
 */
export async function aMinuteOn(id: ChatId): Promise<void> {
  const room = chatRoom(bindings, id) as unknown as DurableObjectStub;
  await eventually(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    try {
      await runDurableObjectAlarm(room);
      expect(await runInDurableObject(room, (_room, { storage }) => storage.getAlarm())).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
}

/** An id of the right shape that names nothing. */
export const absentId = newId;

/** Rows of every table of every database: what bad input must leave as it is. Bookkeeping of sign-ins is left out. */
export async function countRows(but: readonly string[] = []): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const database of ['DB', 'LEDGER_0', 'LEDGER_1'] as const) {
    const { results } = await bindings[database]
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`)
      .all<{ name: string }>();
    const names = results.map(({ name }) => name).filter((name) => !but.includes(name));
    const told = await bindings[database].batch<{ n: number }>(
      names.map((name) => bindings[database].prepare(`SELECT count(*) AS n FROM "${name}"`)),
    );
    for (const [at, name] of names.entries()) counts[`${database}.${name}`] = told[at]?.results[0]?.n ?? -1;
  }
  return counts;
}
