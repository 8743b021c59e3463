/** Staff: finding a person, everything about one, signing them out. */
import * as z from 'zod/mini';
import { callMedia } from '../call/call.ts';
import { callId, sessionId, userId } from '../ids.ts';
import { unit } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { monetizationVersion, presenceState, publicProfile, role } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';
import { balanceEvent, blockReason, privateProfile, shift } from './me.ts';
import { boardCall } from './staff-calls.ts';

const params = z.strictObject({ id: userId });

export const foundPerson = z.object({
  id: userId,
  role,
  monetizationVersion,
  displayName: z.string(),
  portrait: z.nullable(z.string()),
  createdAt: timestamp,
  /** Null where the asker may not see private data. */
  contact: z.nullable(z.object({ email: z.nullable(z.string()), phone: z.nullable(z.string()) })),
});
export type FoundPerson = z.infer<typeof foundPerson>;

export const searchPeople = endpoint({
  name: 'searchPeople',
  method: 'GET',
  path: '/admin/people',
  tag: 'staff',
  summary:
    'People, newest first; by part of a name, by id, by whole e-mail or phone (by part of it with `people.contact`). A page may be shorter than its limit',
  access: 'people.read',
  query: z.strictObject({
    ...pageQuery,
    search: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(120))),
    role: z.optional(role),
    /** Up to a hundred ids joined by commas: these people and no others. */
    ids: z.optional(z.string().check(z.maxLength(3_200), z.regex(/^usr_[0-9a-z]{26}(,usr_[0-9a-z]{26}){0,99}$/, 'must be ids of people'))),
  }),
  status: 200,
  answer: page(foundPerson),
});

export const knownSession = z.object({
  id: sessionId,
  device: z.nullable(z.string()),
  /** The web app it is for; null for a client that keeps its own tokens. */
  app: z.nullable(z.string()),
  createdAt: timestamp,
  lastSeenAt: timestamp,
});

export const loginAttempt = z.object({ at: timestamp, method: z.string(), result: z.string(), country: z.nullable(z.string()) });

export const knownBlock = z.object({ userId, displayName: z.string(), reason: blockReason, at: timestamp });

export const wholePerson = z.object({
  id: userId,
  role,
  monetizationVersion,
  createdAt: timestamp,
  public: publicProfile,
  /** Null where the asker may not see private data. */
  private: z.nullable(privateProfile),
  presence: presenceState,
  presenceSince: z.nullable(timestamp),
  /** The call that keeps them busy. */
  busyWith: z.nullable(callId),
  /** `debt` is 0 or less: what they owe. */
  balances: z.array(z.object({ unit, amount: z.int(), debt: z.int() })),
  /** Devices that are signed in, newest first. */
  sessions: z.array(knownSession),
  /** The last thirty attempts to sign in, newest first. */
  attempts: z.array(loginAttempt),
  blocks: z.object({ made: z.array(knownBlock), received: z.array(knownBlock) }),
  /** Companions only. */
  work: z.nullable(z.object({ media: z.array(callMedia), tier: z.string(), shift: z.nullable(shift) })),
});
export type WholePerson = z.infer<typeof wholePerson>;

export const readAnyone = endpoint({
  name: 'readAnyone',
  method: 'GET',
  path: '/admin/people/:id',
  tag: 'staff',
  summary: 'Everything about one person; the private part with `people.contact`',
  access: 'people.read',
  params,
  status: 200,
  answer: z.object({ person: wholePerson }),
});

export const listBalanceEventsOf = endpoint({
  name: 'listBalanceEventsOf',
  method: 'GET',
  path: '/admin/people/:id/balance-events',
  tag: 'staff',
  summary: 'Every change of somebody’s balances, newest first',
  access: 'ledger.read',
  params,
  query: z.strictObject({ ...pageQuery, unit: z.optional(unit) }),
  status: 200,
  answer: page(balanceEvent),
});

export const listCallsOf = endpoint({
  name: 'listCallsOf',
  method: 'GET',
  path: '/admin/people/:id/calls',
  tag: 'staff',
  summary: 'Somebody’s calls, newest first, those that never rang among them',
  access: 'call.read_any',
  params,
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(boardCall),
});

export const revokeSessionsOf = endpoint({
  name: 'revokeSessionsOf',
  method: 'POST',
  path: '/admin/people/:id/sign-out',
  tag: 'staff',
  summary: 'Sign somebody out on one device, or on all of them; their sockets close within two seconds',
  access: 'people.sign_out',
  params,
  body: z.strictObject({
    sessionId: z.optional(sessionId),
    reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)),
  }),
  status: 200,
  answer: z.object({ signedOut: z.int() }),
});
