/** By what stores and messengers know people, and giving such a name to somebody else. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { WirePaymentAlias } from '../../protocol/http/payment-events.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { userById } from '../user/service.ts';
import { type AliasRecord, aliasRecords, moveStatement } from './alias-store.ts';
import type { Alias, AliasKind } from './claim-rules.ts';

export async function aliases(
  ctx: Context,
  asked: { userId?: UserId | undefined; value?: string | undefined },
): Promise<WirePaymentAlias[]> {
  return (await aliasRecords(ctx.env.DB, asked)).map(toWire);
}

/**
 * Gives a name to somebody else from now on: what happened at the store before stays whose it was, and so does what it granted.
 * @throws Problem `not_found` for a name or person that is not there, `taken` where it is theirs already
 */
export async function transferAlias(
  ctx: Context,
  { kind, value, to, reason, actor }: Alias & { to: UserId; reason: string; actor: UserId },
): Promise<WirePaymentAlias> {
  const [user, rows] = await Promise.all([userById(ctx, to), aliasRecords(ctx.env.DB, { kind, value })]);
  const [newest] = rows;
  if (!user) throw new Problem('not_found', 'There is no user with this id.');
  if (!newest) throw new Problem('not_found', 'This name was never anybody’s.');
  if (newest.userId === to) throw new Problem('taken', 'It is theirs already.');
  // Two in one millisecond follow each other.
  const since = Math.max(ctx.now, newest.since + 1);
  try {
    await ctx.env.DB.batch([
      moveStatement(ctx.env.DB, { kind, value, since, userId: to, movedBy: actor, reason }),
      auditStatement(ctx, {
        actor,
        action: 'payments.transfer_alias',
        subject: to,
        before: { kind, userId: newest.userId },
        after: { kind, userId: to, since: toTimestamp(since), reason },
      }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'alias_taken')) throw new Problem('taken', 'Somebody else has moved it at this moment. Look again.');
    throw thrown;
  }
  return toWire({ kind, value, since, userId: to, verifiedAt: since, movedBy: actor, reason });
}

const toWire = (row: AliasRecord): WirePaymentAlias => ({
  kind: row.kind as AliasKind,
  value: row.value,
  userId: row.userId,
  since: row.since === 0 ? null : toTimestamp(row.since),
  verifiedAt: toTimestamp(row.verifiedAt),
  movedBy: row.movedBy,
  reason: row.reason,
});
