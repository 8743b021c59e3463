/** What the feed knows of a companion, and what a viewer is told of them. */
import type { PresenceChanged } from '../../worker/protocol/hub/latest.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { PresenceState } from '../../worker/protocol/people.ts';

export interface PersonNow {
  readonly userId: UserId;
  readonly presence: PresenceState;
  readonly onShift: boolean;
  /** Since when the presence holds, ms since the epoch. */
  readonly since: number;
  /** When it was so, ms since the epoch: the latest wins. */
  readonly at: number;
}

/** A watcher who has not asked again for this long is gone, ms. Hubs repeat themselves well within it. */
export const WATCH_MS = 5 * 60_000;
/** Hubs told at the same time. */
export const FAN_OUT = 50;

/** True if `heard` replaces `known`; of two words of the same moment the later to arrive wins. */
export const isLater = (known: Pick<PersonNow, 'at'> | null, heard: Pick<PersonNow, 'at'>): boolean =>
  known === null || heard.at >= known.at;

/** True if viewers would see a difference. */
export const differs = (known: PersonNow | null, heard: PersonNow): boolean =>
  known === null || known.presence !== heard.presence || known.onShift !== heard.onShift;

/**
 * The change as viewers are told it. Available is who works and is in no call: an open page is not needed, a ring finds
 * other ways to a device.
 */
export const changeOf = (person: PersonNow): Omit<PresenceChanged, 'type'> => ({
  userId: person.userId,
  presence: person.presence,
  available: person.onShift && person.presence !== 'in_call',
});

/** `items` in lists of at most `size`. */
export const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
