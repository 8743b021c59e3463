/** Tariffs: who pays and who earns what, when (money.md, "Tariffs"). */
import * as z from 'zod/mini';
import { billingParty, callKind } from '../call/call.ts';
import { tariffId } from '../ids.ts';
import { amount, unit, unitAmount } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { role } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const seconds = z.int().check(z.gte(0), z.lte(86_400));

/** Where a tariff applies; what is left out matches anything. The most specific published one wins, ties by newest. */
export const tariffMatch = z.strictObject({
  kind: z.optional(callKind),
  media: z.optional(z.enum(['audio', 'video', 'text'])),
  payerRole: z.optional(role),
  payeeRole: z.optional(role),
  cohort: z.optional(z.string().check(z.maxLength(60))),
  /** Who called whom. */
  direction: z.optional(z.enum(['member_to_companion', 'companion_to_member'])),
  country: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/, 'must be two capital letters'))),
});
export type TariffMatch = z.infer<typeof tariffMatch>;

/** One party's side: single checkpoints in rising order of seconds, then a repeat. */
export const tariffParty = z.strictObject({
  party: billingParty,
  unit,
  direction: z.enum(['debit', 'credit']),
  checkpoints: z.array(z.strictObject({ atSeconds: seconds, amount })).check(z.maxLength(200)),
  then: z.nullable(z.strictObject({ everySeconds: z.int().check(z.gte(1), z.lte(86_400)), amount })),
  /** The most this party pays or earns in one call. */
  cap: z.optional(z.nullable(amount)),
  perMessage: z.optional(z.nullable(z.strictObject({ free: z.int().check(z.gte(0)), amount }))),
});
export type TariffParty = z.infer<typeof tariffParty>;

export const tariffTerms = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  match: tariffMatch,
  parties: z.array(tariffParty).check(z.minLength(1), z.maxLength(2)),
  /** Unpaid seconds at the start of a call that the house carries, so many times a day for one payer. */
  grace: z.optional(z.strictObject({ seconds, perDay: z.int().check(z.gte(0), z.lte(100)) })),
  maxSeconds: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(86_400)))),
});
export type TariffTerms = z.infer<typeof tariffTerms>;

export const tariffState = z.enum(['draft', 'published', 'retired']);
export type TariffState = z.infer<typeof tariffState>;

export const tariff = z.object({
  id: tariffId,
  /** The first version's id: versions of one tariff share it. */
  lineId: tariffId,
  version: z.int(),
  state: tariffState,
  ...tariffTerms.def.shape,
  createdAt: timestamp,
  publishedAt: z.nullable(timestamp),
  effectiveAt: z.nullable(timestamp),
});
export type Tariff = z.infer<typeof tariff>;

export const listTariffs = endpoint({
  name: 'listTariffs',
  method: 'GET',
  path: '/admin/tariffs',
  tag: 'tariffs',
  summary: 'Tariffs, newest version first',
  access: 'tariff.read',
  query: z.strictObject({
    ...pageQuery,
    state: z.optional(tariffState),
    /** The versions of one tariff. */
    line: z.optional(tariffId),
  }),
  status: 200,
  answer: page(tariff),
});

export const readTariff = endpoint({
  name: 'readTariff',
  method: 'GET',
  path: '/admin/tariffs/:id',
  tag: 'tariffs',
  summary: 'One version of a tariff, whatever its state',
  access: 'tariff.read',
  params: z.strictObject({ id: tariffId }),
  status: 200,
  answer: z.object({ tariff }),
});

export const draftTariff = endpoint({
  name: 'draftTariff',
  method: 'POST',
  path: '/admin/tariffs',
  tag: 'tariffs',
  summary: 'Draft a tariff, or with `replaces` the next version of one',
  access: 'tariff.edit',
  body: z.strictObject({
    ...tariffTerms.def.shape,
    replaces: z.optional(tariffId),
    /** The newest version the editor has seen; where there is a newer one by now, nothing is written. */
    seenVersion: z.optional(z.int().check(z.gte(1), z.lte(1_000_000))),
  }),
  status: 201,
  answer: z.object({ tariff }),
  errors: ['version_conflict'],
});

export const publishTariff = endpoint({
  name: 'publishTariff',
  method: 'POST',
  path: '/admin/tariffs/:id/publish',
  tag: 'tariffs',
  summary: 'Put a draft in force; running calls keep the version they started with',
  access: 'tariff.publish',
  params: z.strictObject({ id: tariffId }),
  status: 200,
  answer: z.object({ tariff }),
  errors: ['version_conflict'],
});

export const retireTariff = endpoint({
  name: 'retireTariff',
  method: 'POST',
  path: '/admin/tariffs/:id/retire',
  tag: 'tariffs',
  summary: 'Take a version out of force, or discard a draft; running calls keep the version they started with',
  access: 'tariff.publish',
  params: z.strictObject({ id: tariffId }),
  status: 200,
  answer: z.object({ tariff }),
});

export const previewTariff = endpoint({
  name: 'previewTariff',
  method: 'POST',
  path: '/admin/tariffs/preview',
  tag: 'tariffs',
  summary: 'What a call of so many seconds would cost and earn',
  access: 'tariff.read',
  body: z.strictObject({ tariff: tariffTerms, durationSeconds: seconds }),
  status: 200,
  answer: z.object({
    checkpoints: z.array(z.object({ party: billingParty, n: z.int(), atSeconds: z.int(), unit, amount: z.int() })),
    totals: z.object({ payer: z.array(unitAmount), payee: z.array(unitAmount) }),
  }),
});

const sums = z.object({ paid: z.int(), earned: z.int() });

/** Calls of one length, and what they come to. */
export const replayBand = z.object({
  fromSeconds: z.int(),
  /** Exclusive; null without end. */
  toSeconds: z.nullable(z.int()),
  calls: z.int(),
  before: sums,
  after: sums,
});

export const replayTariff = endpoint({
  name: 'replayTariff',
  method: 'POST',
  path: '/admin/tariffs/replay',
  tag: 'tariffs',
  summary:
    'What the calls since a moment would have come to with this tariff in force, beside the tariffs they had. Both by their schedules at the connected time: grace, empty balances and changes of medium are left out',
  access: 'tariff.read',
  body: z.strictObject({ tariff: tariffTerms, replaces: z.optional(tariffId), since: timestamp }),
  status: 200,
  answer: z.object({
    /** Calls that were connected. */
    calls: z.int(),
    /** Those among them that the tariff would have applied to. */
    applies: z.int(),
    /** False where there were too many calls to count all; then the newest are in. */
    complete: z.boolean(),
    before: sums,
    after: sums,
    bands: z.array(replayBand),
  }),
});
