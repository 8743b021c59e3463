import type { Job } from '../../platform/jobs.ts';
import { forgetSilentDevices } from './devices.ts';
import { forgetDeliveries } from './store.ts';

/** Longer than a queue keeps a message. */
const KEEP_MS = 30 * 24 * 60 * 60_000;

export const jobs: readonly Job[] = [
  { name: 'notification.forget_old', cron: '17 * * * *', missed: 'once', run: (ctx) => forgetDeliveries(ctx.env.DB, ctx.now - KEEP_MS) },
  { name: 'notification.forget_devices', cron: '50 3 * * *', missed: 'once', run: forgetSilentDevices },
];
