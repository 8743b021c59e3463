/** Lots run out of their time: what is left of one goes, in a posting of its own. */
import type { Context } from '../../platform/context.ts';
import { shardCount } from '../../platform/shards.ts';
import { debit, incomeOf, overdueLotsOf, postOne } from '../balance/service.ts';

/** Lots of one shard that a run expires at most; the rest waits for the next. */
const LOTS_A_RUN = 200;

/**
 * Takes what is left of every lot whose time is over, once, under `expiry:<lotId>`. One that was spent from in between is
 * left to the next run.
 * @returns how many were taken
 */
export async function expireLots(ctx: Context): Promise<number> {
  let expired = 0;
  for (let shard = 0; shard < shardCount(ctx.env); shard++)
    for (const { id, amount, used, expiresAt, holder } of await overdueLotsOf(ctx, shard, LOTS_A_RUN)) {
      const answer = await postOne(ctx, {
        owner: holder,
        key: `expiry:${id}`,
        kind: 'expiry',
        ref: id,
        actor: 'system',
        eventAt: expiresAt,
        intent: { lot: id },
        moves: [debit(holder, 'MOMENT', incomeOf('MOMENT'), amount - used)],
      });
      if (answer.outcome === 'posted') expired++;
      else ctx.log.warn('a lot could not expire yet', { lot: id, outcome: answer.outcome });
    }
  return expired;
}
