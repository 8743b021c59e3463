/** Every scheduled job there is, joined once. */
import { jobs as ads } from './domains/ads/jobs.ts';
import { jobs as balance } from './domains/balance/jobs.ts';
import { jobs as blocklist } from './domains/blocklist/jobs.ts';
import { jobs as desk } from './domains/chat/desk-jobs.ts';
import { jobs as chat } from './domains/chat/jobs.ts';
import { jobs as moderation } from './domains/moderation/jobs.ts';
import { jobs as moments } from './domains/moments/jobs.ts';
import { jobs as notification } from './domains/notification/jobs.ts';
import { jobs as payment } from './domains/payment/jobs.ts';
import { jobs as pricing } from './domains/pricing/jobs.ts';
import { jobs as timetable } from './domains/timetable/jobs.ts';
import { jobs as user } from './domains/user/jobs.ts';
import { jobs as video } from './domains/video/jobs.ts';
import type { Job } from './platform/jobs.ts';

export const jobs: readonly Job[] = [
  ...user,
  ...blocklist,
  ...balance,
  ...moments,
  ...pricing,
  ...payment,
  ...notification,
  ...video,
  ...moderation,
  ...chat,
  ...desk,
  ...ads,
  ...timetable,
];
