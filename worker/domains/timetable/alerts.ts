/**
 * Tells staff that a job fails, once a streak, and that it works again. Said until every one of them has been told; told again,
 * a hub knows the notification by its id.
 */
import type { Context } from '../../platform/context.ts';
import { idFrom } from '../../platform/ids.ts';
import { userHub } from '../../platform/stubs.ts';
import { searchUsers } from '../user/service.ts';
import { markTold, type RunRow, untoldAlerts } from './store.ts';

/** Who may look at jobs. */
const roles = ['admin', 'superadmin'] as const;
const MOST_STAFF = 500;

/** Tells of every alert that was not told yet. */
export async function tellAlerts(ctx: Context): Promise<void> {
  const alerts = await untoldAlerts(ctx.env.DB);
  if (alerts.length === 0) return;
  const staff = (await Promise.all(roles.map((role) => searchUsers(ctx, { role, partly: false, limit: MOST_STAFF })))).flat();
  for (const run of alerts) {
    const told = await Promise.all(
      staff.map(async ({ id }) =>
        userHub(ctx.env, id).notify({
          id: await idFrom('ntf', run.finishedAt ?? ctx.now, `${run.id} ${id}`),
          kind: run.alert === 'healed' ? 'job.healed' : 'job.failed',
          body: bodyOf(run, ctx.now),
          now: ctx.now,
        }),
      ),
    );
    if (told.every(({ ok }) => ok)) await markTold(ctx.env.DB, run.id, ctx.now);
  }
}

/** `state`: `failed` or `healed`. */
const bodyOf = ({ job, id, alert, error, finishedAt }: RunRow, now: number): Record<string, unknown> => ({
  job,
  runId: id,
  state: alert,
  error,
  at: finishedAt ?? now,
});
