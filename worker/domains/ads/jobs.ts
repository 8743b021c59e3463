import type { Context } from '../../platform/context.ts';
import type { Job } from '../../platform/jobs.ts';
import { deleteExpired } from './store.ts';

/** Links deleted in one statement. */
const AT_ONCE = 1_000;

/** Deletes kept links whose day is over, claimed or not. */
export async function forgetExpiredLinks(ctx: Context, atOnce = AT_ONCE): Promise<void> {
  while ((await deleteExpired(ctx.env.DB, ctx.now, atOnce)) === atOnce);
}

export const jobs: readonly Job[] = [
  { name: 'ads.forget_links', cron: '29 * * * *', missed: 'once', run: (ctx) => forgetExpiredLinks(ctx) },
];
