/** Staff: what people raised, and media that wait to be looked at. */
import * as z from 'zod/mini';
import { mediaState, messageMedia } from '../chat/message.ts';
import { caseId, chatId, chatMediaId, messageId, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { chatMediaLimits } from './chats.ts';
import { endpoint } from './endpoint.ts';

export const caseSource = z.enum(['complaint', 'rating', 'wrap_up', 'report', 'reconciliation']);
export const caseState = z.enum(['open', 'in_review', 'closed']);

/** A message as it stood when it was reported. */
export const evidence = z.object({
  messageId,
  sender: z.nullable(userId),
  kind: z.string(),
  at: timestamp,
  /** What was written, or said of a medium; null where it was deleted before. */
  text: z.nullable(z.string()),
  mediaId: z.nullable(chatMediaId),
});
export type Evidence = z.infer<typeof evidence>;

export const moderationCase = z.object({
  id: caseId,
  source: caseSource,
  /** What it is about: a call, a conversation or a message; a day of a store (`stripe:2026-11-25`). */
  subject: z.string(),
  chatId: z.nullable(chatId),
  /** Null: the house itself found it. */
  raisedBy: z.nullable(personCard),
  /** Whom it is about, where that is known. */
  about: z.nullable(personCard),
  reason: z.string(),
  text: z.string(),
  state: caseState,
  at: timestamp,
  evidence: z.nullable(evidence),
});
export type ModerationCase = z.infer<typeof moderationCase>;

export const listCases = endpoint({
  name: 'listCases',
  method: 'GET',
  path: '/admin/cases',
  tag: 'staff',
  summary: 'Cases, the newest first',
  access: 'case.read',
  query: z.strictObject({ ...pageQuery, state: z.optional(caseState), source: z.optional(caseSource) }),
  status: 200,
  answer: page(moderationCase),
});

export const waitingMedia = z.object({ media: messageMedia, chatId, uploader: personCard, at: timestamp });
export type WaitingMedia = z.infer<typeof waitingMedia>;

export const listWaitingMedia = endpoint({
  name: 'listWaitingMedia',
  method: 'GET',
  path: '/admin/media',
  tag: 'staff',
  summary: 'Media of messages that nobody has looked at yet, the oldest first',
  access: 'media.decide',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(waitingMedia),
});

const params = z.strictObject({ mediaId: chatMediaId });

export const lookAtMedia = endpoint({
  name: 'lookAtMedia',
  method: 'GET',
  path: '/admin/media/:mediaId',
  tag: 'staff',
  summary: 'The bytes, for whoever decides; that they looked stands in the audit',
  access: 'media.decide',
  params,
  status: 200,
  answer: z.unknown(),
  answersBytes: Object.values(chatMediaLimits).flatMap(({ types }) => [...types]),
});

export const decideMedia = endpoint({
  name: 'decideMedia',
  method: 'POST',
  path: '/admin/media/:mediaId/decide',
  tag: 'staff',
  summary: 'Let the other side see it, or not; can be decided anew',
  access: 'media.decide',
  params,
  body: z.strictObject({ state: z.enum(['passed', 'refused']) }),
  status: 200,
  answer: z.object({ media: z.object({ id: chatMediaId, state: mediaState }) }),
});
