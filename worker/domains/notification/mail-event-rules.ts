/** What SendGrid says of a mail, and what it means for the address it went to. */
import * as z from 'zod/mini';
import type { MailGroup, Suppression } from './words/mail-groups.ts';

/** The part of an event that is read; they add fields as they like. */
export const mailEvent = z.object({
  event: z.string(),
  /** Their own, the same however often it is told. */
  sg_event_id: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Seconds since the epoch. */
  timestamp: z.int().check(z.gte(0)),
  email: z.string().check(z.maxLength(320)),
  /** Of `bounce`: `blocked` is a refusal that may pass. */
  type: z.optional(z.string()),
  reason: z.optional(z.string()),
  asm_group_id: z.optional(z.int()),
  /** Ours: it was sent along with the mail. */
  message_id: z.optional(z.string().check(z.maxLength(100))),
});
export type MailEvent = z.infer<typeof mailEvent>;

/** Events that are kept; all others, such as who opened what, are let go unread. */
export const isKept = ({ event }: MailEvent): boolean =>
  event === 'processed' ||
  event === 'delivered' ||
  event === 'bounce' ||
  event === 'dropped' ||
  event === 'spamreport' ||
  /unsubscribe|resubscribe/.test(event);

export type Meaning = (Suppression & { readonly lifted: boolean }) | 'nothing' | 'unknown_group';

const held = (cause: 'bounce' | 'spam_report' | 'unsubscribe'): Meaning => ({ cause, group: null, lifted: false });

/** @param groupOf our group of an unsubscribe group at SendGrid */
export function meaningOf(event: MailEvent, groupOf: (asmGroup: number) => MailGroup | undefined): Meaning {
  switch (event.event) {
    case 'bounce':
      return event.type === 'blocked' ? 'nothing' : held('bounce');
    case 'dropped':
      return droppedFor(event.reason ?? '');
    case 'spamreport':
      return held('spam_report');
    case 'unsubscribe':
      return held('unsubscribe');
    case 'group_unsubscribe':
    case 'group_resubscribe': {
      const group = event.asm_group_id === undefined ? undefined : groupOf(event.asm_group_id);
      return group ? { cause: 'group_unsubscribe', group, lifted: event.event === 'group_resubscribe' } : 'unknown_group';
    }
    default:
      return 'nothing';
  }
}

/** They drop what they know can't arrive or is not wanted; anything else that they drop says nothing of the address. */
function droppedFor(reason: string): Meaning {
  if (/bounced address|^invalid\b/i.test(reason)) return held('bounce');
  if (/spam reporting address/i.test(reason)) return held('spam_report');
  return /unsubscribed address/i.test(reason) ? held('unsubscribe') : 'nothing';
}

/** `news:12345,calls:23456` as pairs; what is no such pair is left out. */
export const asmGroupsOf = (setting: string): ReadonlyMap<string, number> =>
  new Map(
    setting.split(',').flatMap((pair) => {
      const [, group, id] = /^\s*([a-z_]+):(\d{1,9})\s*$/.exec(pair) ?? [];
      return group && id ? [[group, Number(id)] as const] : [];
    }),
  );
