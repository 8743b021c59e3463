import type { Principal } from '../../platform/principal.ts';
import { Also, type App, serve } from '../../platform/serve.ts';
import * as admin from '../../protocol/http/admin.ts';
import { readBalance, readBalanceEvents } from '../../protocol/http/me.ts';
import type { Unit } from '../../protocol/money.ts';
import type { Role } from '../../protocol/people.ts';
import { decide, listApprovals, orderAdjustment } from './adjustments.ts';
import { prove } from './proof.ts';
import { balancesOf, eventsOf } from './reading.ts';
import type { Owner } from './rules.ts';

/** Units that a role sees from the first day on, before anything has moved. */
const shownAtZero: Partial<Record<Role, readonly Unit[]>> = { member: ['COIN'], companion: ['EARN'] };

const ownerOf = ({ userId, ledgerShard }: Principal): Owner => ({ userId, shard: ledgerShard });

export function mountBalance(app: App): void {
  serve(app, readBalance, ({ ctx, principal }) => balancesOf(ctx, ownerOf(principal), shownAtZero[principal.role] ?? []));
  serve(app, readBalanceEvents, ({ ctx, principal, query }) => eventsOf(ctx, ownerOf(principal), query));

  serve(app, admin.adjustBalance, async ({ ctx, body, idempotencyKey, principal }) => {
    const ordered = await orderAdjustment(ctx, { body, idempotencyKey, actor: principal.userId });
    return 'adjusted' in ordered ? ordered.adjusted : new Also(ordered);
  });
  serve(app, admin.listApprovals, ({ ctx, query }) => listApprovals(ctx, query));
  serve(app, admin.decideApproval, async ({ ctx, params, body, principal }) => ({
    approval: await decide(ctx, { id: params.id, approve: body.approve, actor: principal.userId }),
  }));
  serve(app, admin.readProof, ({ ctx }) => prove(ctx));
}
