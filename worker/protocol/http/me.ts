/** The caller's own profile, balance, shift and block list. */
import * as z from 'zod/mini';
import { callMedia } from '../call/call.ts';
import { idOf, userId } from '../ids.ts';
import { ownMeans } from '../means.ts';
import { unit, unitAmount } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { monetizationVersion, presenceState, publicProfile, role } from '../people.ts';
import { permission } from '../permissions.ts';
import { timestamp } from '../time.ts';
import { comfort, comfortChange, wishes } from './comfort.ts';
import { endpoint } from './endpoint.ts';

const displayName = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));
/** How a name is said, for somebody who reads it aloud: “GREH-tuh”. */
const pronunciation = z.string().check(z.trim(), z.maxLength(60));
const about = z.string().check(z.maxLength(1000));
/** BCP 47 language tags such as `en` or `pt-BR`. */
const language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en'));

const ageBand = z.enum(['18-29', '30-44', '45-59', '60-74', '75+']);

/** What only the person and those who must may see. */
export const privateProfile = z.object({
  email: z.nullable(z.string()),
  phone: z.nullable(z.string()),
  birthDate: z.nullable(z.string()),
  timeZone: z.nullable(z.string()),
});

export const me = z.object({
  id: userId,
  role,
  monetizationVersion,
  permissions: z.array(permission),
  public: publicProfile,
  private: privateProfile,
  comfort,
  wishes,
});
export type Me = z.infer<typeof me>;

export const readMe = endpoint({
  name: 'readMe',
  method: 'GET',
  path: '/me',
  tag: 'me',
  summary: 'Own profile, public and private part, role and permissions',
  access: 'signed_in',
  status: 200,
  answer: z.object({ user: me }),
});

export const changeMe = endpoint({
  name: 'changeMe',
  method: 'PATCH',
  path: '/me',
  tag: 'me',
  summary: 'Change own profile; what is left out stays',
  access: 'signed_in',
  body: z.strictObject({
    public: z.optional(
      z.strictObject({
        displayName: z.optional(displayName),
        /** Null, or nothing but blanks, empties it. */
        pronunciation: z.optional(z.nullable(pronunciation)),
        about: z.optional(about),
        languages: z.optional(z.array(language).check(z.minLength(1), z.maxLength(10))),
        skills: z.optional(z.array(z.string().check(z.maxLength(60))).check(z.maxLength(5))),
        gender: z.optional(z.nullable(z.string().check(z.maxLength(30)))),
        ageBand: z.optional(z.nullable(ageBand)),
      }),
    ),
    private: z.optional(
      z.strictObject({
        birthDate: z.optional(z.nullable(z.iso.date())),
        timeZone: z.optional(z.nullable(z.string().check(z.maxLength(60)))),
      }),
    ),
    comfort: z.optional(comfortChange),
    wishes: z.optional(
      z.strictObject({
        media: z.optional(z.nullable(callMedia)),
        gender: z.optional(z.nullable(z.string().check(z.maxLength(30)))),
        ageBand: z.optional(z.nullable(ageBand)),
      }),
    ),
  }),
  status: 200,
  answer: z.object({ user: me }),
});

export const readBalance = endpoint({
  name: 'readBalance',
  method: 'GET',
  path: '/me/balance',
  tag: 'balance',
  summary: 'What the caller has, by unit; the cursor is where its events go on',
  access: 'signed_in',
  status: 200,
  answer: z.object({ balances: z.array(unitAmount), cursor: z.nullable(z.string()) }),
});

export const readMeans = endpoint({
  name: 'readMeans',
  method: 'GET',
  path: '/me/means',
  tag: 'pricing',
  summary: 'How the caller pays for time: what a plan includes, pieces, moments, coins, in the order in which they are spent',
  access: 'signed_in',
  status: 200,
  answer: z.object({ means: ownMeans }),
});

