/** Sign-in, sessions and tokens (contract.md, "Sign-in"). */
import * as z from 'zod/mini';
import { idOf, sessionId, userId } from '../ids.ts';
import { monetizationVersion, role } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const email = z.email().check(z.maxLength(254));
/** E.164: a plus, then up to fifteen digits. */
const phone = z.string().check(z.regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number that starts with + and the country'));

export const signedInUser = z.object({ id: userId, role, monetizationVersion });

/** Which web app a cookie sign-in is for; each app has its own cookie. Native clients leave it out and keep the tokens. */
export const webApp = z.enum(['app', 'portal', 'panel']);
export type WebApp = z.infer<typeof webApp>;

/** What a client may call the device it signs in on, shown in the list of sessions. */
const device = z.optional(z.string().check(z.maxLength(80)));

const tokens = z.object({ accessToken: z.string(), refreshToken: z.string(), user: signedInUser });

export const startOtp = endpoint({
  name: 'startOtp',
  method: 'POST',
  path: '/auth/otp/start',
  tag: 'sign-in',
  summary: 'Send a one-time code by mail or SMS',
  access: 'public',
  body: z.union([z.strictObject({ email }), z.strictObject({ phone })]),
  status: 202,
  answer: z.object({ challengeId: idOf('otp'), expiresAt: timestamp, devCode: z.optional(z.string()) }),
  errors: ['rate_limited'],
});

export const verifyOtp = endpoint({
  name: 'verifyOtp',
  method: 'POST',
  path: '/auth/otp/verify',
  tag: 'sign-in',
  summary: 'Sign in with the code; the first time makes the account',
  access: 'public',
  body: z.strictObject({
    challengeId: idOf('otp'),
    code: z.string().check(z.regex(/^\d{6}$/, 'must be six digits')),
    app: z.optional(webApp),
    device,
  }),
  status: 200,
  answer: tokens,
  errors: ['code_invalid', 'rate_limited'],
});

export const signInWithFirebase = endpoint({
  name: 'signInWithFirebase',
  method: 'POST',
  path: '/auth/firebase',
  tag: 'sign-in',
  summary: 'Sign in with a Firebase ID token; only where a project id is configured',
  access: 'public',
  body: z.strictObject({ idToken: z.string().check(z.maxLength(8192)), app: z.optional(webApp), device }),
  status: 200,
  answer: tokens,
  errors: ['unauthenticated', 'not_found'],
});

export const refreshTokens = endpoint({
  name: 'refreshTokens',
  method: 'POST',
  path: '/auth/refresh',
  tag: 'sign-in',
  summary: 'Trade a refresh token for new tokens; a used one revokes its family',
  access: 'public',
  body: z.strictObject({ refreshToken: z.optional(z.string().check(z.maxLength(512))), app: z.optional(webApp) }),
  status: 200,
  answer: tokens,
  errors: ['unauthenticated'],
});

export const signOut = endpoint({
  name: 'signOut',
  method: 'POST',
  path: '/auth/logout',
  tag: 'sign-in',
  summary: 'End this session and close its sockets',
  access: 'signed_in',
  status: 204,
  answer: z.null(),
});

export const session = z.object({
  id: sessionId,
  device: z.nullable(z.string()),
  createdAt: timestamp,
  lastSeenAt: timestamp,
  current: z.boolean(),
});

export const listSessions = endpoint({
  name: 'listSessions',
  method: 'GET',
  path: '/auth/sessions',
  tag: 'sign-in',
  summary: 'Devices that are signed in',
  access: 'signed_in',
  status: 200,
  answer: z.object({ items: z.array(session), nextCursor: z.nullable(z.string()) }),
});

export const revokeSession = endpoint({
  name: 'revokeSession',
  method: 'DELETE',
  path: '/auth/sessions/:id',
  tag: 'sign-in',
  summary: 'Sign a device out; its sockets close within two seconds',
  access: 'signed_in',
  params: z.strictObject({ id: sessionId }),
  status: 204,
  answer: z.null(),
});

export const issueTicket = endpoint({
  name: 'issueTicket',
  method: 'POST',
  path: '/tickets',
  tag: 'sockets',
  summary: 'A ticket that opens one socket once, within 30 seconds',
  access: 'signed_in',
  body: z.strictObject({
    scope: z.string().check(z.maxLength(80), z.regex(/^(hub|(call|chat):[a-z0-9_]+)$/, 'must be hub, call:<id> or chat:<id>')),
  }),
  status: 201,
  answer: z.object({ ticket: z.string(), expiresAt: timestamp }),
});
