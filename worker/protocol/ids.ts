/**
 * Identifiers: a prefix that says what it names, then 26 characters of base32 (TypeID, a UUIDv7 inside), so they sort
 * by the moment they were made. Made by `platform/ids.ts`; here is only their shape.
 */
import * as z from 'zod/mini';

/** Every prefix and what it names. */
export const idPrefixes = {
  usr: 'user',
  ses: 'session (a signed-in device)',
  otp: 'one-time code challenge',
  call: 'call',
  chat: 'conversation',
  msg: 'message',
  cmd: 'media of a message',
  pst: 'posting',
  trf: 'transfer',
  bev: 'balance event',
  ntf: 'notification',
  ann: 'announcement',
  tar: 'tariff version',
  adj: 'adjustment by staff',
  apr: 'approval by a second person',
  aud: 'audit entry',
  evt: 'event of the event log',
  blk: 'block',
  shf: 'shift',
  pur: 'purchase',
  tkt: 'socket ticket',
  pho: 'photo',
  case: 'case for moderation',
  note: 'note about a member',
  rpl: 'reply that is ready',
  opr: 'rule that opens conversations',
  dev: 'device that takes push messages',
  ntt: 'version of a notification template',
  run: 'run of a job',
  sub: 'subscription',
  mov: 'move to another pricing model',
  pri: 'price of a product',
  pin: 'payment intent',
  pev: 'payment event',
  rfo: 'refund that staff ordered',
} as const;

export type IdPrefix = keyof typeof idPrefixes;
export type Id<P extends IdPrefix> = `${P}_${string}`;

export type UserId = Id<'usr'>;
export type SessionId = Id<'ses'>;
export type CallId = Id<'call'>;
export type PostingId = Id<'pst'>;
export type TariffId = Id<'tar'>;
export type PhotoId = Id<'pho'>;
export type CaseId = Id<'case'>;
export type ChatId = Id<'chat'>;
export type MessageId = Id<'msg'>;
export type ChatMediaId = Id<'cmd'>;
export type NoteId = Id<'note'>;
export type ReplyId = Id<'rpl'>;
export type OpeningRuleId = Id<'opr'>;
export type RunId = Id<'run'>;

const suffix = '[0-7][0-9a-hjkmnp-tv-z]{25}';

/** Schema of an id with the given prefix. */
export function idOf<P extends IdPrefix>(prefix: P): z.ZodMiniType<Id<P>, Id<P>> {
  const schema = z.string().check(z.regex(new RegExp(`^${prefix}_${suffix}$`), `must be an id that starts with ${prefix}_`));
  return schema as unknown as z.ZodMiniType<Id<P>, Id<P>>;
}

export const userId = idOf('usr');
export const sessionId = idOf('ses');
export const callId = idOf('call');
export const tariffId = idOf('tar');
export const postingId = idOf('pst');
export const photoId = idOf('pho');
export const caseId = idOf('case');
export const chatId = idOf('chat');
export const messageId = idOf('msg');
export const chatMediaId = idOf('cmd');
export const noteId = idOf('note');
export const replyId = idOf('rpl');
export const openingRuleId = idOf('opr');
export const runId = idOf('run');
