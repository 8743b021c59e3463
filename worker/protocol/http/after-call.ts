/** After a call: how it was, what to remember, what was wrong. */
import * as z from 'zod/mini';
import { callId, caseId } from '../ids.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: callId });

export const ratingReason = z.enum([
  'kind',
  'listened',
  'interesting',
  'clear_sound',
  'poor_sound',
  'poor_picture',
  'hard_to_understand',
  'distracted',
  'unkind',
  'asked_for_money',
  'felt_unsafe',
]);
export type RatingReason = z.infer<typeof ratingReason>;

export const rating = z.object({
  callId,
  stars: z.int(),
  reasons: z.array(ratingReason),
  text: z.nullable(z.string()),
  at: timestamp,
  /** Until when it may be changed. */
  changeableUntil: timestamp,
});
export type Rating = z.infer<typeof rating>;

export const rateCall = endpoint({
  name: 'rateCall',
  method: 'POST',
  path: '/calls/:id/rating',
  tag: 'after a call',
  summary: 'How it was, by the member; again within a day replaces it',
  access: 'call.rate',
  params,
  body: z.strictObject({
    stars: z.int().check(z.gte(1), z.lte(5)),
    reasons: z.optional(z.array(ratingReason).check(z.maxLength(5))),
    text: z.optional(z.string().check(z.trim(), z.maxLength(1000))),
  }),
  status: 200,
  answer: z.object({ rating }),
  errors: ['too_late'],
});

/** What a companion noticed that others should look at. */
export const wrapUpFlag = z.enum(['low_mood', 'confused', 'health', 'money', 'safety', 'other']);

export const wrapUp = z.object({
  callId,
  note: z.nullable(z.string()),
  /** What to come back to. */
  followUp: z.nullable(z.string()),
  flag: z.nullable(wrapUpFlag),
  at: timestamp,
  changeableUntil: timestamp,
});
export type WrapUp = z.infer<typeof wrapUp>;

export const wrapUpCall = endpoint({
  name: 'wrapUpCall',
  method: 'POST',
  path: '/calls/:id/wrap-up',
  tag: 'after a call',
  summary: 'What the companion keeps of a call: note, follow-up, flag; again within a day replaces it',
  access: 'call.wrap_up',
  params,
  body: z.strictObject({
    note: z.optional(z.string().check(z.trim(), z.maxLength(2000))),
    followUp: z.optional(z.string().check(z.trim(), z.maxLength(500))),
    flag: z.optional(wrapUpFlag),
  }),
  status: 200,
  answer: z.object({ wrapUp }),
  errors: ['too_late'],
});

export const complaintReason = z.enum(['charged_wrongly', 'bad_connection', 'not_what_i_wanted', 'behaviour', 'other']);
export type ComplaintReason = z.infer<typeof complaintReason>;
/** A person looks at every one of them. */
export const complaintState = z.enum(['open', 'in_review', 'closed']);

export const complaint = z.object({
  id: caseId,
  callId,
  reason: complaintReason,
  text: z.string(),
  state: complaintState,
  at: timestamp,
});
export type Complaint = z.infer<typeof complaint>;

export const complainOfCall = endpoint({
  name: 'complainOfCall',
  method: 'POST',
  path: '/calls/:id/complaints',
  tag: 'after a call',
  summary: '“This is wrong”: a person of the house will look at it; again gives the same complaint',
  access: 'call.take',
  params,
  body: z.strictObject({ reason: complaintReason, text: z.string().check(z.trim(), z.maxLength(2000)) }),
  status: 201,
  answer: z.object({ complaint }),
});

export const readAfterCall = endpoint({
  name: 'readAfterCall',
  method: 'GET',
  path: '/calls/:id/after',
  tag: 'after a call',
  summary: 'What the caller said of their call: rating, wrap-up, complaint; null where nothing was',
  access: 'signed_in',
  params,
  status: 200,
  answer: z.object({
    rating: z.nullable(rating),
    wrapUp: z.nullable(wrapUp),
    complaint: z.nullable(complaint),
    /** True while the caller may rate it (members) or wrap it up (companions). */
    open: z.boolean(),
  }),
});
