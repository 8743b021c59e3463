import type { Context } from '../../platform/context.ts';
import type { Job } from '../../platform/jobs.ts';
import { rotateKeys } from './keyring.ts';
import { ATTEMPTS_KEPT_MS } from './rules.ts';
import { closeRevokedSockets } from './sessions.ts';
import { forgetAttempts, forgetOld } from './store.ts';

/** How long an expired code or refresh token stays, so that a late reuse is still told from an unknown one. */
const KEEP_MS = 24 * 60 * 60_000;

/** Attempts deleted in one statement. */
const ATTEMPTS_AT_ONCE = 1_000;

/** Deletes attempts to sign in that are older than anybody may need, a few at a time. */
export async function forgetOldAttempts(ctx: Context, atOnce = ATTEMPTS_AT_ONCE): Promise<void> {
  while ((await forgetAttempts(ctx.env.DB, ctx.now - ATTEMPTS_KEPT_MS, atOnce)) === atOnce);
}

export const jobs: readonly Job[] = [
  { name: 'user.rotate_keys', cron: '0 * * * *', missed: 'once', run: (ctx) => rotateKeys(ctx.env, ctx.now) },
  { name: 'user.close_sockets', cron: '* * * * *', missed: 'once', overlaps: true, run: (ctx) => closeRevokedSockets(ctx) },
  { name: 'user.forget_attempts', cron: '40 3 * * *', missed: 'once', run: (ctx) => forgetOldAttempts(ctx) },
  { name: 'user.forget_old', cron: '11 * * * *', missed: 'once', run: (ctx) => forgetOld(ctx.env.DB, ctx.now - KEEP_MS) },
];
