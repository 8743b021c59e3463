/** What a person was told and can still read, how they want to be told, and what staff see of it. */
import * as z from 'zod/mini';
import { idOf, userId } from '../ids.ts';
import { parseLink } from '../links.ts';
import { notificationAction, notificationChannel, notificationGroup, notificationKind, rung } from '../notification.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const notificationId = idOf('ntf');

// ── the inbox ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const inboxItem = z.object({
  id: notificationId,
  /** The place in the person's sequence; items are read up to it. */
  seq: z.int(),
  at: timestamp,
  kind: notificationKind,
  group: notificationGroup,
  /** What it says, in the person's language. */
  words: z.object({ title: z.string(), body: z.string() }),
  /** The facts it was made from: for the kind to define. */
  body: z.record(z.string(), z.unknown()),
  /** Where opening it leads: a path of the link grammar, `/go/…`. */
  link: z.string(),
  actions: z.array(notificationAction),
  readAt: z.nullable(timestamp),
});
export type InboxItem = z.infer<typeof inboxItem>;

export const listNotifications = endpoint({
  name: 'listNotifications',
  method: 'GET',
  path: '/me/notifications',
  tag: 'notifications',
  summary: 'What the caller was told, newest first; kept for 30 days, 300 items at most',
  access: 'signed_in',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: z.object({ items: z.array(inboxItem), nextCursor: z.nullable(z.string()), unread: z.int() }),
});

export const readNotifications = endpoint({
  name: 'readNotifications',
  method: 'POST',
  path: '/me/notifications/read',
  tag: 'notifications',
  summary: 'Mark items as read, by id or everything up to a `seq`; on every device at once. Unknown ids are passed over',
  access: 'signed_in',
  body: z.union([
    z.strictObject({ ids: z.array(notificationId).check(z.minLength(1), z.maxLength(100)) }),
    z.strictObject({ upTo: z.int().check(z.gte(1)) }),
  ]),
  status: 200,
  answer: z.object({ unread: z.int() }),
});

// ── how somebody wants to be told ───────────────────────────────────────────────────────────────────────────────────

/** A time of day, `22:00`. */
const timeOfDay = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00'));

const quiet = z.object({
  on: z.boolean(),
  /** From this time to the other, where the person lives; over midnight where `to` is the earlier one. */
  from: timeOfDay,
  to: timeOfDay,
});

/** One channel of a kind: whether it is used, and whether that can be changed. */
const channel = z.object({ on: z.boolean(), changeable: z.boolean() });

export const notificationSettings = z.object({
  /** Whose clock quiet hours go by. */
  timeZone: z.string(),
  /** While it is quiet nothing rings or buzzes; what came meanwhile is told afterwards. */
  quiet,
  /** Whether calls ring in quiet hours all the same. */
  ringsAtNight: z.boolean(),
  /** How the person's address stands; null where they have none. */
  mail: z.nullable(
    z.object({
      /** False where mail came back: none is sent until staff have looked. */
      reaches: z.boolean(),
      /** True where a mail of ours was reported as spam: only what an account can't do without is sent. */
      reported: z.boolean(),
      /** Groups that the person stopped by a link in a mail. */
      stopped: z.array(z.string()),
    }),
  ),
  kinds: z.array(
    z.object({
      kind: notificationKind,
      group: notificationGroup,
      /** Told in quiet hours too. */
      critical: z.boolean(),
      /** Null where the kind never goes that way. */
      push: z.nullable(channel),
      mail: z.nullable(channel),
    }),
  ),
});
export type NotificationSettings = z.infer<typeof notificationSettings>;

export const readNotificationSettings = endpoint({
  name: 'readNotificationSettings',
  method: 'GET',
  path: '/me/notification-settings',
  tag: 'notifications',
  summary: 'Quiet hours, and which kinds come by push and by mail; only the kinds that concern the caller’s role',
  access: 'signed_in',
  status: 200,
  answer: notificationSettings,
});

export const changeNotificationSettings = endpoint({
  name: 'changeNotificationSettings',
  method: 'PATCH',
  path: '/me/notification-settings',
  tag: 'notifications',
  summary: 'Change how the caller is told; what is left out stays. Quiet hours need two different times',
  access: 'signed_in',
  body: z.strictObject({
    quiet: z.optional(z.strictObject({ on: z.optional(z.boolean()), from: z.optional(timeOfDay), to: z.optional(timeOfDay) })),
    ringsAtNight: z.optional(z.boolean()),
    kinds: z.optional(z.partialRecord(notificationKind, z.partialRecord(notificationChannel, z.boolean()))),
  }),
  status: 200,
  answer: notificationSettings,
});

