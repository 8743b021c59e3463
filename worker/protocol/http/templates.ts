/** The words of notifications: versions of a text for each kind and channel, in every language. */
import * as z from 'zod/mini';
import { idOf } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { appLanguage } from './comfort.ts';
import { endpoint } from './endpoint.ts';

/** Where words are read: on a locked phone, in the app, in a mailbox, as a text message. */
export const noticeChannel = z.enum(['in_app', 'push', 'mail', 'sms']);
export type NoticeChannel = z.infer<typeof noticeChannel>;

const MOST_TEXT = 5_000;
const text = z.string().check(z.maxLength(MOST_TEXT));

/** One text, or the forms a number asks for, named as `Intl.PluralRules` does. */
export const phrase = z.union([
  text,
  z.strictObject({
    zero: z.optional(text),
    one: z.optional(text),
    two: z.optional(text),
    few: z.optional(text),
    many: z.optional(text),
    other: text,
  }),
]);
export type Phrase = z.infer<typeof phrase>;

/** Field → what it says. Which fields there are depends on the channel. */
export const noticeFields = z.record(z.string().check(z.maxLength(40)), phrase);
export type NoticeFields = z.infer<typeof noticeFields>;

/** Language → fields. Every language the app is written in must be there. */
export const noticeTexts = z.partialRecord(appLanguage, noticeFields);
export type NoticeTexts = z.infer<typeof noticeTexts>;

const kind = z.string().check(z.maxLength(60));
export const templateId = idOf('ntt');

export const templateState = z.enum(['draft', 'published', 'retired']);

export const template = z.object({
  /** Null of the words that are built in: they are version 1. */
  id: z.nullable(templateId),
  kind,
  channel: noticeChannel,
  version: z.int(),
  state: templateState,
  texts: noticeTexts,
  createdAt: z.nullable(timestamp),
  publishedAt: z.nullable(timestamp),
  retiredAt: z.nullable(timestamp),
});
export type Template = z.infer<typeof template>;

/** What words of one kind on one channel may say, and what they say now. */
export const templateLine = z.object({
  kind,
  channel: noticeChannel,
  /** What may stand between double braces. */
  facts: z.array(z.object({ name: z.string(), type: z.string(), needed: z.boolean() })),
  /** The fact whose number decides between one and many; null where nothing is counted. */
  counts: z.nullable(z.string()),
  fields: z.array(z.object({ name: z.string(), most: z.int(), optional: z.boolean(), lines: z.boolean() })),
  inForce: template,
  /** The newest draft that could still be published. */
  draft: z.nullable(template),
});
export type TemplateLine = z.infer<typeof templateLine>;

export const listTemplates = endpoint({
  name: 'listTemplates',
  method: 'GET',
  path: '/admin/notification-templates',
  tag: 'notification templates',
  summary: 'Every kind of notification on every channel it is told on: what it says now, and the draft that waits',
  access: 'template.read',
  status: 200,
  answer: z.object({ items: z.array(templateLine) }),
});

export const listTemplateVersions = endpoint({
  name: 'listTemplateVersions',
  method: 'GET',
  path: '/admin/notification-templates/:kind/:channel/versions',
  tag: 'notification templates',
  summary: 'The versions of one kind on one channel, newest first; the words that are built in come last',
  access: 'template.read',
  params: z.strictObject({ kind, channel: noticeChannel }),
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(template),
});

export const draftTemplate = endpoint({
  name: 'draftTemplate',
  method: 'POST',
  path: '/admin/notification-templates',
  tag: 'notification templates',
  summary: 'Draft the next version of the words of one kind on one channel',
  access: 'template.edit',
  body: z.strictObject({
    kind,
    channel: noticeChannel,
    texts: noticeTexts,
    /** The newest version the editor has seen; where there is a newer one by now, nothing is written. */
    seenVersion: z.optional(z.int().check(z.gte(1), z.lte(1_000_000))),
  }),
  status: 201,
  answer: z.object({ template }),
  errors: ['version_conflict'],
});

export const publishTemplate = endpoint({
  name: 'publishTemplate',
  method: 'POST',
  path: '/admin/notification-templates/:id/publish',
  tag: 'notification templates',
  summary: 'Say it so from now on',
  access: 'template.publish',
  params: z.strictObject({ id: templateId }),
  status: 200,
  answer: z.object({ template }),
  errors: ['version_conflict'],
});

export const retireTemplate = endpoint({
  name: 'retireTemplate',
  method: 'POST',
  path: '/admin/notification-templates/:id/retire',
  tag: 'notification templates',
  summary: 'Go back to the words that are built in, or discard a draft',
  access: 'template.publish',
  params: z.strictObject({ id: templateId }),
  status: 200,
  answer: z.object({ template }),
});

export const previewTemplate = endpoint({
  name: 'previewTemplate',
  method: 'POST',
  path: '/admin/notification-templates/preview',
  tag: 'notification templates',
  summary: 'What a reader would get, made as it is made for them, of facts that are made up',
  access: 'template.read',
  body: z.strictObject({
    kind,
    channel: noticeChannel,
    texts: noticeTexts,
    language: appLanguage,
    /** The number that is counted, where the kind counts. */
    count: z.optional(z.int().check(z.gte(1), z.lte(20))),
  }),
  status: 200,
  answer: z.object({
    /** Of `push` and `in_app` title and body; of `mail` subject, text and html; of `sms` the text. */
    title: z.optional(z.string()),
    body: z.optional(z.string()),
    from: z.optional(z.string()),
    subject: z.optional(z.string()),
    text: z.optional(z.string()),
    html: z.optional(z.string()),
  }),
});
