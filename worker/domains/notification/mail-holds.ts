/** What holds mail back from somebody, for staff; they take back that it came back, and nothing that a reader asked for. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { MailHold, PersonMail } from '../../protocol/http/staff-mail.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { userById } from '../user/service.ts';
import { takeOffLists } from './mail.ts';
import { mailAddressHash } from './mail-keys.ts';
import { noteSuppression, type SuppressionRow, suppressionsOf } from './suppression-store.ts';
import { isLiftable } from './words/mail-groups.ts';

/** @throws Problem `not_found` */
export async function mailOf(ctx: Context, userId: UserId): Promise<PersonMail> {
  const { email, rows } = await heldAgainst(ctx, userId);
  return { hasAddress: email !== null, holds: rows.map(toHold) };
}

/**
 * Mail may go to this person's address again, after it came back from there. The mail service keeps a list of its own, and
 * drops what goes to an address on it: so it is taken off there first. If mail comes back again, it is held back again.
 * Repeated: nothing changes, and nothing is written.
 * @throws Problem `not_found`, `overloaded` where the mail service does not take the address off
 */
export async function liftBounce(ctx: Context, order: { userId: UserId; reason: string; actor: UserId }): Promise<PersonMail> {
  const { userId, reason, actor } = order;
  const { email, rows } = await heldAgainst(ctx, userId);
  const bounce = rows.find(({ cause }) => isLiftable(cause));
  if (email !== null && bounce) {
    const off = await takeOffLists(ctx.env, email);
    if (!off.done) {
      ctx.log.error('an address could not be taken off the lists of the mail service', { userId, code: off.code });
      throw new Problem('overloaded', 'The mail service did not take the address off its own list. Please try again in a while.');
    }
    // Their events tell whole seconds: what comes back within this one is newer than this word.
    const at = Math.max(bounce.at, Math.floor(ctx.now / 1_000) * 1_000);
    await ctx.env.DB.batch([
      noteSuppression(ctx.env.DB, { ...bounce, at, lifted: true, source: 'staff' }),
      auditStatement(ctx, {
        actor,
        action: 'mail.lift',
        subject: userId,
        before: { heldFor: bounce.cause, since: toTimestamp(bounce.at) },
        after: { heldFor: null, reason },
      }),
    ]);
  }
  return mailOf(ctx, userId);
}

async function heldAgainst(ctx: Context, userId: UserId): Promise<{ email: string | null; rows: SuppressionRow[] }> {
  const user = await userById(ctx, userId);
  if (!user) throw new Problem('not_found', 'There is no such person.');
  const { email } = user;
  return { email, rows: email === null ? [] : await suppressionsOf(ctx.env.DB, await mailAddressHash(ctx.env, email)) };
}

const toHold = ({ cause, mailGroup, at, source }: SuppressionRow): MailHold => ({
  cause,
  group: mailGroup === '' ? null : mailGroup,
  at: toTimestamp(at),
  source,
  liftable: isLiftable(cause),
});
