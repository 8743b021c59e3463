import type { Context } from '../../platform/context.ts';
import type { Job } from '../../platform/jobs.ts';
import { goOnAnnouncing } from './announcing.ts';
import { forgetClimbs } from './climb-store.ts';
import { forgetDead } from './dead-store.ts';
import { releaseDeferrals } from './deferring.ts';
import { forgetSilentDevices } from './devices.ts';
import { tellSignIns } from './sign-ins.ts';
import { forgetDeliveries } from './store.ts';
import { forgetMailEvents } from './suppression-store.ts';

/** Longer than a queue keeps a message. */
const KEEP_MS = 30 * 24 * 60 * 60_000;

async function forgetOld(ctx: Context): Promise<void> {
  const before = ctx.now - KEEP_MS;
  await forgetDeliveries(ctx.env.DB, before);
  await forgetClimbs(ctx.env.DB, before);
  await forgetDead(ctx.env.DB, before);
  await forgetMailEvents(ctx.env.DB, before);
}

export const jobs: readonly Job[] = [
  { name: 'notification.release', cron: '* * * * *', missed: 'once', overlaps: true, run: (ctx) => releaseDeferrals(ctx) },
  { name: 'notification.announce', cron: '* * * * *', missed: 'once', overlaps: true, run: goOnAnnouncing },
  { name: 'notification.sign_ins', cron: '* * * * *', missed: 'once', overlaps: true, run: tellSignIns },
  { name: 'notification.forget_old', cron: '17 * * * *', missed: 'once', run: forgetOld },
  { name: 'notification.forget_devices', cron: '50 3 * * *', missed: 'once', run: forgetSilentDevices },
];
