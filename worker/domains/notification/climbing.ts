/**
 * A notification has come to a rung outside the app. Whether it goes out, and to whom, is looked at anew on every delivery
 * of the queue; that nobody is told twice stands on the rows of `notification_send` alone.
 */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import type { Delivery } from '../../platform/queues.ts';
import { type Asked, callSession, userHub } from '../../platform/stubs.ts';
import type { CallId } from '../../protocol/ids.ts';
import type { ClimbMessage } from '../../protocol/queue/messages.ts';
import { type ClimbRow, climbStatement, deferStatement, takeUpAgain } from './climb-store.ts';
import { collectForDigest, sendDigest } from './digest.ts';
import { mailOut } from './mail-rung.ts';
import { pushOut } from './push-rung.ts';
import { type LookUp, reachOf } from './reach.ts';
import type { Outgoing, Ways } from './ways.ts';

const nobody: ReadonlySet<string> = new Set();

type Wanted = Extract<Asked, { wanted: true }>;

/**
 * Carries out one message; repeated, in any order and beside itself, nobody is told a second time.
 * @param lookUp shared with the other messages of its batch
 */
export async function climb(ctx: Context, message: ClimbMessage, ways: Ways, lookUp: LookUp): Promise<Delivery> {
  const { id, userId, rung, notice } = message;
  const hub = userHub(ctx.env, userId);
  const stands = (state: ClimbRow['state'], because: string | null = null, dueAt: number | null = null): D1PreparedStatement =>
    climbStatement(ctx.env.DB, { id, userId, kind: notice, beganAt: message.beganAt, rung, state, because, dueAt }, ctx.now);
  const unreached = async (because: string): Promise<Delivery> => {
    await stands('unreached', because).run();
    unwrap(await hub.climbed({ id, rung, outcome: 'unreached', now: ctx.now }));
    return { done: true };
  };

  const who = await lookUp(userId);
  if (!who) return unreached('nobody');
  const { email, devices, wished } = who;
  if (rung === 'digest') return message.released ? sendDigest(ctx, message, email, ways) : collectForDigest(ctx, message);
  const mailable = rung === 'mail' && email !== null ? await ways.mailable(ctx, { to: [email], kind: notice }) : nobody;
  const gate = reachOf({ kind: notice, rung }, who, mailable, ctx.now);
  if (gate.is === 'shut') return unreached(gate.because);
  if (gate.is === 'later') {
    await ctx.env.DB.batch([
      deferStatement(ctx.env.DB, { id, rung, userId, dueAt: gate.dueAt }),
      stands('deferred', 'quiet_hours', gate.dueAt),
    ]);
    unwrap(await hub.climbed({ id, rung, outcome: 'deferred', until: gate.dueAt, now: ctx.now }));
    return { done: true };
  }
  if (message.replay) await takeUpAgain(ctx.env.DB, { id, rung });

  // The last question before it goes out: whoever has seen it meanwhile is left in peace.
  const asked = unwrap(await hub.wanted({ id, rung, again: message.replay === true, now: ctx.now }));
  if (!asked.wanted) return calledOff(stands, asked.because);
  if (notice === 'call.incoming' && !(await stillRings(ctx, asked))) return calledOff(stands, 'off');

  const going: Outgoing = { message, reader: wished.reader, ...asked };
  // Without an address, mail was shut.
  const byMail = rung === 'mail' && email !== null;
  const attempted = byMail ? await mailOut(ctx, { ...going, to: email }, ways) : await pushOut(ctx, going, devices, ways);
  if (attempted.again) {
    await stands('underway', attempted.code).run();
    return { retry: true, code: attempted.code, delaySeconds: Math.ceil(attempted.inMs / 1_000) };
  }
  if (!attempted.told) return unreached(attempted.code);
  await stands('told').run();
  unwrap(await hub.climbed({ id, rung, outcome: 'told', now: ctx.now }));
  return { done: true };
}

/** `done`: an earlier delivery of this message was heard to the end; what it wrote stands. */
async function calledOff(stands: (state: 'called_off', because: string) => D1PreparedStatement, because: string): Promise<Delivery> {
  if (because !== 'done' && because !== 'told') await stands('called_off', because).run();
  return { done: true };
}

/** The call itself knows first. One that can't be asked may ring. */
async function stillRings(ctx: Context, { facts }: Wanted): Promise<boolean> {
  const answer = await callSession(ctx.env, facts.callId as CallId).read();
  return !answer.ok || answer.value.call.state === 'ringing' || answer.value.call.state === 'placing';
}
