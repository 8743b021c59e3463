/**
 * Every way the server says no. HTTP answers carry a code as `application/problem+json` (RFC 9457); sockets send
 * `{type: 'error', code, message, id?}` and close with a number from `closeCodes` when they can't go on.
 */
import * as z from 'zod/mini';

/** Code → HTTP status and a title that a person can read. */
export const errorCodes = {
  validation_failed: { status: 400, title: 'Something in the request is not as it should be' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  body_too_large: { status: 413, title: 'The body is too large' },
  idempotency_key_required: { status: 400, title: 'This request needs an Idempotency-Key' },
  idempotency_conflict: { status: 409, title: 'This key was used for another request' },
  unauthenticated: { status: 401, title: 'Please sign in' },
  forbidden: { status: 403, title: 'You may not do this' },
  not_found: { status: 404, title: 'There is no such thing here' },
  method_not_allowed: { status: 405, title: 'This address does not take this method' },
  rate_limited: { status: 429, title: 'Too many attempts; please wait' },
  overloaded: { status: 503, title: 'Too much is going on; please try again soon' },
  blocked: { status: 403, title: 'One of you has blocked the other' },
  insufficient_funds: { status: 402, title: 'The balance is too low' },
  callee_busy: { status: 409, title: 'They are in another call' },
  callee_unavailable: { status: 409, title: 'They can’t take a call now' },
  caller_busy: { status: 409, title: 'You are in another call' },
  answered_elsewhere: { status: 409, title: 'Answered on another device' },
  call_ended: { status: 409, title: 'This call is over' },
  pricing_model_unavailable: { status: 409, title: 'Calls under this plan are not open yet' },
  not_working: { status: 409, title: 'You are not at work' },
  too_late: { status: 409, title: 'The time for this is over' },
  too_many: { status: 409, title: 'There is no room for another one' },
  taken: { status: 409, title: 'Somebody else has taken this' },
  job_running: { status: 409, title: 'This job is running' },
  version_conflict: { status: 409, title: 'Somebody changed this in the meantime' },
  price_gone: { status: 409, title: 'This is not sold at this price now' },
  spending_limit: { status: 409, title: 'This would pass your own limit' },
  spending_paused: { status: 409, title: 'You asked for a pause from buying' },
  payment_declined: { status: 402, title: 'The card was declined' },
  no_card: { status: 409, title: 'There is no saved card' },
  not_refundable: { status: 409, title: 'This can’t be refunded' },
  plan_running: { status: 409, title: 'You have a plan that goes on' },
  no_plan: { status: 409, title: 'There is no such plan of yours here' },
  code_invalid: { status: 400, title: 'The code is wrong or has expired' },
  upgrade_required: { status: 426, title: 'This address speaks WebSocket' },
  internal: { status: 500, title: 'Something broke on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;
export const errorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** One wrong field: where it is (`media`, `parties.0.unit`) and what is wrong with it. */
export const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** The body of every error answer. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  requestId: z.string(),
  fields: z.optional(z.array(fieldError)),
});
export type Problem = z.infer<typeof problem>;

/** Close codes of every socket. */
export const closeCodes = {
  unauthenticated: 4001,
  forbidden: 4003,
  not_found: 4004,
  slow_consumer: 4008,
  replaced: 4009,
  revoked: 4010,
  bad_frame: 4022,
  upgrade_required: 4026,
  rate_limited: 4029,
} as const;
export type CloseReason = keyof typeof closeCodes;

/** The error frame of every socket; `id` repeats the frame it answers, when that had one. */
export const errorFrame = z.object({
  type: z.literal('error'),
  code: errorCode,
  message: z.string(),
  id: z.optional(z.string()),
});
export type ErrorFrame = z.infer<typeof errorFrame>;
