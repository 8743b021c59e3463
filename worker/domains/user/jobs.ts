import type { Job } from '../../platform/jobs.ts';
import { rotateKeys } from './keyring.ts';
import { forgetOld } from './store.ts';

/** How long an expired code or refresh token stays, so that a late reuse is still told from an unknown one. */
const KEEP_MS = 24 * 60 * 60_000;

export const jobs: readonly Job[] = [
  { name: 'user.rotate_keys', everyMinutes: 60, run: (ctx) => rotateKeys(ctx.env, ctx.now) },
  { name: 'user.forget_old', everyMinutes: 60, run: (ctx) => forgetOld(ctx.env.DB, ctx.now - KEEP_MS) },
];
