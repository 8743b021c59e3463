/** The rung of mails: one to the person's verified address. */
import type { Context } from '../../platform/context.ts';
import { kinds } from './kinds.ts';
import { type Attempted, tryOnce } from './trying.ts';
import type { Outgoing, Ways } from './ways.ts';

export function mailOut(ctx: Context, going: Outgoing & { to: string }, ways: Ways): Promise<Attempted> {
  const { message, kind, facts, reader, to, expiresAt } = going;
  const { id, userId } = message;
  return tryOnce(ctx, { id, rung: 'mail', deviceId: '', channel: 'mail' }, expiresAt, () =>
    ways.mail(ctx, { id, userId, to, reader, notice: { kind, facts }, link: kinds[kind].link(facts) }),
  );
}
