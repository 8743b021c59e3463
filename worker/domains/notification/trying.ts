/** One attempt to reach one device or mailbox: claimed before the provider is asked, marked after. */
import type { Context } from '../../platform/context.ts';
import { retryIn } from './climb-rules.ts';
import { claimSend, markFailed, markSent, type SendKey } from './climb-store.ts';
import { SEND_TIMEOUT_MS, type Sending } from './sending.ts';
import { mailEventsOf } from './suppression-store.ts';

/** What became of a rung: tried again in a while, or done with, and whether anybody was told. */
export type Attempted =
  | { readonly again: true; readonly inMs: number; readonly code: string }
  | { readonly again: false; readonly told: boolean; readonly code: string };

/** Whoever asked the provider and died over it is waited for so long, ms. */
const CLAIM_MS = 2 * SEND_TIMEOUT_MS;
/** Longer than SendGrid takes to tell of a mail that it has taken. */
const TOLD_MS = 5 * 60_000;

/**
 * Tries once, unless it went out or was given up before. A crash between the provider's yes and our note of it asks again
 * under the same id, which providers of push know. SendGrid knows none, but tells of every mail it has taken, with our id:
 * so it is waited for, and what it has told of is not sent again.
 */
export async function tryOnce(
  ctx: Context,
  key: SendKey & { channel: string },
  expiresAt: number,
  send: () => Promise<Sending>,
): Promise<Attempted> {
  const tells = key.channel === 'mail' && ctx.env.SENDGRID_EVENT_KEY !== '';
  const until = ctx.now + (tells ? TOLD_MS : CLAIM_MS);
  const { claim, attempts, claimedUntil } = await claimSend(ctx.env.DB, { ...key, now: ctx.now, until });
  if (claim === 'sent') return { again: false, told: true, code: 'sent' };
  if (claim === 'given_up') return { again: false, told: false, code: 'given_up' };
  // Somebody else is at it, or the provider asked for time: whoever comes meanwhile waits as long.
  if (claim === 'busy') return { again: true, inMs: Math.max(1, claimedUntil - ctx.now), code: 'busy' };
  const taken = tells && attempts > 1 && (await mailEventsOf(ctx.env.DB, [key.id])).length > 0;
  const sending: Sending = taken ? { sent: true, providerId: null } : await send();
  if (sending.sent) {
    await markSent(ctx.env.DB, key, ctx.now, sending.providerId);
    return { again: false, told: true, code: 'sent' };
  }
  const { code, again } = sending;
  const wait = again ? retryIn({ attempts, retryAfterMs: sending.retryAfterMs }, { now: ctx.now, expiresAt }) : null;
  await markFailed(ctx.env.DB, key, { code, ...(wait === null ? { givenUpAt: ctx.now } : { again: ctx.now + wait }) });
  return wait === null ? { again: false, told: false, code } : { again: true, inMs: wait, code };
}

/** Several at once as one: as long as one is to be tried again, all of it comes back; those that went out stay out. */
export function together(attempts: readonly Attempted[]): Attempted {
  const open = attempts.flatMap((one) => (one.again ? [one] : []));
  const [first] = open;
  if (first) return { again: true, inMs: Math.max(...open.map(({ inMs }) => inMs)), code: first.code };
  const closed = attempts.flatMap((one) => (one.again ? [] : [one]));
  const told = closed.some((one) => one.told);
  return { again: false, told, code: closed.find((one) => one.told === told)?.code ?? 'no_device' };
}
