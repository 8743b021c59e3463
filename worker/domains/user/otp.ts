/** Sign-in with a one-time code by mail or SMS. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { WebApp } from '../../protocol/http/auth.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { Id } from '../../protocol/ids.ts';
import { addressHash, mustNotWait, noteAttempt, type Origin, tooMany } from './attempts.ts';
import { createUser } from './people.ts';
import { ATTEMPT_WINDOW_MS, CODE_TTL_MS, MAX_TRIES, MAX_UNUSED_CODES, normalEmail } from './rules.ts';
import { keyedHash, randomCode, sameHash } from './secrets.ts';
import { openSession, type Tokens } from './sessions.ts';
import { findChallenge, insertChallenge, spendChallenge, takeTry } from './store.ts';

/**
 * Makes a code and puts it on its way. `code` is for the local environment's answer only.
 * @param language what the device that asks speaks, where it says so
 * @throws Problem `rate_limited`, `overloaded` where the queue takes nothing
 */
export async function startCode(
  ctx: Context,
  to: { email: string } | { phone: string },
  origin: Origin,
  language?: AppLanguage,
): Promise<{ challengeId: Id<'otp'>; expiresAt: number; code: string }> {
  const channel = 'email' in to ? 'email' : 'sms';
  const address = 'email' in to ? normalEmail(to.email) : to.phone;
  const hash = await addressHash(ctx, address);
  await mustNotWait(ctx, { method: 'otp', origin, addressHash: hash });

  const challengeId = newId('otp');
  const code = randomCode();
  const expiresAt = ctx.now + CODE_TTL_MS;
  const codeHash = await hashOfCode(ctx, challengeId, code);
  const stored = await insertChallenge(
    ctx.env.DB,
    { id: challengeId, channel, address, addressHash: hash, codeHash, createdAt: ctx.now, expiresAt },
    { most: MAX_UNUSED_CODES, since: ctx.now - ATTEMPT_WINDOW_MS },
  );
  if (!stored) throw tooMany(ATTEMPT_WINDOW_MS / 4);
  await noteAttempt(ctx, { method: 'otp', result: 'code_sent', origin, addressHash: hash, challengeId });
  try {
    await ctx.env.NOTIFICATIONS.send({ kind: 'otp', id: newId('ntf'), channel, to: address, language, code, expiresAt });
  } catch (thrown) {
    ctx.log.error('code could not be queued', { challengeId, cause: causeOf(thrown) });
    throw new Problem('overloaded', 'The code could not be sent. Please try again in a moment.', { retryAfter: 5 });
  }
  return { challengeId, expiresAt, code };
}

/**
 * Signs in with the code; the first time makes the account.
 * @throws Problem `code_invalid`, `rate_limited`
 */
export async function verifyCode(
  ctx: Context,
  answer: { challengeId: Id<'otp'>; code: string; device: string | undefined; app: WebApp | undefined },
  origin: Origin,
): Promise<Tokens> {
  const { challengeId } = answer;
  const challenge = await findChallenge(ctx.env.DB, challengeId);
  const attempt = { method: 'otp', origin, challengeId, ...(challenge ? { addressHash: challenge.addressHash } : {}) } as const;
  await mustNotWait(ctx, attempt);
  if (!challenge) {
    await noteAttempt(ctx, { ...attempt, result: 'unknown_challenge' });
    throw new Problem('code_invalid', 'This code was never sent. Ask for a new one.');
  }
  const taken = await takeTry(ctx.env.DB, challengeId, ctx.now);
  if (!taken) {
    await noteAttempt(ctx, { ...attempt, result: 'expired' });
    throw new Problem('code_invalid', 'This code no longer works. Ask for a new one.');
  }
  if (!sameHash(challenge.codeHash, await hashOfCode(ctx, challengeId, answer.code))) {
    await noteAttempt(ctx, { ...attempt, result: 'wrong_code' });
    const left = MAX_TRIES - taken.tries;
    throw new Problem('code_invalid', left > 0 ? `That is not the code. Tries left: ${left}.` : 'That is not the code. Ask for a new one.');
  }
  if (!(await spendChallenge(ctx.env.DB, challengeId, ctx.now)))
    throw new Problem('code_invalid', 'This code was used already. Ask for a new one.');
  const proved = challenge.channel === 'email' ? { email: challenge.address } : { phone: challenge.address };
  const user = await createUser(ctx, { ...proved, role: 'member', monetizationVersion: 'tokens' });
  return openSession(ctx, user, { device: answer.device, app: answer.app, attempt });
}

const hashOfCode = (ctx: Context, challengeId: Id<'otp'>, code: string): Promise<string> =>
  keyedHash(ctx.env.KEY_SEALING_SECRET, 'otp-code', `${challengeId}\n${code}`);
