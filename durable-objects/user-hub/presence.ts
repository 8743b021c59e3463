/** A person's presence, derived from what the hub knows. Going offline is damped: a page that reloads did not leave. */
import type { PresenceState } from '../../worker/protocol/people.ts';

/** How long after its last device a person still counts as here. */
export const OFFLINE_AFTER_MS = 20_000;

export interface PresenceFacts {
  /** Devices that have said hello and are open. */
  readonly devices: readonly { readonly away: boolean }[];
  /** When the last of them left, ms since the epoch; null while one is here, 0 if none ever was. */
  readonly goneAt: number | null;
  /** Whether they were away when they left. */
  readonly wasAway: boolean;
  /** Holds a busy lock. */
  readonly inCall: boolean;
  /** A companion is here for others only while working. */
  readonly companion: boolean;
  readonly working: boolean;
  /** Not working, but soon again. */
  readonly onBreak: boolean;
}

export function derivePresence(facts: PresenceFacts, now: number): PresenceState {
  if (facts.inCall) return 'in_call';
  const here = facts.devices.length > 0;
  const justLeft = !here && facts.goneAt !== null && now < facts.goneAt + OFFLINE_AFTER_MS;
  if (!here && !justLeft) return 'offline';
  if (facts.companion && !facts.working) return facts.onBreak ? 'on_break' : 'offline';
  const away = here ? facts.devices.every((device) => device.away) : facts.wasAway;
  return away ? 'away' : 'online';
}

/** When presence changes by itself, ms since the epoch; null if only an event can change it. */
export const presenceDueAt = (facts: PresenceFacts): number | null =>
  facts.devices.length === 0 && facts.goneAt !== null ? facts.goneAt + OFFLINE_AFTER_MS : null;
