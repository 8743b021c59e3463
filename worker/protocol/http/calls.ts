/** Calls (contract.md, "The main job"). */
import * as z from 'zod/mini';
import { call, callMedia, callState, endReason, quote, receipt, timelineItem } from '../call/call.ts';
import { mediaGrant } from '../call/media.ts';
import { callId, userId } from '../ids.ts';
import { unitAmount } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: callId });

/** Where to open the call's socket: a path on the API's origin, and a ticket spent there. */
export const callSocket = z.object({ url: z.string(), ticket: z.string() });
const placed = z.object({ call, quote, socket: callSocket });

export const placeCall = endpoint({
  name: 'placeCall',
  method: 'POST',
  path: '/calls',
  tag: 'calls',
  summary: 'Ring somebody',
  access: 'call.place',
  idempotencyKey: true,
  body: z.strictObject({ calleeId: userId, media: callMedia }),
  status: 201,
  answer: placed,
  errors: ['insufficient_funds', 'callee_busy', 'caller_busy', 'callee_unavailable', 'pricing_model_unavailable', 'blocked'],
});

export const resumeCall = endpoint({
  name: 'resumeCall',
  method: 'POST',
  path: '/calls/:id/resume',
  tag: 'calls',
  summary: 'Go on with a call that ran out of balance, within two minutes of its end',
  access: 'call.place',
  idempotencyKey: true,
  params,
  status: 201,
  answer: placed,
  errors: ['insufficient_funds', 'callee_busy', 'caller_busy', 'callee_unavailable', 'call_ended', 'blocked'],
});

export const acceptCall = endpoint({
  name: 'acceptCall',
  method: 'POST',
  path: '/calls/:id/accept',
  tag: 'calls',
  summary: 'Answer; the first device wins',
  access: 'call.take',
  params,
  status: 200,
  answer: z.object({ call, socket: callSocket, media: mediaGrant }),
  errors: ['answered_elsewhere', 'call_ended'],
});

export const declineCall = endpoint({
  name: 'declineCall',
  method: 'POST',
  path: '/calls/:id/decline',
  tag: 'calls',
  summary: 'Not now',
  access: 'call.take',
  params,
  status: 200,
  answer: z.object({ call }),
});

export const endCall = endpoint({
  name: 'endCall',
  method: 'POST',
  path: '/calls/:id/end',
  tag: 'calls',
  summary: 'Hang up, or stop ringing',
  access: 'call.take',
  params,
  status: 200,
  answer: z.object({ call }),
});

export const readCall = endpoint({
  name: 'readCall',
  method: 'GET',
  path: '/calls/:id',
  tag: 'calls',
  summary: 'One call; staff who may read any call read any',
  access: 'signed_in',
  params,
  status: 200,
  answer: z.object({ call }),
});

export const callListItem = z.object({ call, caller: personCard, callee: personCard });

export const listCalls = endpoint({
  name: 'listCalls',
  method: 'GET',
  path: '/calls',
  tag: 'calls',
  summary: 'Own calls, newest first; `unseen` counts the missed ones since the list was last marked as seen',
  access: 'signed_in',
  query: z.strictObject({
    ...pageQuery,
    state: z.optional(callState),
    direction: z.optional(z.enum(['incoming', 'outgoing'])),
    /** `true`: only calls that came and were not answered in time. */
    missed: z.optional(z.enum(['true', 'false'])),
  }),
  status: 200,
  answer: z.object({ ...page(callListItem).shape, unseen: z.int() }),
});

export const markCallsSeen = endpoint({
  name: 'markCallsSeen',
  method: 'POST',
  path: '/calls/seen',
  tag: 'calls',
  summary: 'Missed calls up to this one (all of them without) have been seen',
  access: 'call.take',
  body: z.strictObject({ upTo: z.optional(callId) }),
  status: 200,
  answer: z.object({ unseen: z.int() }),
});

export const readReceipt = endpoint({
  name: 'readReceipt',
  method: 'GET',
  path: '/calls/:id/receipt',
  tag: 'calls',
  summary: 'What the call came to, checkpoint by checkpoint',
  access: 'signed_in',
  params,
  status: 200,
  answer: receipt,
});

export const readTimeline = endpoint({
  name: 'readTimeline',
  method: 'GET',
  path: '/calls/:id/timeline',
  tag: 'calls',
  summary: 'Every transition with its cause and server time',
  access: 'signed_in',
  params,
  status: 200,
  answer: z.object({ items: z.array(timelineItem) }),
});

/** What can be told of a call; the words for each are the client's. */
export const storyKey = z.enum([
  'rang', // by: you | them
  'answered', // by
  'connected',
  'medium_asked', // media, by
  'medium_changed', // media
  'medium_stayed', // media: what was asked and could not be
  'interrupted',
  'went_on', // seconds: how long it was interrupted
  'paid', // unit, amount: by the reader
  'house_paid', // unit, amount: by the house in the payer's place
  'earned', // unit, amount: by the reader
  'ended', // reason, by (you | them | none)
  'settled',
]);
export type StoryKey = z.infer<typeof storyKey>;

export const storyItem = z.object({ at: timestamp, key: storyKey, params: z.record(z.string(), z.union([z.string(), z.int()])) });
export type StoryItem = z.infer<typeof storyItem>;

/** “18 minutes with Grace, 189 coins, nothing else” as data. */
export const storySummary = z.object({
  with: personCard,
  media: callMedia,
  connectedMs: z.int(),
  /** What the reader paid; empty where nothing. */
  paid: z.array(unitAmount),
  /** What the reader earned. */
  earned: z.array(unitAmount),
  /** What the house paid in the payer's place. */
  housePaid: z.array(unitAmount),
  endReason: z.nullable(endReason),
  /** False while postings are still on their way. */
  settled: z.boolean(),
});
export type StorySummary = z.infer<typeof storySummary>;

export const readStory = endpoint({
  name: 'readStory',
  method: 'GET',
  path: '/calls/:id/story',
  tag: 'calls',
  summary: 'The call in plain words, as keys and numbers to put into them; for the two who were in it',
  access: 'signed_in',
  params,
  status: 200,
  answer: z.object({ summary: storySummary, items: z.array(storyItem) }),
});
