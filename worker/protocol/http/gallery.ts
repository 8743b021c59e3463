/** People one could talk to. */
import * as z from 'zod/mini';
import { callMedia, quote } from '../call/call.ts';
import { callId, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard, presenceState, publicProfile } from '../people.ts';
import { timestamp } from '../time.ts';
import { wrapUp } from './after-call.ts';
import { endpoint } from './endpoint.ts';

export const galleryItem = z.object({
  person: publicProfile,
  presence: presenceState,
  /** True where a call could be placed now. */
  available: z.boolean(),
  media: z.array(callMedia),
  tier: z.string(),
  /** The price of a call by the asked medium (`audio` unless asked); null where no tariff serves it. */
  price: z.nullable(quote),
});
export type GalleryItem = z.infer<typeof galleryItem>;

/** A talk is a call in which both were connected. */
export const talk = z.object({ callId, at: timestamp, connectedMs: z.int(), media: callMedia });

/** What the caller and this person have had with each other; nothing of anybody else's. */
export const acquaintance = z.object({
  talks: z.int(),
  connectedMs: z.int(),
  /** Their first talk. */
  since: timestamp,
  /** The last three, newest first. */
  lastTalks: z.array(talk),
  /** To the companion alone: what they kept of the last talk that they wrapped up. */
  lastWrapUp: z.nullable(wrapUp),
});
export type Acquaintance = z.infer<typeof acquaintance>;

const yesNo = z.enum(['true', 'false']);
const word = z.string().check(z.minLength(1), z.maxLength(60));

export const readGallery = endpoint({
  name: 'readGallery',
  method: 'GET',
  path: '/gallery',
  tag: 'gallery',
  summary:
    'People to talk to: those who could take a call first, the longest online before the rest. To companions: members who are online, in the opposite order',
  access: 'signed_in',
  query: z.strictObject({
    ...pageQuery,
    language: z.optional(word),
    skill: z.optional(word),
    available: z.optional(yesNo),
    media: z.optional(callMedia),
    gender: z.optional(word),
    ageBand: z.optional(word),
    tier: z.optional(word),
  }),
  status: 200,
  answer: page(galleryItem),
});

export const readPerson = endpoint({
  name: 'readPerson',
  method: 'GET',
  path: '/people/:id',
  tag: 'gallery',
  summary: 'One person, as the gallery shows them',
  access: 'signed_in',
  params: z.strictObject({ id: userId }),
  status: 200,
  answer: z.object({
    person: galleryItem,
    /** The price of a call by video; null where they take none. `person.price` is that by voice. */
    videoPrice: z.nullable(quote),
    known: z.nullable(acquaintance),
  }),
});

/** When somebody usually opens. */
export const opening = z.object({ at: timestamp, until: timestamp, person: personCard });
export type Opening = z.infer<typeof opening>;

export const readOpening = endpoint({
  name: 'readOpening',
  method: 'GET',
  path: '/gallery/opening',
  tag: 'gallery',
  summary: 'When who usually is there, the coming seven days: what to say at night and with nobody online',
  access: 'signed_in',
  status: 200,
  answer: z.object({
    /** How many could take a call now. */
    available: z.int(),
    /** The first to come; null where nobody has said when. */
    next: z.nullable(opening),
    /** Soonest first, the first 50. */
    openings: z.array(opening),
  }),
});
