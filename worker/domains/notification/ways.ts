/** What a climb needs of others: devices, words, providers. Handed in, so that each can be watched and made to fail. */
import type { Context } from '../../platform/context.ts';
import type { Asked } from '../../platform/stubs.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { NotificationKind } from '../../protocol/notification.ts';
import type { ClimbMessage } from '../../protocol/queue/messages.ts';
import { forgetDevice, pushDevicesOfAll } from './devices.ts';
import type { Facts } from './kinds.ts';
import { sendMail } from './mail.ts';
import type { PushDevice, Pushed, PushOrder } from './push.ts';
import { sendPush } from './pushing.ts';
import type { Sending } from './sending.ts';
import { mailable } from './suppressions.ts';
import { callsOf, factsFor, mailKind, saidAs, wrongFact } from './wording.ts';
import type { FactsOf, NoticeKind } from './words/kinds.ts';
import { mailFor, mailGroupOf, wordsFor } from './words.ts';

/** Why nothing went out where it can't be worded. */
export const NO_WORDS = 'no_words';

/** Who reads it, and by which clock. */
export interface Reader {
  readonly language: AppLanguage;
  /** IANA name. */
  readonly timeZone: string;
}

/** One rung that is about to be carried out, and what the hub said of it. */
export interface Outgoing extends Extract<Asked, { wanted: true }> {
  readonly message: ClimbMessage;
  readonly reader: Reader;
}

export interface Words {
  readonly title: string;
  readonly body: string;
}

/** A mail about one notification, or about several missed calls. */
export interface MailOrder {
  readonly id: Id<'ntf'>;
  readonly userId: UserId;
  readonly to: string;
  readonly reader: Reader;
  readonly notice: { readonly kind: NotificationKind; readonly facts: Facts } | { readonly missed: readonly Facts[] };
  /** A path of the link grammar. */
  readonly link: string;
}

export interface Ways {
  /** Of each who has any. */
  devicesOf(ctx: Context, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly PushDevice[]>>;
  push(ctx: Context, device: PushDevice, order: PushOrder): Promise<Pushed>;
  forget(ctx: Context, device: PushDevice, reason: string): Promise<void>;
  /** Null where it can't be worded. */
  words(ctx: Context, notice: { kind: NotificationKind; facts: Facts; channel: 'push' | 'in_app'; reader: Reader }): Promise<Words | null>;
  /** Those of these addresses to which something of this kind may be sent. */
  mailable(ctx: Context, order: { to: readonly string[]; kind: NotificationKind }): Promise<ReadonlySet<string>>;
  mail(ctx: Context, order: MailOrder): Promise<Sending>;
}

export const ways: Ways = {
  devicesOf: pushDevicesOfAll,
  push: sendPush,
  forget: forgetDevice,
  async words(ctx, { kind, facts, channel, reader }) {
    const said = { kind: saidAs(kind), facts: await factsFor(ctx, kind, facts, reader.language) };
    return canBeSaid(ctx, said) ? wordsFor(ctx, { ...said, channel, ...reader }) : null;
  },
  mailable: (ctx, { to, kind }) => mailable(ctx, { addresses: to, group: mailGroupOf(mailKind(kind)) }),
  async mail(ctx, { id, to, reader, notice, link }) {
    const said =
      'missed' in notice
        ? ({ kind: 'call.missed_digest', facts: { calls: callsOf(notice.missed, reader.language) } } as const)
        : { kind: saidAs(notice.kind), facts: await factsFor(ctx, notice.kind, notice.facts, reader.language) };
    if (!canBeSaid(ctx, said)) return { sent: false, again: false, code: NO_WORDS };
    return sendMail(ctx.env, id, await mailFor(ctx, { ...said, ...reader, to, link }));
  },
};

/** What was told with facts that its words can't do without is an error of whoever told it, and no better tomorrow. */
function canBeSaid(ctx: Context, { kind, facts }: { kind: NoticeKind; facts: FactsOf<NoticeKind> }): boolean {
  const wrong = wrongFact(kind, facts);
  if (wrong !== null) ctx.log.error('a notification can’t be worded', { kind, fact: wrong });
  return wrong === null;
}
