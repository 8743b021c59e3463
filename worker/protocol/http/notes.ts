/** What companions keep of a member: notes with their history, and a summary for whoever is there next. */
import * as z from 'zod/mini';
import { noteId, userId } from '../ids.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

/** `sensitive` ones are for the writer and for who supervises; `follow_up` is something to come back to on a day. */
export const noteKind = z.enum(['fact', 'preference', 'follow_up', 'sensitive']);
export type NoteKind = z.infer<typeof noteKind>;

export const MAX_NOTE = 1_000;
export const MAX_HANDOVER = 2_000;

/** Why words can't be kept, as the answer's `fields` say it: field, then the sentence of one of these. */
export const noteRefusals = {
  card_number: 'has what looks like a card number; take it out, such numbers are never kept',
  address: 'has what looks like a postal address; take it out, where a member lives is not kept in notes',
  email: 'has an e-mail address; take it out, how to reach a member elsewhere is not kept in notes',
} as const;
export type NoteRefusal = keyof typeof noteRefusals;

const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_NOTE));
const date = z.iso.date();

export const note = z.object({
  id: noteId,
  memberId: userId,
  author: personCard,
  kind: noteKind,
  text: z.string(),
  /** Only with `follow_up`: the day to come back to it, and when that was done. */
  followUpOn: z.nullable(date),
  doneAt: z.nullable(timestamp),
  /** Counts its edits; what is sent back with the next one. */
  version: z.int(),
  createdAt: timestamp,
  changedAt: timestamp,
  /** True for who wrote it: they alone change it. */
  own: z.boolean(),
});
export type Note = z.infer<typeof note>;

export const handover = z.object({
  author: personCard,
  text: z.string(),
  version: z.int(),
  changedAt: timestamp,
  own: z.boolean(),
});
export type Handover = z.infer<typeof handover>;

const ofMember = z.strictObject({ userId });
const params = z.strictObject({ id: noteId });
const version = z.int().check(z.gte(0), z.lte(1e9));

export const listNotes = endpoint({
  name: 'listNotes',
  method: 'GET',
  path: '/members/:userId/notes',
  tag: 'notes',
  summary:
    'Notes about a member: one’s own; those of others that are not sensitive, while one answers a conversation of theirs; all for who supervises',
  access: 'note.read',
  params: ofMember,
  status: 200,
  answer: z.object({
    /** Follow-ups that are not done first, the earliest day before the others; then the newest. */
    items: z.array(note),
    handovers: z.array(handover),
    /** How many sensitive notes of others there are that the caller does not see. */
    withheld: z.int(),
  }),
});

export const addNote = endpoint({
  name: 'addNote',
  method: 'POST',
  path: '/members/:userId/notes',
  tag: 'notes',
  summary: 'Keep something of a member one talks or writes with. Card numbers and addresses are refused',
  access: 'note.write',
  params: ofMember,
  body: z.strictObject({ kind: noteKind, text, followUpOn: z.optional(date) }),
  status: 201,
  answer: z.object({ note }),
  errors: ['too_many'],
});

export const changeNote = endpoint({
  name: 'changeNote',
  method: 'PATCH',
  path: '/notes/:id',
  tag: 'notes',
  summary: 'Change one’s own note, or say that a follow-up is done; what it said before stays in its history',
  access: 'note.write',
  params,
  body: z.strictObject({
    version,
    kind: z.optional(noteKind),
    text: z.optional(text),
    followUpOn: z.optional(date),
    done: z.optional(z.boolean()),
  }),
  status: 200,
  answer: z.object({ note }),
  errors: ['version_conflict'],
});

export const removeNote = endpoint({
  name: 'removeNote',
  method: 'DELETE',
  path: '/notes/:id',
  tag: 'notes',
  summary: 'Take one’s own note away; its history stays for who supervises',
  access: 'note.write',
  params,
  status: 204,
  answer: z.null(),
});

export const readNoteHistory = endpoint({
  name: 'readNoteHistory',
  method: 'GET',
  path: '/notes/:id/history',
  tag: 'notes',
  summary: 'All that a note has said, newest first; for its writer and who supervises',
  access: 'note.read',
  params,
  status: 200,
  answer: z.object({
    items: z.array(
      z.object({
        version: z.int(),
        kind: noteKind,
        text: z.string(),
        followUpOn: z.nullable(date),
        doneAt: z.nullable(timestamp),
        removed: z.boolean(),
        by: personCard,
        at: timestamp,
      }),
    ),
  }),
});

export const writeHandover = endpoint({
  name: 'writeHandover',
  method: 'PUT',
  path: '/members/:userId/handover',
  tag: 'notes',
  summary: 'What another companion should know of this member; an empty text takes it away',
  access: 'note.write',
  params: ofMember,
  /** `version` 0: there is none yet. */
  body: z.strictObject({ version, text: z.string().check(z.trim(), z.maxLength(MAX_HANDOVER)) }),
  status: 200,
  answer: z.object({ handover: z.nullable(handover) }),
  errors: ['version_conflict'],
});
