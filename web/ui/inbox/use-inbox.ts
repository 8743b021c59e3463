/** The inbox of the signed-in person on this page: made once something asks for it. */
import { Inbox } from '../../client/inbox.ts';
import type { Live } from '../../client/live.ts';
import { type Session, useSession } from '../session.tsx';

const made = new WeakMap<Live, Inbox>();

function inboxOf({ live, undos }: Session): Inbox {
  const present = made.get(live);
  if (present) return present;
  const inbox = new Inbox({ api: live.api, clock: { now: Date.now }, standing: live.inbox, told: live.told });
  made.set(live, inbox);
  // What can still be taken back shows as read; what was, or failed, shows as it is. A note that is gone was carried out.
  undos.notes.watch(() => {
    const note = undos.notes.get().findLast(({ act }) => act.kind === 'read_all');
    if (note?.act.kind === 'read_all') inbox.pretend(note.state === 'undone' || note.state === 'failed' ? 0 : note.act.upTo);
  });
  // A card about a missed call says more than the note that it was missed.
  inbox.card.watch(() => {
    const card = inbox.card.get();
    if (card?.kind === 'call.missed' && live.note.get()?.callId === card.body.callId) live.note.set(null);
  });
  return inbox;
}

export const useInbox = (): Inbox => inboxOf(useSession());
