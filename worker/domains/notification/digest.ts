/** What is told together with others in one mail: kept until a while has passed, then looked through once more. */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import type { Delivery } from '../../platform/queues.ts';
import { userHub } from '../../platform/stubs.ts';
import type { ClimbMessage } from '../../protocol/queue/messages.ts';
import { setting } from '../settings/service.ts';
import { wishesOf } from './choices.ts';
import { gateOf } from './climb-rules.ts';
import {
  type ClimbRow,
  climbStatement,
  type Deferral,
  deferStatement,
  dropDeferrals,
  putOff,
  sendsOf,
  takeUpAgain,
  toldWithStatement,
  waitingFor,
} from './climb-store.ts';
import type { Facts } from './kinds.ts';
import { tryOnce } from './trying.ts';
import type { Ways } from './ways.ts';

/** A mail of many lines helps nobody; the newest are told. */
const MOST_LINES = 20;

/** Puts it with what waits already. */
export async function collectForDigest(ctx: Context, message: ClimbMessage): Promise<Delivery> {
  const { id, userId, rung } = message;
  const [first] = await waitingFor(ctx.env.DB, userId, rung);
  // Several vain calls in an evening are one mail.
  const dueAt = first?.dueAt ?? ctx.now + (await setting(ctx, 'notification.collectMs'));
  if (message.replay) await takeUpAgain(ctx.env.DB, { id, rung });
  await ctx.env.DB.batch([
    deferStatement(ctx.env.DB, { id, rung, userId, dueAt }),
    stands(ctx, { ...message, kind: message.notice }, 'deferred', 'digest', dueAt),
  ]);
  unwrap(await userHub(ctx.env, userId).climbed({ id, rung, outcome: 'deferred', until: dueAt, now: ctx.now }));
  return { done: true };
}

/** Sends one mail about everything of this person that waits and that they have not seen meanwhile. */
export async function sendDigest(ctx: Context, message: ClimbMessage, email: string | null, ways: Ways): Promise<Delivery> {
  const { userId, rung, notice } = message;
  const waiting = await waitingFor(ctx.env.DB, userId, rung);
  if (waiting.length === 0) return { done: true };
  const { reader, ...wishes } = await wishesOf(ctx, userId);
  const gate = gateOf(notice, rung, wishes, ctx.now);
  if (gate.is === 'later') {
    await putOff(ctx.env.DB, waiting, gate.dueAt);
    return { done: true };
  }
  const shut = gate.is === 'shut' ? gate.because : email === null ? 'no_address' : null;
  if (shut !== null || email === null) return close(ctx, waiting, 'unreached', shut ?? 'no_address');
  if (!(await ways.mailable(ctx, { to: [email], kind: notice })).has(email)) return close(ctx, waiting, 'unreached', 'suppressed');

  const told = new Set(
    (
      await sendsOf(
        ctx.env.DB,
        waiting.map(({ id }) => id),
      )
    ).flatMap((row) => (row.rung !== rung || row.sentAt === null ? [] : [row.notificationId])),
  );
  const [earlier, open] = [waiting.filter(({ id }) => told.has(id)), waiting.filter(({ id }) => !told.has(id))];
  const asked = await Promise.all(open.map((one) => ask(ctx, one, message.replay === true)));
  const wanted = asked.flatMap((one) => ('facts' in one ? [one] : []));
  const [first] = open;
  if (first && wanted.length > 0) {
    // The first that waits stands for all in the claim, seen or not: it is the same one whoever looks.
    const key = { id: first.id, rung, deviceId: '', channel: 'mail' } as const;
    const expiresAt = Math.min(...wanted.map((one) => one.expiresAt));
    const attempted = await tryOnce(ctx, key, expiresAt, async () => {
      const missed = wanted.slice(-MOST_LINES).map(({ facts }) => facts);
      const sending = await ways.mail(ctx, { id: first.id, userId, to: email, reader, notice: { missed }, link: '/go/missed' });
      if (sending.sent) await ctx.env.DB.batch(wanted.map(({ one }) => toldWithStatement(ctx.env.DB, one, ctx.now)));
      return sending;
    });
    if (attempted.again) return { retry: true, code: attempted.code, delaySeconds: Math.ceil(attempted.inMs / 1_000) };
    await close(
      ctx,
      wanted.map(({ one }) => one),
      attempted.told ? 'told' : 'unreached',
      attempted.told ? null : attempted.code,
    );
  }
  await close(ctx, earlier, 'told', null);
  for (const one of asked) if (!('facts' in one)) await close(ctx, [one.one], 'called_off', one.because);
  return { done: true };
}

type Answered =
  | { readonly one: Deferral; readonly facts: Facts; readonly expiresAt: number }
  | { readonly one: Deferral; readonly because: string };

async function ask(ctx: Context, one: Deferral, again: boolean): Promise<Answered> {
  const asked = unwrap(await userHub(ctx.env, one.userId).wanted({ id: one.id, rung: one.rung, again, now: ctx.now }));
  return asked.wanted ? { one, facts: asked.facts, expiresAt: asked.expiresAt } : { one, because: asked.because };
}

/** Writes how they stand, tells the hub, and lets them wait no longer: in this order, so that a crash repeats it. */
async function close(
  ctx: Context,
  ones: readonly Deferral[],
  state: 'told' | 'unreached' | 'called_off',
  because: string | null,
): Promise<Delivery> {
  if (ones.length === 0) return { done: true };
  await ctx.env.DB.batch(ones.map((one) => stands(ctx, one, state, because, null)));
  if (state !== 'called_off')
    for (const { id, rung, userId } of ones) unwrap(await userHub(ctx.env, userId).climbed({ id, rung, outcome: state, now: ctx.now }));
  await dropDeferrals(ctx.env.DB, ones);
  return { done: true };
}

const stands = (
  ctx: Context,
  { id, userId, kind, beganAt, rung }: Pick<ClimbRow, 'id' | 'userId' | 'kind' | 'beganAt' | 'rung'>,
  state: ClimbRow['state'],
  because: string | null,
  dueAt: number | null,
): D1PreparedStatement => climbStatement(ctx.env.DB, { id, userId, kind, beganAt, rung, state, because, dueAt }, ctx.now);
