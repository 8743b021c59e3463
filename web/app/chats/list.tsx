/** All conversations: faces, the newest words, what is unread, what was begun; and searching all of them. */
import './chats.css';
import '../../ui/chat/chat.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Chat, changeChat, searchChats } from '../../../worker/protocol/http/chats.ts';
import { Button } from '../../ui/button.tsx';
import { listWhen, shortWords } from '../../ui/chat/said.ts';
import { SearchField } from '../../ui/chat/search.tsx';
import { useChats } from '../../ui/chat/use-chats.ts';
import { chatWords } from '../../ui/chat/words.ts';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Empty, Skeleton } from '../../ui/states.tsx';
import { useNow, useStore } from '../../ui/use-store.ts';
import { Hit } from './hit.tsx';

await chatWords;

export function ChatsPage() {
  const { t } = useTranslation();
  const { q = '' } = useSearch({ strict: false }) as { q?: string };
  const go = useNavigate();
  return (
    <Page>
      <div className="narrow stack chats">
        <h1>{t('chats.title')}</h1>
        <SearchField
          key={q}
          label={t('chats.search')}
          value={q}
          onSearch={(words) => void go({ to: '/chats', search: words === '' ? {} : { q: words } })}
        />
        {q === '' ? <List /> : <Found words={q} />}
      </div>
    </Page>
  );
}

function List() {
  const { t } = useTranslation();
  const { list } = useChats();
  const view = useStore(list.view);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (view.status === 'loading') return <Skeleton count={4} />;
  if (view.status === 'failed') return <ProblemNote error={view.error} onRetry={() => void list.read()} />;
  if (view.items.length === 0)
    return (
      <Empty title={t('chats.none')} picture="cup">
        <p>{t('chats.noneLead')}</p>
        <ButtonLink to="/">{t('chats.toPeople')}</ButtonLink>
      </Empty>
    );
  async function more(): Promise<void> {
    setBusy(true);
    setError(null);
    await list.more().catch(setError);
    setBusy(false);
  }
  return (
    <>
      <ul className="sheet rows">
        {view.items.map((chat) => (
          <li key={chat.id}>
            <Line chat={chat} onError={setError} />
          </li>
        ))}
      </ul>
      {error !== null && <ProblemNote error={error} />}
      {view.cursor !== null && (
        <Button variant="default" loading={busy} onClick={() => void more()}>
          {t('chats.more')}
        </Button>
      )}
      <div>
        <ButtonLink to="/chats/favourites" quiet>
          {t('chats.favourites')}
        </ButtonLink>
      </div>
    </>
  );
}

function Line({ chat, onError }: { chat: Chat; onError: (error: unknown) => void }) {
  const { api, me } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { list, drafts } = useChats();
  const { last } = chat;
  const draft = drafts.of(chat.id) ?? chat.draft;
  const words = last && shortWords(t, last.kind, last.text);

  function pin(): void {
    const pinned = !chat.pinned;
    list.changed({ ...chat, pinned });
    api.call(changeChat, { params: { id: chat.id }, body: { pinned } }).catch((thrown) => {
      list.changed(chat);
      onError(thrown);
    });
  }

  return (
    <div className={chat.unread > 0 ? 'chat-line new' : 'chat-line'}>
      <Link to="/chats/$id" params={{ id: chat.id }} className="line">
        <Portrait name="" seed={chat.peer.portrait ?? chat.peer.displayName} size={64} />
        <span className="grow">
          <span className="chat-line-head">
            <strong>{chat.peer.displayName}</strong>
            {chat.unread > 0 && <span className="chat-unread">{t('chats.unread', { count: chat.unread })}</span>}
          </span>
          {words !== null && <span className="chat-last">{last?.sender === me.id ? t('chats.lastYou', { words }) : words}</span>}
          {draft !== '' && <span className="chat-last">{t('chats.draft', { words: draft })}</span>}
          <span className="soft">
            {listWhen(t, last?.at ?? chat.createdAt, now)}
            {chat.pinned && ` · ${t('chats.pinned')}`}
          </span>
        </span>
      </Link>
      <button type="button" className="link" aria-pressed={chat.pinned} onClick={pin}>
        {t(chat.pinned ? 'chats.unpin' : 'chats.pin')}
        <span className="unseen">: {chat.peer.displayName}</span>
      </button>
    </div>
  );
}

function Found({ words }: { words: string }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ['chat-search', words], queryFn: () => api.call(searchChats, { query: { q: words, limit: 50 } }) });
  if (found.isPending) return <Skeleton count={3} />;
  if (found.isError) return <ProblemNote error={found.error} onRetry={() => void found.refetch()} />;
  const { items, people, complete } = found.data;
  return (
    <>
      <p role="status">{items.length + people.length === 0 ? t('chat.foundNone') : t('chat.found', { count: items.length })}</p>
      {people.length > 0 && (
        <section className="stack-tight" aria-label={t('chats.searchPeople')}>
          <h2>{t('chats.searchPeople')}</h2>
          <ul className="sheet rows">
            {people.map(({ chatId, peer }) => (
              <li key={chatId}>
                <Link to="/chats/$id" params={{ id: chatId }} className="line">
                  <Portrait name="" seed={peer.portrait ?? peer.displayName} size={56} />
                  <strong>{peer.displayName}</strong>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {items.length > 0 && (
        <section className="stack-tight" aria-label={t('chats.searchMessages')}>
          <h2>{t('chats.searchMessages')}</h2>
          <ul className="sheet rows">
            {items.map((hit) => (
              <li key={hit.message.id}>
                <Hit {...hit} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {!complete && <p className="soft">{t('chats.incomplete')}</p>}
    </>
  );
}
