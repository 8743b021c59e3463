/**
 * Tells people's hubs and the lists how the conversation stands. Nothing is queued: what was told is noted, and whatever
 * has moved since is told together, again and again until it is heard.
 */
import { dropMedia, indexed } from '../../worker/domains/chat/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import { type ChatNews, userHub } from '../../worker/platform/stubs.ts';
import type { Message } from '../../worker/protocol/chat/message.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { isPresent, type Person, peerOf, type Room } from './core/state.ts';
import type { RoomStore, Told } from './store.ts';

/** Hubs told at the same time. */
const AT_ONCE = 10;

/** Tells everybody what is new to them. @throws where somebody could not be told; the others were */
export async function tellHubs(ctx: Context, store: RoomStore, room: Room): Promise<void> {
  const failed: unknown[] = [];
  const waiting = room.people.filter(isPresent);
  const worker = async (): Promise<void> => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      try {
        await tellHub(ctx, store, room, person);
      } catch (thrown) {
        failed.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) throw failed[0];
  if (isStillOf(store, room)) store.setHubsTold(room.lastSeq);
}

/** False where somebody came or went while others were told: then all of it is told again. */
const isStillOf = (store: RoomStore, { people }: Room): boolean => JSON.stringify(store.people()) === JSON.stringify(people);

async function tellHub(ctx: Context, store: RoomStore, room: Room, person: Person): Promise<void> {
  const last = store.lastMessage(person.fromSeq);
  const standing: Told = { lastMessage: last?.seq ?? 0, read: store.marks(person.userId).read, unread: store.unread(person) };
  const told = store.told(person.userId) ?? { lastMessage: 0, read: 0, unread: 0 };
  if (told.lastMessage === standing.lastMessage && told.read === standing.read && told.unread === standing.unread) return;
  const answer = await userHub(ctx.env, person.userId).chatMoved({
    chatId: room.chatId,
    peerId: peerOf(room, person)?.userId ?? null,
    chatSeq: room.lastSeq,
    readSeq: standing.read,
    unread: standing.unread,
    message: shortOf(last),
    now: ctx.now,
  });
  if (!answer.ok) throw new Error(answer.detail);
  store.setTold(person.userId, standing);
}

const shortOf = (message: Message | null) => message && { sender: message.sender, kind: message.kind, at: message.at };

/** Tells the lists. */
export async function tellLists(ctx: Context, store: RoomStore, room: Room): Promise<void> {
  await indexed(ctx, newsOf(store, room));
  if (isStillOf(store, room)) store.setListsTold(room.lastSeq);
}

export const newsOf = (store: RoomStore, room: Room): ChatNews => ({
  chatId: room.chatId,
  seq: room.lastSeq,
  at: room.lastAt,
  last: store.lastMessage(0),
  waitingSince: room.waiting?.at ?? null,
  people: room.people.filter(isPresent).map((person) => ({
    userId: person.userId,
    readSeq: store.marks(person.userId).read,
    unread: store.unread(person),
    newestAt: Date.parse(store.lastMessage(person.fromSeq)?.at ?? '') || person.cameAt,
  })),
});

/** Has the bytes of deleted messages deleted. */
export async function dropBytes(ctx: Context, store: RoomStore, { chatId }: Room): Promise<void> {
  for (const mediaId of store.droppedMedia()) {
    await dropMedia(ctx, { chatId, mediaId });
    store.forgetMedium(mediaId);
  }
}

/** Lets hubs know who has sockets here and who has none any more, so that a revoked session reaches them. */
export async function tellPresence(ctx: Context, store: RoomStore, room: Room, here: ReadonlySet<UserId>): Promise<void> {
  const registered = store.registered();
  await Promise.all(
    room.people
      .filter(({ userId }) => here.has(userId) !== registered.has(userId))
      .map(async ({ userId }) => {
        await userHub(ctx.env, userId).register({ kind: 'chat', id: room.chatId, open: here.has(userId), now: ctx.now });
        store.setRegistered(userId, here.has(userId));
      }),
  );
}
