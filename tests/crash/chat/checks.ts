/**
 * What a room did to its messages, found in what the devices saw. Nothing here knows which room it was: ours and those
 * it is compared with are judged alike.
 */
import type { Notes, RoomNotes } from './notes.ts';

export interface Findings {
  /** Acknowledged, and not there for somebody who opens the room afterwards. */
  readonly lost: readonly string[];
  /** Acknowledged, and not on the screen of a device that came back. */
  readonly missing: readonly string[];
  /** Shown twice on one screen, or twice to who opens the room afterwards. */
  readonly duplicated: readonly string[];
  /** Shown in another order on one screen than to who opens the room afterwards, or than their sender sent them. */
  readonly disordered: readonly string[];
  /** The room said that nothing was missing, and something was. */
  readonly falselyComplete: readonly string[];
}

export function examine(room: RoomNotes): Findings {
  const fresh = new Set(room.fresh);
  const returned = room.devices.filter((notes) => notes.returned);
  return {
    lost: room.acked.filter((id) => !fresh.has(id)),
    missing: room.acked.filter((id) => returned.some(({ copy }) => !copy.includes(id))),
    duplicated: [...new Set([...repeated(room.fresh), ...room.devices.flatMap(({ copy }) => repeated(copy))])],
    disordered: disorder(room),
    falselyComplete: room.devices.flatMap((notes) => falseClaims(notes, room.acked)),
  };
}

const repeated = (ids: readonly string[]): string[] => ids.filter((id, n) => ids.indexOf(id) !== n);

/** Names out of their place, each said once for all devices. */
function disorder({ devices, fresh }: RoomNotes): string[] {
  const wrong = new Set<string>();
  const reference = fresh.length > 0 ? [...new Set(fresh)] : longest(devices.map(({ copy }) => [...new Set(copy)]));
  for (const { copy } of devices) for (const id of outOfPlace(copy, reference)) wrong.add(id);
  for (const { sent } of devices)
    for (const id of outOfPlace(
      reference,
      sent.map(({ clientId }) => clientId),
    ))
      wrong.add(id);
  return [...wrong];
}

/** Of a room that keeps nothing, the screen that shows most stands for its order. */
const longest = (lists: readonly (readonly string[])[]): readonly string[] =>
  lists.reduce((best, list) => (list.length > best.length ? list : best), []);

/** What stands in `list` behind something that `order` has after it. What only one of them knows is passed over. */
function outOfPlace(list: readonly string[], order: readonly string[]): string[] {
  const place = new Map(order.map((id, n) => [id, n]));
  const wrong: string[] = [];
  let furthest = -1;
  for (const id of new Set(list)) {
    const at = place.get(id);
    if (at === undefined) continue;
    if (at < furthest) wrong.push(id);
    furthest = Math.max(furthest, at);
  }
  return wrong;
}

const falseClaims = ({ device, visits }: Notes, acked: readonly string[]): string[] =>
  visits.flatMap(({ claim, ackedBefore, had }, n) => {
    if (claim !== 'complete' || had === null) return [];
    // Who said before that something may be missing does not take that back now.
    const since = visits.slice(0, n).findLast((earlier) => earlier.claim !== 'complete')?.ackedThen ?? 0;
    const absent = acked.slice(since, ackedBefore).filter((id) => !had.has(id));
    return absent.length === 0 ? [] : [`${device}, visit ${n}: ${absent.length} of ${ackedBefore} were missing, ${absent[0]} among them`];
  });
