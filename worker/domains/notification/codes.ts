/** One-time codes in words: by mail or SMS, in the language of whoever asked. */
import type { Context } from '../../platform/context.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { Id } from '../../protocol/ids.ts';
import type { OtpMessage } from '../../protocol/queue/messages.ts';
import { languagesOf } from '../profile/service.ts';
import { userByAddress } from '../user/service.ts';
import { sendMail } from './mail.ts';
import type { Sending } from './sending.ts';
import { type Sms, sendSms } from './sms.ts';
import { mayMail } from './suppressions.ts';
import type { FactsOf } from './words/kinds.ts';
import { type Mail, mailFor, mailGroupOf, wordsFor } from './words.ts';

type Code = Omit<OtpMessage, 'kind' | 'id'>;

/** Minutes that are left when it goes out, one at least. */
export const codeFacts = ({ code, expiresAt }: Pick<Code, 'code' | 'expiresAt'>, now: number): FactsOf<'otp'> => ({
  code,
  minutes: Math.max(1, Math.round((expiresAt - now) / 60_000)),
});

/** Sends a code. An address without a mailbox is not written to: nobody is there to read it. */
export async function codeOut(ctx: Context, id: Id<'ntf'>, code: Code): Promise<Sending> {
  if (code.channel === 'sms') return sendSms(ctx.env, await codeSms(ctx, code));
  if (!(await mayMail(ctx, { address: code.to, group: mailGroupOf('otp') }))) return { sent: false, again: false, code: 'suppressed' };
  return sendMail(ctx.env, id, await codeMail(ctx, code));
}

const order = async (ctx: Context, code: Code) =>
  ({ kind: 'otp', language: await languageOf(ctx, code), timeZone: 'UTC', facts: codeFacts(code, ctx.now) }) as const;

const codeMail = async (ctx: Context, code: Code): Promise<Mail> => mailFor(ctx, { ...(await order(ctx, code)), to: code.to });

const codeSms = async (ctx: Context, code: Code): Promise<Sms> => ({
  to: code.to,
  ...(await wordsFor(ctx, { ...(await order(ctx, code)), channel: 'sms' })),
});

/** What the account at this address chose; else what the browser asked for; else what the account speaks; else English. */
async function languageOf(ctx: Context, { channel, to, language }: Code): Promise<AppLanguage> {
  const user = await userByAddress(ctx, channel === 'email' ? { email: to } : { phone: to });
  const known = user && (await languagesOf(ctx, [user.id], language)).get(user.id);
  return known ?? language ?? 'en';
}
