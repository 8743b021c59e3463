/** How far everybody has come: delivered and read are watermarks, and events only where they rise. */
import type { MarkOrder } from './orders.ts';
import { mark, refused, type Tools, unchanged } from './placing.ts';
import { presentPerson, type Room, type Shelf, type Step } from './state.ts';

/**
 * [RR1] A watermark lies on a message of somebody else: so an event about a watermark never calls for the next one.
 * [RR2] Seen is delivered too, and one event tells both.
 */
export function takeMarks(room: Room, shelf: Shelf, order: MarkOrder, tools: Tools): Step {
  if (!presentPerson(room, order.by)) return refused(room, 'not_found', 'There is no such conversation.');
  const marks = shelf.marks(order.by);
  const read = riseOf(room, shelf, order.by, marks.read, order.read);
  const seen = Math.max(marks.delivered, read ?? 0);
  const delivered = riseOf(room, shelf, order.by, seen, order.delivered);
  if (read === null && delivered === null) return unchanged(room);
  const first = read === null ? null : mark(room, tools, { type: 'read', by: order.by, upTo: read }, null);
  const second = delivered === null ? null : mark(first?.room ?? room, tools, { type: 'delivered', by: order.by, upTo: delivered }, null);
  return {
    room: second?.room ?? first?.room ?? room,
    writes: [
      { kind: 'marks', userId: order.by, marks: { delivered: delivered ?? seen, read: read ?? marks.read } },
      ...(first ? [first.write] : []),
      ...(second ? [second.write] : []),
    ],
    reply: { is: 'done' },
  };
}

/** Where a watermark rises to; null where it stays. */
function riseOf(room: Room, shelf: Shelf, userId: MarkOrder['by'], from: number, to: number): number | null {
  const reached = Math.min(to, room.lastMessageSeq);
  return reached > from ? shelf.lastOfOthers(userId, from, reached) : null;
}
