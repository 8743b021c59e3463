/** Login attempts: written down each time, and slowed down when they go wrong (rules.ts, `waitMs`). */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { ADDRESS_PATIENCE, ATTEMPT_WINDOW_MS, NETWORK_PATIENCE, waitMs } from './rules.ts';
import { keyedHash } from './secrets.ts';
import { type AttemptRow, attemptStatement, attemptsOf } from './store.ts';

/** Where a request came from, as far as the platform tells. */
export interface Origin {
  /** Null where there is none to tell people apart by, as on a developer's machine. */
  readonly ip: string | null;
  readonly country: string | null;
}

export type AttemptResult = 'code_sent' | 'wrong_code' | 'expired' | 'unknown_challenge' | 'signed_in' | 'delayed' | 'refused' | 'reused';

export interface Attempt {
  readonly method: 'otp' | 'firebase' | 'refresh';
  readonly result: AttemptResult;
  readonly origin: Origin;
  readonly addressHash?: string;
  readonly challengeId?: string;
  readonly userId?: string;
}

/** Tells networks apart without keeping their addresses. */
export const networkHash = (ctx: Context, ip: string): Promise<string> => keyedHash(ctx.env.KEY_SEALING_SECRET, 'network', ip);

export const addressHash = (ctx: Context, address: string): Promise<string> => keyedHash(ctx.env.KEY_SEALING_SECRET, 'address', address);

async function rowOf(ctx: Context, attempt: Attempt): Promise<AttemptRow> {
  const { ip, country } = attempt.origin;
  return {
    at: ctx.now,
    method: attempt.method,
    result: attempt.result,
    addressHash: attempt.addressHash ?? null,
    ipHash: ip === null ? null : await networkHash(ctx, ip),
    country,
    challengeId: attempt.challengeId ?? null,
    userId: attempt.userId ?? null,
  };
}

/** The statement that writes an attempt down, for a batch. */
export const attemptNote = async (ctx: Context, attempt: Attempt): Promise<D1PreparedStatement> =>
  attemptStatement(ctx.env.DB, await rowOf(ctx, attempt));

/** Writes an attempt down on its own. */
export async function noteAttempt(ctx: Context, attempt: Attempt): Promise<void> {
  await (await attemptNote(ctx, attempt)).run();
}

/**
 * Lets an attempt through, or says when to come back.
 * @throws Problem `rate_limited` with `Retry-After`
 */
export async function mustNotWait(ctx: Context, attempt: Omit<Attempt, 'result'>): Promise<void> {
  const since = ctx.now - ATTEMPT_WINDOW_MS;
  const { ip } = attempt.origin;
  const network = ip === null ? null : await networkHash(ctx, ip);
  const [byAddress, byNetwork] = await Promise.all([
    attempt.addressHash === undefined ? null : attemptsOf(ctx.env.DB, 'address', attempt.addressHash, since),
    network === null ? null : attemptsOf(ctx.env.DB, 'network', network, since),
  ]);
  const wait = Math.max(
    byAddress ? waitMs(byAddress, ADDRESS_PATIENCE, ctx.now) : 0,
    byNetwork ? waitMs(byNetwork, NETWORK_PATIENCE, ctx.now) : 0,
  );
  if (wait === 0) return;
  await noteAttempt(ctx, { ...attempt, result: 'delayed' });
  throw tooMany(wait);
}

/** @param wait ms */
export const tooMany = (wait: number): Problem => {
  const seconds = Math.ceil(wait / 1000);
  return new Problem('rate_limited', `Too many attempts. Please wait ${seconds} seconds and try again.`, { retryAfter: seconds });
};
