/** One conversation, filling the window: who it is and the ways on above it, always the same way back. */
import './chats.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Chat, openChat, readChat } from '../../../worker/protocol/http/chats.ts';
import { readPerson } from '../../../worker/protocol/http/gallery.ts';
import type { ChatId, UserId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { BlockButton } from '../../ui/call/block.tsx';
import { Icon } from '../../ui/call/icons.tsx';
import { Conversation, type HeadActs } from '../../ui/chat/conversation.tsx';
import { ChatIcon } from '../../ui/chat/icons.tsx';
import { useChats } from '../../ui/chat/use-chats.ts';
import { chatWords } from '../../ui/chat/words.ts';
import { controlled } from '../../ui/controlled.tsx';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Empty } from '../../ui/states.tsx';
import { useStore } from '../../ui/use-store.ts';
import { usePlaceCall } from '../place-call.ts';
import { Presence } from '../presence.tsx';

await chatWords;

const AddingForWriting = lazy(controlled(() => import('../wallet/adding-for-writing.tsx'), 'AddingForWriting'));

export function ChatPage({ chatId }: { chatId: ChatId }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const chats = useChats();
  // The list may know it already; what it is now is asked for in any case.
  const listed = useStore(chats.list.view);
  const known = listed.status === 'ready' ? listed.items.find(({ id }) => id === chatId) : undefined;
  const read = useQuery({
    queryKey: ['chat', chatId],
    staleTime: 0,
    gcTime: 0,
    queryFn: async () => (await api.call(readChat, { params: { id: chatId } })).chat,
  });
  const chat = read.data ?? known;
  if (!chat)
    return (
      <Page>
        <div className="narrow stack">
          <div className="back-line">
            <ButtonLink to="/chats" quiet>
              {t('chats.back')}
            </ButtonLink>
          </div>
          {read.isError && isProblem(read.error, 'not_found') ? (
            <Empty title={t('chat.gone')} picture="cup">
              <p>{t('chat.goneLead')}</p>
            </Empty>
          ) : read.isError ? (
            <ProblemNote error={read.error} onRetry={() => void read.refetch()} />
          ) : (
            <Waiting />
          )}
        </div>
      </Page>
    );
  return <OneChat key={chat.id} chat={chat} />;
}

function OneChat({ chat }: { chat: Chat }) {
  const { me } = useSession();
  const { t } = useTranslation();
  const chats = useChats();
  const [adding, setAdding] = useState(false);
  const addWords = t(me.monetizationVersion === 'tokens' ? 'chat.addCoins' : 'call.addMore');
  const { at } = useSearch({ strict: false }) as { at?: number };
  const target = useMemo(() => (at === undefined ? null : { seq: at }), [at]);
  const { place, error } = usePlaceCall();
  return (
    <main className="chat-page" id="content">
      <Conversation
        chats={chats}
        chat={chat}
        target={target}
        onCall={(media) => void place(chat.peer.id, media)}
        addCoins={{ words: addWords, act: () => setAdding(true) }}
        afterReport={<BlockButton userId={chat.peer.id} name={chat.peer.displayName} />}
        head={(acts) => (
          <>
            <Head chat={chat} acts={acts} onCall={() => void place(chat.peer.id, 'audio')} />
            {error !== null && <ProblemNote error={error} />}
          </>
        )}
      />
      {adding && (
        <Suspense>
          <AddingForWriting chatId={chat.id} title={addWords} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </main>
  );
}

function Head({ chat, acts, onCall }: { chat: Chat; acts: HeadActs | null; onCall: () => void }) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const { peer } = chat;
  const told = useStore(live.presence).get(peer.id);
  const person = useQuery({ queryKey: ['gallery', 'person', peer.id], queryFn: () => api.call(readPerson, { params: { id: peer.id } }) });
  const there = told ?? person.data?.person;
  return (
    <header className="chat-head">
      <Link to="/chats" className="chat-back">
        <Icon name="back" />
        {t('chats.back')}
      </Link>
      <Link to="/people/$id" params={{ id: peer.id }} className="chat-peer">
        <Portrait name="" seed={peer.portrait ?? peer.displayName} size={52} />
        <span>
          <h1>{peer.displayName}</h1>
          {there && <Presence presence={there.presence} available={there.available} />}
        </span>
      </Link>
      <div className="chat-ways">
        <button type="button" onClick={onCall}>
          <Icon name="phone" />
          {t('chats.callNow')}
        </button>
        {acts && (
          <>
            <button type="button" onClick={acts.search}>
              <ChatIcon name="search" size={26} />
              {t('chats.searchNow')}
            </button>
            <button type="button" onClick={acts.report}>
              <ChatIcon name="flag" size={26} />
              {t('chat.report')}
            </button>
          </>
        )}
      </div>
    </header>
  );
}

/** The way from a person to the conversation with them; the first time it is made. */
export function ChatWith({ userId }: { userId: UserId }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const { list } = useChats();
  const queries = useQueryClient();
  const opened = useQuery({
    queryKey: ['chat-with', userId],
    staleTime: 0,
    gcTime: 0,
    queryFn: async () => (await api.call(openChat, { body: { peerId: userId } })).chat,
  });
  const chat = opened.data;
  useEffect(() => {
    if (!chat) return;
    list.changed(chat);
    queries.setQueryData(['chat', chat.id], chat);
  }, [chat, list, queries]);
  if (chat) return <Navigate to="/chats/$id" params={{ id: chat.id }} replace />;
  return (
    <Page>
      <div className="narrow stack">
        <h1>{t('chats.opening')}</h1>
        {opened.isError ? <ProblemNote error={opened.error} onRetry={() => void opened.refetch()} /> : <Waiting />}
        <ButtonLink to="/people/$id" params={{ id: userId }} quiet>
          {t('back')}
        </ButtonLink>
      </div>
    </Page>
  );
}
