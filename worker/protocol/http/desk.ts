/** The desk of conversations: who answers which, who waits and for how long, and replies that are ready. */
import * as z from 'zod/mini';
import { chatId, replyId, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

/**
 * `mine`: those one answers. `unassigned`: those that nobody answers. `waiting`: of one's own, where the member waits for
 * an answer. `overdue`: one's own and nobody's, where they wait longer than they should.
 */
export const deskList = z.enum(['mine', 'unassigned', 'waiting', 'overdue']);
export type DeskList = z.infer<typeof deskList>;

/**
 * How who answers has changed: taken out of the queue, handed on (with nobody named: into the queue), returned to the
 * queue because nobody answered, or answered out of the queue by who still sat there.
 */
export const deskMoveKind = z.enum(['taken', 'transferred', 'returned', 'answered']);
export type DeskMoveKind = z.infer<typeof deskMoveKind>;

export const deskMove = z.object({
  kind: deskMoveKind,
  from: z.nullable(personCard),
  to: z.nullable(personCard),
  note: z.nullable(z.string()),
  at: timestamp,
});
export type DeskMove = z.infer<typeof deskMove>;

export const deskItem = z.object({
  chatId,
  member: z.object({ ...personCard.def.shape, languages: z.array(z.string()) }),
  /** The member's own companion of this conversation. */
  companion: personCard,
  /** Who answers now; null: it waits in the queue. */
  assignee: z.nullable(personCard),
  assignedAt: timestamp,
  lastAt: timestamp,
  /** The member waits for an answer: since when, until when they should have it, and when it goes to the queue; null: nobody waits. */
  waiting: z.nullable(
    z.object({
      since: timestamp,
      dueAt: timestamp,
      overdue: z.boolean(),
      /** Null where it lies in the queue already. */
      returnsAt: z.nullable(timestamp),
    }),
  ),
  /** The lists it stands in for the caller. */
  lists: z.array(deskList),
  /** Counts who answers; what is sent with a take or a transfer. */
  version: z.int(),
});
export type DeskItem = z.infer<typeof deskItem>;

const counts = z.object({ mine: z.int(), unassigned: z.int(), waiting: z.int(), overdue: z.int() });
const params = z.strictObject({ id: chatId });

export const readDesk = endpoint({
  name: 'readDesk',
  method: 'GET',
  path: '/desk',
  tag: 'desk',
  summary: 'One list of the desk, and how many stand in each. Who waits longest comes first; of one’s own the newest',
  access: 'desk.work',
  query: z.strictObject({ list: deskList, ...pageQuery }),
  status: 200,
  answer: z.object({ ...page(deskItem).def.shape, counts, now: timestamp }),
});

export const readDeskConversation = endpoint({
  name: 'readDeskConversation',
  method: 'GET',
  path: '/desk/:id',
  tag: 'desk',
  summary: 'A conversation as the desk has it, with how who answers has changed and what was written for it',
  access: 'desk.work',
  params,
  status: 200,
  answer: z.object({
    item: deskItem,
    /** The last twenty, newest first. */
    moves: z.array(deskMove),
    /** What the member has to spend, as time with their companion; null where it can't be told. Never the balance itself. */
    plan: z.nullable(z.object({ model: z.string(), minutesLeft: z.int() })),
  }),
});

export const takeConversation = endpoint({
  name: 'takeConversation',
  method: 'POST',
  path: '/desk/:id/take',
  tag: 'desk',
  summary: 'Answer a conversation that nobody answers. Who comes second learns who has it; again by the same one changes nothing',
  access: 'desk.work',
  params,
  status: 200,
  answer: z.object({ item: deskItem }),
  errors: ['taken'],
});

export const transferConversation = endpoint({
  name: 'transferConversation',
  method: 'POST',
  path: '/desk/:id/transfer',
  tag: 'desk',
  summary: 'Hand one’s conversation to another companion, or to nobody: into the queue; with a note for who comes next',
  access: 'desk.work',
  params,
  body: z.strictObject({ to: z.nullable(userId), note: z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)) }),
  status: 200,
  answer: z.object({ item: deskItem }),
  errors: ['taken', 'callee_unavailable'],
});

export const listColleagues = endpoint({
  name: 'listColleagues',
  method: 'GET',
  path: '/desk/:id/colleagues',
  tag: 'desk',
  summary: 'To whom a conversation could be handed: the member’s own companion first, then those at work',
  access: 'desk.work',
  params,
  status: 200,
  answer: z.object({
    items: z.array(
      z.object({
        person: personCard,
        atWork: z.boolean(),
        own: z.boolean(),
        /** The member's languages that they speak. */
        languages: z.array(z.string()),
      }),
    ),
  }),
});

// ── replies that are ready ──────────────────────────────────────────────────────────────────────────────────────────

export const MAX_REPLY = 1_000;
export const replyWord = z.string().check(z.regex(/^[\p{L}\p{N}-]{1,30}$/u, 'must be one word of letters, digits and -, 30 at most'));

export const cannedReply = z.object({
  id: replyId,
  /** What is typed after the `/`. */
  word: z.string(),
  /** The language it is in, where that was said. */
  language: z.nullable(z.string()),
  /** `{name}` stands for the member's name. */
  text: z.string(),
  /** False: the house's, for everybody. */
  own: z.boolean(),
});
export type CannedReply = z.infer<typeof cannedReply>;

const reply = {
  word: replyWord,
  language: z.optional(z.nullable(z.string().check(z.regex(/^[a-z]{2,3}$/, 'must be a language such as en or de')))),
  text: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_REPLY)),
};
const ofReply = z.strictObject({ id: replyId });

export const listReplies = endpoint({
  name: 'listReplies',
  method: 'GET',
  path: '/desk-replies',
  tag: 'desk',
  summary: 'Replies that are ready: one’s own and the house’s, by their word',
  access: 'reply.read',
  status: 200,
  answer: z.object({ items: z.array(cannedReply) }),
});

export const addReply = endpoint({
  name: 'addReply',
  method: 'POST',
  path: '/desk-replies',
  tag: 'desk',
  summary: 'Keep a reply for oneself, or for everybody where one may. A word is there once in a language',
  access: 'reply.read',
  body: z.strictObject({ ...reply, house: z.optional(z.boolean()) }),
  status: 201,
  answer: z.object({ reply: cannedReply }),
  errors: ['too_many', 'forbidden'],
});

export const changeReply = endpoint({
  name: 'changeReply',
  method: 'PATCH',
  path: '/desk-replies/:id',
  tag: 'desk',
  summary: 'Change a reply of one’s own, or of the house where one may',
  access: 'reply.read',
  params: ofReply,
  body: z.strictObject({ word: z.optional(reply.word), language: reply.language, text: z.optional(reply.text) }),
  status: 200,
  answer: z.object({ reply: cannedReply }),
  errors: ['too_many'],
});

export const removeReply = endpoint({
  name: 'removeReply',
  method: 'DELETE',
  path: '/desk-replies/:id',
  tag: 'desk',
  summary: 'Take a reply away',
  access: 'reply.read',
  params: ofReply,
  status: 204,
  answer: z.null(),
});
