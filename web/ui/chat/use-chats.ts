/** The conversations of the signed-in person, on this page: made once a screen asks for them, closed with the sign-in. */
import { useEffect, useState } from 'react';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { newKey } from '../../client/api.ts';
import { browserSockets } from '../../client/browser-sockets.ts';
import { Chats } from '../../client/chat/chats.ts';
import { browserBytes, storageDrawer } from '../../client/chat/keeping.ts';
import type { Letter, Wish } from '../../client/chat/letters.ts';
import type { Room } from '../../client/chat/room.ts';
import { browserPut, uploads } from '../../client/chat/uploads.ts';
import { realClock } from '../../client/clock.ts';
import type { Live } from '../../client/live.ts';
import { useSession } from '../session.tsx';

const made = new WeakMap<Live, Chats>();

function chatsOf(live: Live): Chats {
  const present = made.get(live);
  if (present) return present;
  const { api, me } = live;
  const chats = new Chats({
    api,
    clock: realClock,
    open: browserSockets(location.origin),
    me: me.id,
    letters: storageDrawer<Letter>(localStorage, `hearthline.letter.${me.id}.`),
    wishes: storageDrawer<Wish>(localStorage, `hearthline.wish.${me.id}.`),
    drafts: storageDrawer<string>(localStorage, `hearthline.draft.${me.id}.`),
    bytes: browserBytes(`hearthline.${me.id}`),
    upload: uploads(api, browserPut),
    newId: newKey,
  });
  made.set(live, chats);
  const hurry = (): void => {
    if (document.visibilityState === 'visible') chats.hurry();
  };
  const leave = (): void => chats.leave();
  const cut = (): void => chats.cut();
  addEventListener('online', hurry);
  addEventListener('offline', cut);
  document.addEventListener('visibilitychange', hurry);
  addEventListener('pagehide', leave);
  const stopMoves = live.chatMoved.watch(() => {
    const moved = live.chatMoved.get();
    if (moved) chats.list.moved(moved);
  });
  const stop = live.phase.watch(() => {
    const phase = live.phase.get();
    if (phase.phase !== 'closed' || phase.reason !== 'left') return;
    made.delete(live);
    stop();
    stopMoves();
    removeEventListener('online', hurry);
    removeEventListener('offline', cut);
    document.removeEventListener('visibilitychange', hurry);
    removeEventListener('pagehide', leave);
    chats.close();
  });
  return chats;
}

export const useChats = (): Chats => chatsOf(useSession().live);

/** The room of a conversation for as long as this is on the screen; null for a moment at first. */
export function useRoom(chats: Chats, chatId: ChatId): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  useEffect(() => {
    const looked = chats.look(chatId);
    setRoom(looked);
    return () => chats.release(chatId, looked);
  }, [chats, chatId]);
  return room;
}
