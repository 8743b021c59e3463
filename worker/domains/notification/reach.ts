/**
 * How people can be reached outside the app: found out before any hub is asked, for one or for many in the same few reads.
 * Whoever tells many passes over the rungs that would reach nobody; a climb asks of the one rung that it has come to.
 */
import type { Context } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { NotificationKind, Rung } from '../../protocol/notification.ts';
import { usersByIds } from '../user/service.ts';
import { type Wished, wishesOfAll } from './choices.ts';
import { type Gate, gateOf, isOn, suitable } from './climb-rules.ts';
import { kinds } from './kinds.ts';
import type { PushDevice } from './push.ts';
import type { Ways } from './ways.ts';

export interface Reachable {
  /** Verified; null: none. */
  readonly email: string | null;
  readonly devices: readonly PushDevice[];
  readonly wished: Wished;
}

/** Somebody as they can be reached; null: there is no such person. */
export type LookUp = (userId: UserId) => Promise<Reachable | null>;

/** Those of `ids` who exist, in as many reads for a hundred as for one. */
export async function lookUp(ctx: Context, ids: readonly UserId[], ways: Pick<Ways, 'devicesOf'>): Promise<Map<UserId, Reachable>> {
  const [users, wishes, devices] = await Promise.all([usersByIds(ctx, ids), wishesOfAll(ctx, ids), ways.devicesOf(ctx, ids)]);
  return new Map([...users].map(([id, { email }]) => [id, { email, wished: wishes(id), devices: devices.get(id) ?? [] }]));
}

/**
 * Whether a rung would reach somebody now. Not of a digest, which gathers whatever comes.
 * @param mailable addresses to which a mail of this kind may go
 */
export function reachOf(
  at: { kind: NotificationKind; rung: Rung },
  { email, devices, wished }: Reachable,
  mailable: ReadonlySet<string>,
  now: number,
): Gate {
  const gate = gateOf(at.kind, at.rung, wished, now);
  if (gate.is !== 'open') return gate;
  if (at.rung === 'push') return suitable(devices, kinds[at.kind].urgency).length > 0 ? gate : { is: 'shut', because: 'no_device' };
  if (email === null) return { is: 'shut', because: 'no_address' };
  return mailable.has(email) ? gate : { is: 'shut', because: 'suppressed' };
}

export interface Vain {
  /** The first rungs, as far as they reach nobody now; empty: the first one does. */
  readonly rungs: readonly Rung[];
  /** Why the kind's last rung reaches nobody now; null: it does. */
  readonly because: string | null;
}

/**
 * [HN10] Of each of these people the first rungs that would reach nobody now. One that would have to wait for a better hour
 * is not vain: by then there may be a device.
 */
export async function vainRungs(
  ctx: Context,
  kind: NotificationKind,
  people: ReadonlyMap<UserId, Reachable>,
  ways: Pick<Ways, 'mailable'>,
): Promise<Map<UserId, Vain>> {
  const mails = kinds[kind].steps.some(({ rung }) => rung === 'mail');
  // No address is looked up where the wishes say no already.
  const to = [...people.values()].flatMap(({ email, wished }) => (mails && email !== null && isOn(kind, 'mail', wished) ? [email] : []));
  const mailable = to.length === 0 ? new Set<string>() : await ways.mailable(ctx, { to, kind });
  return new Map([...people].map(([id, who]) => [id, firstVain(kind, who, mailable, ctx.now)]));
}

function firstVain(kind: NotificationKind, who: Reachable, mailable: ReadonlySet<string>, now: number): Vain {
  const { steps } = kinds[kind];
  const gates = steps.map(({ rung }): Gate => (rung === 'digest' ? { is: 'open' } : reachOf({ kind, rung }, who, mailable, now)));
  const worth = gates.findIndex(({ is }) => is !== 'shut');
  const last = gates.at(-1);
  return {
    rungs: steps.slice(0, worth < 0 ? steps.length : worth).map(({ rung }) => rung),
    because: last?.is === 'shut' ? last.because : null,
  };
}
