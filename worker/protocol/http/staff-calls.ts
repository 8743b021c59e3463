/** Staff: every call there is, live and past; one of them whole; stopping one. */
import * as z from 'zod/mini';
import { call, callState, endReason, receipt, timelineItem } from '../call/call.ts';
import { callId, tariffId, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: callId });

export const boardCall = z.object({
  call,
  caller: personCard,
  callee: personCard,
  /** Which of the two pays. */
  payerId: userId,
  /** Since when it is in its present state. */
  stateSince: timestamp,
});
export type BoardCall = z.infer<typeof boardCall>;

export const listAllCalls = endpoint({
  name: 'listAllCalls',
  method: 'GET',
  path: '/admin/calls',
  tag: 'staff',
  summary: 'Calls of everybody, newest first; with `state=running` those that are not over',
  access: 'call.read_any',
  query: z.strictObject({
    ...pageQuery,
    state: z.optional(z.enum(['running', ...callState.options])),
    person: z.optional(userId),
    reason: z.optional(endReason),
    /** Placed at this moment or later. */
    since: z.optional(timestamp),
  }),
  status: 200,
  answer: page(boardCall),
});

export const readAnyCall = endpoint({
  name: 'readAnyCall',
  method: 'GET',
  path: '/admin/calls/:id',
  tag: 'staff',
  summary: 'One call whole: both people, the tariff it began with, its receipt and its timeline',
  access: 'call.read_any',
  params,
  status: 200,
  answer: z.object({
    ...boardCall.def.shape,
    tariff: z.nullable(z.object({ id: tariffId, name: z.string(), version: z.int() })),
    receipt,
    timeline: z.array(timelineItem),
  }),
});

export const stopCall = endpoint({
  name: 'stopCall',
  method: 'POST',
  path: '/admin/calls/:id/stop',
  tag: 'staff',
  summary: 'End a running call as moderated, with a reason for the audit; only the time until then is charged',
  access: 'call.stop',
  params,
  body: z.strictObject({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
  status: 200,
  answer: z.object({ call }),
  errors: ['call_ended'],
});
