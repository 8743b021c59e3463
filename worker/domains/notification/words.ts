/** What one person reads: the words in force for a kind, in their language and time zone, on the channel they are told by. */
import type { Env } from '../../env.ts';
import type { Context } from '../../platform/context.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { NoticeChannel } from '../../protocol/http/templates.ts';
import { mailAddressHash, mintStop } from './mail-keys.ts';
import { textsInForce } from './templates.ts';
import { type FactsOf, kindOf, type NoticeKind } from './words/kinds.ts';
import { groupOf, type MailGroup } from './words/mail-groups.ts';
import { type MailWords, rendered, type WordsOf } from './words/rendering.ts';

export interface WordsOrder<K extends NoticeKind, C extends NoticeChannel> {
  readonly kind: K;
  readonly channel: C;
  readonly language: AppLanguage;
  /** IANA name; `UTC` where nobody knows. */
  readonly timeZone: string;
  readonly facts: FactsOf<K>;
}

/** What mails lead to, beside their words. */
export interface MailWay {
  /** A path of the link grammar, `/go/…`: where the button leads; left out: there is none. */
  readonly link?: string | undefined;
  /** Where mails of this kind are stopped. */
  readonly stopUrl?: string | null;
}

/**
 * The words of a notification. Titles and subjects that got too long by what they were told are cut with “…”.
 * @throws Error where the kind is not told on this channel, or a fact is missing
 */
export async function wordsFor<K extends NoticeKind, C extends NoticeChannel>(
  ctx: Context,
  order: WordsOrder<K, C>,
  way: MailWay = {},
): Promise<WordsOf<C>> {
  const { kind, channel, facts, language, timeZone } = order;
  const fields = (await textsInForce(ctx, kind, channel))[language];
  if (!fields) throw new Error(`${kind} has no words in ${language}`);
  const links = { origin: originOfLinks(ctx.env, kind), link: way.link ?? null, stopUrl: way.stopUrl ?? null };
  return rendered({ kind, channel, fields, facts }, { language, timeZone, now: ctx.now }, links);
}

/** A mail that is ready to be handed to the provider. */
export interface Mail extends MailWords {
  readonly to: string;
  readonly group: MailGroup;
  /** Set where its reader may stop mails like it: RFC 8058 asks for an address that one click posts to. */
  readonly stopUrl: string | null;
}

/** The mail of a notification, with what its stream asks for: the way to stop it, on the page and in its headers. */
export async function mailFor<K extends NoticeKind>(
  ctx: Context,
  order: Omit<WordsOrder<K, 'mail'>, 'channel'> & { to: string; link?: string | undefined },
): Promise<Mail> {
  const { to, link, ...said } = order;
  const group = mailGroupOf(order.kind);
  const stopUrl = await stopUrlOf(ctx.env, { address: to, group, language: order.language });
  return { to, group, stopUrl, ...(await wordsFor(ctx, { ...said, channel: 'mail' }, { link, stopUrl })) };
}

/** The group that mails of a kind belong to. @throws Error where the kind has no mails */
export function mailGroupOf(kind: NoticeKind): MailGroup {
  const { mail } = kindOf(kind);
  if (!mail) throw new Error(`there are no mails of ${kind}`);
  return mail;
}

/** Where one click stops a group of mails to an address; null where the group can't be stopped. */
export async function stopUrlOf(
  env: Env,
  { address, group, language }: { address: string; group: MailGroup; language: AppLanguage },
): Promise<string | null> {
  if (!groupOf(group).stoppable) return null;
  const token = await mintStop(env, { addressHash: await mailAddressHash(env, address), group, language });
  return `${env.API_ORIGIN}/api/v1/mail/stop?leave=${token}`;
}

/** Where links of a kind lead: what is work of staff to the panel, all else to the members' app, the first of the listed pages. */
export const originOfLinks = (env: Pick<Env, 'ALLOWED_ORIGINS' | 'PANEL_ORIGIN'>, kind: NoticeKind): string =>
  kindOf(kind).mail === 'work' ? env.PANEL_ORIGIN : (env.ALLOWED_ORIGINS.split(',')[0]?.trim() ?? '');