export const balanceEvent = z.object({
  id: idOf('bev'),
  at: timestamp,
  unit,
  /** Signed: what this added or took. */
  amount: z.int(),
  balanceAfter: z.int(),
  kind: z.string(),
  /** What it was about: a call, a purchase, an adjustment. */
  ref: z.string(),
});
export type BalanceEvent = z.infer<typeof balanceEvent>;

export const readBalanceEvents = endpoint({
  name: 'readBalanceEvents',
  method: 'GET',
  path: '/me/balance/events',
  tag: 'balance',
  summary: 'Every change of the balance, oldest first; the balance is their sum',
  access: 'signed_in',
  query: z.strictObject({ limit: pageQuery.limit, after: z.optional(z.string().check(z.maxLength(200))) }),
  status: 200,
  answer: z.object({ items: z.array(balanceEvent), cursor: z.nullable(z.string()) }),
});

export const topUp = endpoint({
  name: 'topUp',
  method: 'POST',
  path: '/wallet/topups',
  tag: 'balance',
  summary: 'Add coins from the sandbox shop; on a developer’s machine only',
  access: 'wallet.top_up',
  body: z.strictObject({ amount: z.int().check(z.gte(1), z.lte(100_000)) }),
  status: 201,
  answer: z.object({ purchaseId: z.string(), balances: z.array(unitAmount) }),
  localOnly: true,
});

export const shift = z.object({
  id: idOf('shf'),
  startedAt: timestamp,
  endedAt: z.nullable(timestamp),
  /** Since when the companion is on a break; null while at work. */
  breakSince: z.nullable(timestamp),
});

/** What a companion's day brought so far; the day is that of their time zone. */
export const workday = z.object({
  date: z.iso.date(),
  timeZone: z.string(),
  /** At work, breaks left out. */
  workedSeconds: z.int(),
  breakSeconds: z.int(),
  talkedSeconds: z.int(),
  calls: z.int(),
  earned: unitAmount,
});
export type Workday = z.infer<typeof workday>;

export const readShift = endpoint({
  name: 'readShift',
  method: 'GET',
  path: '/me/shift',
  tag: 'shifts',
  summary: 'The companion’s open shift, how they appear, and what today brought',
  access: 'shift.work',
  status: 200,
  answer: z.object({ shift: z.nullable(shift), presence: presenceState, today: workday }),
});

export const startShift = endpoint({
  name: 'startShift',
  method: 'POST',
  path: '/me/shift/start',
  tag: 'shifts',
  summary: 'Start work; again while working gives the same shift',
  access: 'shift.work',
  status: 200,
  answer: z.object({ shift }),
});

export const endShift = endpoint({
  name: 'endShift',
  method: 'POST',
  path: '/me/shift/end',
  tag: 'shifts',
  summary: 'End work; a running call goes on to its end',
  access: 'shift.work',
  status: 200,
  answer: z.object({ shift: z.nullable(shift) }),
});

export const blockReason = z.enum(['nudity', 'harassment', 'scam', 'spam', 'underage', 'bot', 'other']);
export type BlockReason = z.infer<typeof blockReason>;

export const block = z.object({ userId, displayName: z.string(), reason: blockReason, at: timestamp });

export const listBlocks = endpoint({
  name: 'listBlocks',
  method: 'GET',
  path: '/me/blocks',
  tag: 'blocks',
  summary: 'People the caller has blocked',
  access: 'signed_in',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(block),
});

export const blockPerson = endpoint({
  name: 'blockPerson',
  method: 'PUT',
  path: '/me/blocks/:userId',
  tag: 'blocks',
  summary: 'Block somebody: a running call ends at once, and neither sees the other again',
  access: 'signed_in',
  params: z.strictObject({ userId }),
  body: z.strictObject({ reason: blockReason, text: z.optional(z.string().check(z.maxLength(1000))) }),
  status: 200,
  answer: z.object({ block }),
});

export const unblockPerson = endpoint({
  name: 'unblockPerson',
  method: 'DELETE',
  path: '/me/blocks/:userId',
  tag: 'blocks',
  summary: 'Take a block back',
  access: 'signed_in',
  params: z.strictObject({ userId }),
  status: 204,
  answer: z.null(),
});
