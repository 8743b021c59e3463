/** What a push message shows on the screen of the device. Pure; the service worker carries it out. */

import { formatLink } from '../../../worker/protocol/links.ts';
import type { PushPayload } from '../../../worker/protocol/push.ts';
import type { Ring } from './ring.ts';
import type { Say, Told } from './say.ts';

/** What a push says; which notification it is of does not show. */
type Pushed = Omit<PushPayload, 'id'>;

/** What a tap on a notice goes by. */
export interface NoticeData {
  /** A path of the link grammar, `/go/…`. */
  readonly link: string;
  /** The call that rings; null for everything else. */
  readonly callId: string | null;
}

/** As `showNotification` takes it; the compiler's own type knows less than browsers do. */
export interface NoticeOptions {
  readonly body: string;
  /** A newer notice with the same takes its place. */
  readonly tag: string;
  /** Makes itself heard although it only takes the place of another. */
  readonly renotify: boolean;
  /** Stays until somebody does something about it. */
  readonly requireInteraction: boolean;
  readonly silent: boolean;
  /** ms of buzzing and of stillness in turn. */
  readonly vibrate?: readonly number[];
  readonly actions: readonly { readonly action: 'answer' | 'later'; readonly title: string }[];
  readonly icon: string;
  readonly badge: string;
  readonly data: NoticeData;
}

export interface Notice {
  readonly title: string;
  readonly options: NoticeOptions;
  /** Goes by itself after a moment: it only says why another one went. */
  readonly passing: boolean;
}

/** How the person wants it. */
export interface Manner {
  readonly say: Say;
  readonly vibration: boolean;
}

/** What is known when a push has come. */
export interface Situation extends Manner {
  /** ms since the epoch. */
  readonly now: number;
  /** Of the call that it is about; null where it is about none. */
  readonly ring: Ring | null;
  /** Whether the notice that it would replace is on the screen. */
  readonly shown: boolean;
}

const RING_PATTERN = [600, 300, 600, 300, 600, 900, 600, 300, 600, 300, 600];

/** Null: nothing is to be seen of it. */
export function noticeFor(push: Pushed, situation: Situation): Notice | null {
  if (push.callId !== undefined && push.title === undefined) return ringNotice(push, situation);
  const late = Date.parse(push.expiresAt) <= situation.now;
  if (late || push.title === undefined) return null;
  const { title, options } = plain(push, push.title, push.body ?? '');
  // That a call was missed may be on the screen already, in place of its ring.
  return { title, options: { ...options, renotify: push.kind !== 'call.missed' }, passing: false };
}

/** A ring, or the word that it is over: the call's own state decides, whatever the push was sent for. */
function ringNotice(push: Pushed, { now, ring, say, vibration, shown }: Situation): Notice | null {
  const rings = push.kind === 'call.incoming' && Date.parse(push.expiresAt) > now;
  const state = ring?.state ?? 'unknown';
  if (rings && (state === 'ringing' || state === 'unknown')) {
    const [key, slots] = named('ring', ring);
    const body = ring?.state === 'ringing' ? say(`told.${ring.media}`) : say('told.media');
    const { title, options } = plain(push, say(key, slots), body);
    return {
      title,
      options: {
        ...options,
        renotify: true,
        requireInteraction: true,
        ...(vibration ? { vibrate: RING_PATTERN } : {}),
        actions: [
          { action: 'answer', title: say('told.answer') },
          { action: 'later', title: say('told.later') },
        ],
        data: { link: push.link, callId: push.callId ?? null },
      },
      passing: false,
    };
  }
  if (state === 'over') return shown ? passing(push, say) : null;
  const [key, slots] = named('missed', ring);
  const { title, options } = plain(push, say(key, slots), say('told.missedBody'));
  const link = ring?.state === 'missed' ? formatLink({ kind: 'call-back', id: ring.callerId }) : push.link;
  // In place of a ring that was seen, it needs no noise of its own.
  return { title, options: { ...options, silent: shown, data: { link, callId: null } }, passing: false };
}

function passing(push: Pushed, say: Say): Notice {
  const { title, options } = plain(push, say('told.over'), say('told.overBody'));
  return { title, options: { ...options, silent: true }, passing: true };
}

function named(key: 'ring' | 'missed', ring: Ring | null): [Told, Record<string, string>] {
  return ring && 'name' in ring ? [`told.${key}`, { name: ring.name }] : [`told.${key}Unknown`, {}];
}

function plain(push: Pushed, title: string, body: string): Omit<Notice, 'passing'> {
  return {
    title,
    options: {
      body,
      tag: push.tag,
      renotify: false,
      requireInteraction: false,
      silent: false,
      actions: [],
      icon: '/icons/192.png',
      badge: '/icons/192.png',
      data: { link: push.link, callId: null },
    },
  };
}
