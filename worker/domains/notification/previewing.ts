/** What a reader would get of words that nobody has sent yet, made exactly as it is made for them. */
import type { Context } from '../../platform/context.ts';
import type { Principal } from '../../platform/principal.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { NoticeChannel, NoticeTexts } from '../../protocol/http/templates.ts';
import { senderOf } from './mail.ts';
import { refuseIfWrong, told } from './templates.ts';
import type { NoticeKind } from './words/kinds.ts';
import { rendered } from './words/rendering.ts';
import { sampleFacts } from './words/samples.ts';
import { mailGroupOf, originOfLinks, stopUrlOf } from './words.ts';

interface Wish {
  readonly kind: string;
  readonly channel: NoticeChannel;
  readonly texts: NoticeTexts;
  readonly language: AppLanguage;
  readonly count?: number | undefined;
}

/**
 * The words with facts that are made up. A mail is made as if it went to whoever asks.
 * @throws Problem `not_found` where the kind is not told there, `validation_failed` naming what is wrong with the words
 */
export async function previewOf(ctx: Context, principal: Pick<Principal, 'email'>, timeZone: string, wish: Wish) {
  const { kind, channel } = told(wish);
  const { texts, language, count = 3 } = wish;
  refuseIfWrong(kind, channel, texts);
  const facts = sampleFacts(kind, { language, count, now: ctx.now });
  const isMail = channel === 'mail';
  const stopUrl = isMail ? await stopUrlOf(ctx.env, { address: principal.email ?? '', group: mailGroupOf(kind), language }) : null;
  const words = rendered(
    { kind, channel, fields: texts[language] ?? {}, facts },
    { language, timeZone, now: ctx.now },
    { origin: originOfLinks(ctx.env, kind), link: sampleLinks[kind] ?? null, stopUrl },
  );
  return isMail ? { from: senderOf(ctx.env), ...words } : words;
}

/** Where the button of a mail would lead; without one there is none. */
const sampleLinks: Partial<Record<NoticeKind, string>> = {
  'security.sign_in': '/go/settings/devices',
  'call.missed_digest': '/go/missed',
  'case.decided': '/go/inbox',
  announcement: '/go/home',
  'purchase.receipt': '/go/wallet',
  'purchase.refunded': '/go/wallet',
  'top_up.stopped': '/go/wallet',
  'job.failed': '/go/jobs',
};