// ── staff ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `underway`: a rung is being tried; `unreached`: no rung got through; `called_off`: it was seen, or over, in time. */
export const climbState = z.enum(['underway', 'deferred', 'told', 'unreached', 'called_off']);
export type ClimbState = z.infer<typeof climbState>;

/** One attempt to reach one device or address. */
export const sendAttempt = z.object({
  rung,
  /** Null for a mail. */
  deviceId: z.nullable(idOf('dev')),
  /** The provider's channel: `fcm`, `webpush`, …, `mail`. */
  channel: z.string(),
  attempts: z.int(),
  at: timestamp,
  sentAt: z.nullable(timestamp),
  /** Why it did not go out, or not at the first attempt. */
  code: z.nullable(z.string()),
  /** The newest word of the mail service on a mail: `delivered`, `bounce`, …; null where it has said nothing. */
  word: z.nullable(z.object({ type: z.string(), at: timestamp })),
});

export const delivery = z.object({
  id: notificationId,
  userId,
  kind: notificationKind,
  at: timestamp,
  /** The rung it has come to. */
  rung,
  state: climbState,
  /** Why it stands there: `quiet_hours`, `acked`, `no_device`, …; null where the state says it all. */
  because: z.nullable(z.string()),
  /** Until when it is deferred. */
  dueAt: z.nullable(timestamp),
  sends: z.array(sendAttempt),
});
export type NotificationDelivery = z.infer<typeof delivery>;

export const listDeliveries = endpoint({
  name: 'listDeliveries',
  method: 'GET',
  path: '/admin/notifications',
  tag: 'staff',
  summary: 'Notifications that left the app, newest first, each with its rungs; what an app has shown in time is not among them',
  access: 'notification.read',
  query: z.strictObject({
    ...pageQuery,
    userId: z.optional(userId),
    kind: z.optional(notificationKind),
    state: z.optional(climbState),
  }),
  status: 200,
  answer: page(delivery),
});

export const deadLetter = z.object({
  id: z.string(),
  at: timestamp,
  /** The message's kind on the queue: `climb`, `announce`, `otp`, … */
  kind: z.string(),
  notificationId: z.nullable(notificationId),
  userId: z.nullable(userId),
  reason: z.string(),
  /** False for codes: they are over, and not kept. */
  replayable: z.boolean(),
  replays: z.int(),
  replayedAt: z.nullable(timestamp),
});
export type DeadLetter = z.infer<typeof deadLetter>;

export const listDeadLetters = endpoint({
  name: 'listDeadLetters',
  method: 'GET',
  path: '/admin/notifications/dead',
  tag: 'staff',
  summary: 'Messages that were given up, newest first, with the reason',
  access: 'notification.read',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(deadLetter),
});

export const replayDeadLetter = endpoint({
  name: 'replayDeadLetter',
  method: 'POST',
  path: '/admin/notifications/dead/:id/replay',
  tag: 'staff',
  summary: 'Put a message that was given up back on the queue; what is no longer wanted is still not sent',
  access: 'notification.replay',
  params: z.strictObject({ id: z.string().check(z.maxLength(80)) }),
  status: 200,
  answer: z.object({ deadLetter }),
  errors: ['too_late', 'overloaded'],
});

export const audience = z.enum(['members', 'companions', 'everybody']);
export type Audience = z.infer<typeof audience>;

export const announcement = z.object({
  id: idOf('ann'),
  at: timestamp,
  by: userId,
  audience,
  title: z.string(),
  body: z.string(),
  link: z.nullable(z.string()),
  /** People told so far. */
  told: z.int(),
  /** When the last of them was told. */
  finishedAt: z.nullable(timestamp),
});
export type Announcement = z.infer<typeof announcement>;

export const makeAnnouncement = endpoint({
  name: 'makeAnnouncement',
  method: 'POST',
  path: '/admin/announcements',
  tag: 'staff',
  summary: 'Tell everybody, or all members or companions; each person once, whoever is here when it is made',
  access: 'announcement.send',
  idempotencyKey: true,
  body: z.strictObject({
    audience,
    title: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
    body: z.string().check(z.trim(), z.minLength(1), z.maxLength(600)),
    /** A path of the link grammar. */
    link: z.optional(
      z.string().check(
        z.maxLength(200),
        z.refine((text) => parseLink(text).target !== null, 'must be a link such as /go/home'),
      ),
    ),
  }),
  status: 201,
  answer: z.object({ announcement }),
  errors: ['idempotency_conflict'],
});

export const listAnnouncements = endpoint({
  name: 'listAnnouncements',
  method: 'GET',
  path: '/admin/announcements',
  tag: 'staff',
  summary: 'Announcements, newest first, with how far they have come',
  access: 'notification.read',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(announcement),
});
