/** Staff: moving a member from one pricing model to another. */
import * as z from 'zod/mini';
import { callId, idOf, userId } from '../ids.ts';
import { ownMeans } from '../means.ts';
import { monetizationVersion } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: userId });

/** What they pay by before and after. What they brought along stays spendable. */
export const movePreview = z.object({
  userId,
  from: monetizationVersion,
  to: monetizationVersion,
  before: ownMeans,
  after: ownMeans,
  /** A call that runs: it goes on by the model it began with. */
  runningCallId: z.nullable(callId),
});
export type MovePreview = z.infer<typeof movePreview>;

export const previewVersionMove = endpoint({
  name: 'previewVersionMove',
  method: 'GET',
  path: '/admin/people/:id/version-move',
  tag: 'staff',
  summary: 'What moving a member to another pricing model would change: what they pay by before and after',
  access: 'members.move',
  params,
  query: z.strictObject({ to: monetizationVersion }),
  status: 200,
  answer: z.object({ preview: movePreview }),
  errors: ['version_conflict'],
});

export const moveAnswer = z.object({
  id: idOf('mov'),
  userId,
  from: monetizationVersion,
  to: monetizationVersion,
  reason: z.string(),
  movedAt: timestamp,
  postingId: idOf('pst'),
  /** What they pay by now. */
  means: ownMeans,
});
export type MoveAnswer = z.infer<typeof moveAnswer>;

export const moveVersion = endpoint({
  name: 'moveVersion',
  method: 'POST',
  path: '/admin/people/:id/version-move',
  tag: 'staff',
  summary: 'Move a member to another pricing model: coins, moments and a plan that is paid for stay spendable',
  access: 'members.move',
  idempotencyKey: true,
  params,
  body: z.strictObject({ to: monetizationVersion, reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
  status: 201,
  answer: z.object({ move: moveAnswer }),
  errors: ['version_conflict'],
});
