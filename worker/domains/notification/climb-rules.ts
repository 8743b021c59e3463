/** Decisions on the way out: whether a kind may go by a channel now, which devices a push suits, and when to try again. */
import type { NotificationChannel, NotificationKind, Rung } from '../../protocol/notification.ts';
import type { PushPlatform } from '../../protocol/push.ts';
import { channelOf, type Kind, kinds } from './kinds.ts';
import { deferUntil, type QuietHours } from './quiet-rules.ts';

/** How somebody wants to be told, with the rest as the kinds say. */
export interface Wishes {
  readonly timeZone: string;
  readonly quiet: QuietHours;
  readonly ringsAtNight: boolean;
  /** What was chosen: kind → channel → whether it is used. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

/** Whether a kind goes by a channel at all, quiet hours aside. */
export function isOn(name: NotificationKind, channel: NotificationChannel, { channels }: Pick<Wishes, 'channels'>): boolean {
  const kind: Kind = kinds[name];
  if (kind.fixed.includes(channel)) return true;
  return channels[name]?.[channel] ?? !kind.offAtFirst.includes(channel);
}

export type Gate =
  | { readonly is: 'open' }
  | { readonly is: 'shut'; readonly because: string }
  | { readonly is: 'later'; readonly dueAt: number };

/** [HN8] Whether a rung may be carried out at `now` (ms). A ring that may not sound now is never heard later. */
export function gateOf(name: NotificationKind, rung: Rung, wishes: Wishes, now: number): Gate {
  const { passesQuiet } = kinds[name];
  if (!isOn(name, channelOf(rung), wishes)) return { is: 'shut', because: 'switched_off' };
  if (passesQuiet === 'always' || (passesQuiet === 'ring' && wishes.ringsAtNight)) return { is: 'open' };
  const dueAt = deferUntil(now, wishes.quiet, wishes.timeZone);
  if (dueAt === null) return { is: 'open' };
  return passesQuiet === 'ring' ? { is: 'shut', because: 'quiet_hours' } : { is: 'later', dueAt };
}

interface Reachable {
  readonly sessionId: string;
  readonly platform: PushPlatform;
}

/**
 * The devices that a push suits, one way to each: calls ring an iPhone by VoIP, everything else never comes that way
 * (each such push must be shown as a call); a provider that only passes on to others is for who has no way of their own.
 */
export function suitable<D extends Reachable>(devices: readonly D[], urgency: Kind['urgency']): D[] {
  const has = (session: string, platforms: readonly PushPlatform[]): boolean =>
    devices.some((other) => other.sessionId === session && platforms.includes(other.platform));
  return devices.filter(({ sessionId, platform }) => {
    if (platform === 'voip') return urgency === 'ring';
    if (platform === 'apns' && urgency === 'ring') return !has(sessionId, ['voip']);
    return platform !== 'onesignal' || !has(sessionId, ['apns', 'voip', 'fcm', 'webpush']);
  });
}

/** Attempts for one device or mailbox on one rung. */
export const MAX_ATTEMPTS = 4;
/** A provider that wants us to wait for longer is passed over: the next rung is nearer. */
const MAX_WAIT_MS = 15 * 60_000;

/**
 * When to try again after a vain attempt, ms; null: not any more.
 * @param failed.attempts those so far, this one among them
 */
export function retryIn(
  failed: { attempts: number; retryAfterMs: number | undefined },
  until: { now: number; expiresAt: number },
): number | null {
  if (failed.attempts >= MAX_ATTEMPTS) return null;
  // A ring is worth a second soon; nothing else is hurried.
  const left = until.expiresAt - until.now;
  const usual = Math.min(5_000 * 2 ** (failed.attempts - 1), 300_000, left < 60_001 ? 2_000 : 300_000);
  const wait = Math.max(usual, failed.retryAfterMs ?? 0);
  return wait > MAX_WAIT_MS || wait >= left ? null : wait;
}
