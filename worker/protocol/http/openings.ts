/** Staff: rules that open a conversation when something happened. What they write is marked as automatic, always. */
import * as z from 'zod/mini';
import { openingRuleId, userId } from '../ids.ts';
import { monetizationVersion } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

/** `sign_up`: somebody new is there. `follow`: a member made a companion a favourite. */
export const openingEvent = z.enum(['sign_up', 'follow']);
export type OpeningEvent = z.infer<typeof openingEvent>;

const language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en'));

/** Which members it is for: those who speak one of `languages` and have one of `plans`; an empty list: any. */
export const openingCohort = z.strictObject({
  languages: z.array(language).check(z.maxLength(20)),
  plans: z.array(monetizationVersion).check(z.maxLength(10)),
});
export type OpeningCohort = z.infer<typeof openingCohort>;

/**
 * Whose message it is: of those named, of anybody who speaks the member's language, or of the companion who was made a
 * favourite. Of several the one who wrote the fewest that day.
 */
export const openingCompanions = z.discriminatedUnion('choice', [
  z.strictObject({ choice: z.literal('named'), ids: z.array(userId).check(z.minLength(1), z.maxLength(50)) }),
  z.strictObject({ choice: z.literal('by_language') }),
  z.strictObject({ choice: z.literal('followed') }),
]);
export type OpeningCompanions = z.infer<typeof openingCompanions>;

/** By language. `{member}` and `{companion}` stand for their names; the member's first language that is there is taken, else English. */
export const openingTemplates = z.record(language, z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)));

const name = z.string().check(z.trim(), z.minLength(3), z.maxLength(80));
const delayMinutes = z.int().check(z.gte(0), z.lte(7 * 24 * 60));
const perCompanionDay = z.int().check(z.gte(1), z.lte(1000));

export const openingRule = z.object({
  id: openingRuleId,
  name: z.string(),
  event: openingEvent,
  templates: z.record(z.string(), z.string()),
  cohort: openingCohort,
  companions: openingCompanions,
  /** How long after the event it writes. */
  delayMinutes: z.int(),
  /** At most so many conversations in a day (UTC) by one companion. */
  perCompanionDay: z.int(),
  enabled: z.boolean(),
  createdAt: timestamp,
  changedAt: timestamp,
  /** How many members it has written to, has still to, and left out (cohort, caps, blocks, or they know each other). */
  counts: z.object({ done: z.int(), waiting: z.int(), dropped: z.int() }),
});
export type OpeningRule = z.infer<typeof openingRule>;

export const listOpeningRules = endpoint({
  name: 'listOpeningRules',
  method: 'GET',
  path: '/admin/opening-rules',
  tag: 'staff',
  summary: 'Every rule that opens conversations, with what it has done',
  access: 'opening.read',
  status: 200,
  answer: z.object({ items: z.array(openingRule), nextCursor: z.nullable(z.string()) }),
});

export const addOpeningRule = endpoint({
  name: 'addOpeningRule',
  method: 'POST',
  path: '/admin/opening-rules',
  tag: 'staff',
  summary: 'Make a rule. It looks at what happens from now on, while it is enabled; each member gets its message once',
  access: 'opening.edit',
  body: z.strictObject({
    name,
    event: openingEvent,
    templates: openingTemplates,
    cohort: openingCohort,
    companions: openingCompanions,
    delayMinutes,
    perCompanionDay,
    enabled: z.boolean(),
  }),
  status: 201,
  answer: z.object({ rule: openingRule }),
});

export const changeOpeningRule = endpoint({
  name: 'changeOpeningRule',
  method: 'PATCH',
  path: '/admin/opening-rules/:id',
  tag: 'staff',
  summary: 'Change a rule, or turn it on or off; what it has still to write follows the change',
  access: 'opening.edit',
  params: z.strictObject({ id: openingRuleId }),
  body: z.strictObject({
    /** `changedAt` as the editor saw it; where it has moved on since, nothing is written. */
    seenChangedAt: timestamp,
    name: z.optional(name),
    templates: z.optional(openingTemplates),
    cohort: z.optional(openingCohort),
    companions: z.optional(openingCompanions),
    delayMinutes: z.optional(delayMinutes),
    perCompanionDay: z.optional(perCompanionDay),
    enabled: z.optional(z.boolean()),
  }),
  status: 200,
  answer: z.object({ rule: openingRule }),
  errors: ['version_conflict'],
});
