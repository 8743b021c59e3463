/**
 * The kinds of notifications as data: by which rungs each climbs and how long an answer is waited for on each
 * (realtime.md, "Presence and notifications"). A new kind is one entry here and its words in the templates. Pure, and open
 * to the hub, whose ladder decides by it.
 */
import type { CallId, ChatId, UserId } from '../../protocol/ids.ts';
import { formatLink } from '../../protocol/links.ts';
import type { NotificationAction, NotificationChannel, NotificationGroup, NotificationKind, Rung } from '../../protocol/notification.ts';
import type { Role } from '../../protocol/people.ts';

/** The facts a notification is made of, as whoever tells the hub gave them. */
export type Facts = Readonly<Record<string, unknown>>;

/** One rung outside the app, and how long an answer is waited for on it before the next one, ms; 0 on the last: not at all. */
export interface Step {
  readonly rung: Rung;
  readonly waitMs: number;
}

export interface Kind {
  readonly group: NotificationGroup;
  /** Whom it can concern; their settings show it. */
  readonly roles: readonly Role[] | 'everybody';
  /** Stands in the inbox. Conversations have a list of their own. */
  readonly inbox: boolean;
  /** How long the app has to show it, ms, before the first of `steps`. */
  readonly ackMs: number;
  readonly steps: readonly Step[];
  /** What ends the climb: that a device has shown it, or only that the person has read it in the inbox. */
  readonly endsBy: 'ack' | 'read';
  /** `always` passes quiet hours; `ring` does unless the person wants no rings at night. */
  readonly passesQuiet: 'always' | 'ring' | 'no';
  /** Channels that nobody can switch off: missing it would harm them. */
  readonly fixed: readonly NotificationChannel[];
  /** Channels that are off until somebody switches them on. */
  readonly offAtFirst: readonly NotificationChannel[];
  readonly stream: 'transactional' | 'marketing';
  readonly urgency: 'ring' | 'high' | 'normal';
  /** Not told on any rung after so long, ms. */
  readonly worthMs: number;
  /** Pushes about one topic are at least so far apart, ms; what comes meanwhile is told together. */
  readonly pauseMs: number;
  /** What it is about, of which only the newest is shown; null: it stands for itself. */
  topic(facts: Facts): string | null;
  /** Where opening it leads (`protocol/links.ts`). */
  link(facts: Facts): string;
  actions(facts: Facts): readonly NotificationAction[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What most kinds have in common. */
const usual = {
  roles: 'everybody',
  inbox: true,
  ackMs: 4 * SECOND,
  endsBy: 'ack',
  passesQuiet: 'no',
  fixed: [],
  offAtFirst: [],
  stream: 'transactional',
  urgency: 'high',
  pauseMs: 0,
  topic: () => null,
  actions: () => [],
} as const satisfies Partial<Kind>;

const textOf = (facts: Facts, name: string): string => String(facts[name] ?? '');
const fromOf = (facts: Facts): string => String((facts.from as { id?: unknown } | undefined)?.id ?? '');

const chatLink = (facts: Facts): string => formatLink({ kind: 'chat', id: textOf(facts, 'chatId') as ChatId });

const talkers: readonly Role[] = ['member', 'companion'];
const staff: readonly Role[] = ['supervisor', 'admin', 'superadmin'];

/** Told by mail whatever the app shows: a receipt is kept where one keeps receipts. It wakes nobody. */
const receipt = {
  ...usual,
  group: 'purchases',
  roles: ['member'],
  ackMs: SECOND,
  endsBy: 'read',
  steps: [{ rung: 'mail', waitMs: 0 }],
  passesQuiet: 'always',
  fixed: ['mail'],
  urgency: 'normal',
  worthMs: 7 * DAY,
  link: () => formatLink({ kind: 'wallet' }),
} as const satisfies Partial<Kind>;

export const kinds: Readonly<Record<NotificationKind, Kind>> = {
  'call.incoming': {
    ...usual,
    group: 'calls',
    roles: talkers,
    // What became of it stands there as a missed call.
    inbox: false,
    ackMs: SECOND,
    // Waited for until no ring lasts that long: then nothing has to fall silent any more.
    steps: [{ rung: 'push', waitMs: MINUTE }],
    passesQuiet: 'ring',
    fixed: ['push'],
    urgency: 'ring',
    worthMs: MINUTE,
    topic: (facts) => `call:${textOf(facts, 'callId')}`,
    link: (facts) => formatLink({ kind: 'call', id: textOf(facts, 'callId') as CallId }),
  },
  'call.missed': {
    ...usual,
    group: 'calls',
    roles: talkers,
    steps: [
      { rung: 'push', waitMs: 30 * MINUTE },
      { rung: 'digest', waitMs: 0 },
    ],
    worthMs: 2 * DAY,
    // On the screen it takes the place of the ring.
    topic: (facts) => `call:${textOf(facts, 'callId')}`,
    link: () => formatLink({ kind: 'missed' }),
    actions: (facts) => [
      { name: 'call_back', link: formatLink({ kind: 'call-back', id: fromOf(facts) as UserId }) },
      { name: 'open', link: formatLink({ kind: 'missed' }) },
    ],
  },
  'chat.message': {
    ...usual,
    group: 'messages',
    roles: talkers,
    inbox: false,
    steps: [{ rung: 'push', waitMs: 0 }],
    worthMs: DAY,
    pauseMs: 20 * SECOND,
    topic: (facts) => `chat:${textOf(facts, 'chatId')}`,
    link: (facts) => chatLink(facts),
    actions: (facts) => [{ name: 'write', link: chatLink(facts) }],
  },
  'security.sign_in': {
    ...usual,
    group: 'safety',
    steps: [
      { rung: 'push', waitMs: 2 * MINUTE },
      { rung: 'mail', waitMs: 0 },
    ],
    // That an open page has shown it is no sign that its owner has seen it.
    endsBy: 'read',
    passesQuiet: 'always',
    fixed: ['push', 'mail'],
    worthMs: 7 * DAY,
    link: () => formatLink({ kind: 'settings', part: 'devices' }),
    actions: () => [{ name: 'devices', link: formatLink({ kind: 'settings', part: 'devices' }) }],
  },
  announcement: {
    ...usual,
    group: 'news',
    steps: [
      { rung: 'push', waitMs: DAY },
      { rung: 'mail', waitMs: 0 },
    ],
    offAtFirst: ['mail'],
    stream: 'marketing',
    urgency: 'normal',
    worthMs: 7 * DAY,
    topic: (facts) => `announcement:${textOf(facts, 'announcementId')}`,
    link: (facts) => textOf(facts, 'link') || formatLink({ kind: 'inbox' }),
  },
  'case.decided': {
    ...usual,
    group: 'safety',
    roles: talkers,
    steps: [
      { rung: 'push', waitMs: DAY },
      { rung: 'mail', waitMs: 0 },
    ],
    urgency: 'normal',
    worthMs: 7 * DAY,
    topic: (facts) => `case:${textOf(facts, 'caseId')}`,
    link: () => formatLink({ kind: 'inbox' }),
  },
  'purchase.receipt': { ...receipt, topic: (facts) => `payment:${textOf(facts, 'paymentId')}` },
  'purchase.refunded': { ...receipt, topic: (facts) => `refund:${textOf(facts, 'paymentId')}` },
  'top_up.stopped': {
    ...usual,
    group: 'purchases',
    roles: ['member'],
    steps: [
      { rung: 'push', waitMs: 10 * MINUTE },
      { rung: 'mail', waitMs: 0 },
    ],
    fixed: ['mail'],
    worthMs: 2 * DAY,
    link: () => formatLink({ kind: 'wallet' }),
  },
  'job.failed': {
    ...usual,
    group: 'work',
    roles: staff,
    steps: [
      { rung: 'push', waitMs: 10 * MINUTE },
      { rung: 'mail', waitMs: 0 },
    ],
    passesQuiet: 'always',
    worthMs: DAY,
    topic: (facts) => `job:${textOf(facts, 'job')}`,
    link: () => formatLink({ kind: 'jobs' }),
  },
  'job.healed': {
    ...usual,
    group: 'work',
    roles: staff,
    // Good news wakes nobody: it stands in the inbox.
    steps: [],
    worthMs: DAY,
    link: () => formatLink({ kind: 'jobs' }),
  },
};

/** The channel that a rung goes by, and that can be switched off. */
export const channelOf = (rung: Rung): NotificationChannel => (rung === 'push' ? 'push' : 'mail');

/** Channels that a kind has at all. */
export const channelsOf = ({ steps }: Kind): readonly NotificationChannel[] => [...new Set(steps.map((step) => channelOf(step.rung)))];

export const concerns = ({ roles }: Kind, role: Role): boolean => roles === 'everybody' || roles.includes(role);
