/** Automatic top-ups that came to nothing. */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { userHub } from '../../platform/stubs.ts';
import { countFailure } from './automatic-store.ts';
import type { IntentRow } from './intent-store.ts';

/** An automatic purchase came to nothing: counted, and after the second one in a row it is off and its member is told. */
export async function failed(ctx: Context, { id, userId }: Pick<IntentRow, 'id' | 'userId'>): Promise<void> {
  if (!(await countFailure(ctx.env.DB, userId, ctx.now))) return;
  const hub = userHub(ctx.env, userId);
  unwrap(await hub.topUpBelow({ threshold: null }));
  unwrap(await hub.notify({ id: newId('ntf'), kind: 'top_up.stopped', body: { intentId: id, at: ctx.now }, now: ctx.now }));
}
