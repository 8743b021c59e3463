/** Finding messages by their words, in one conversation. */
import { TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { searchChat } from '../../../worker/protocol/http/chats.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { Button } from '../button.tsx';
import { ProblemNote, Waiting } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { ChatIcon } from './icons.tsx';
import { messageWords } from './said.ts';

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (words: string) => void;
  readonly autoFocus?: boolean;
}

/** A field that asks when it is sent, so that a slow hand asks for no half words. */
export function SearchField({ label, value, onSearch, autoFocus = false }: SearchFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const [words, setWords] = useState(value);
  return (
    <search>
      <form
        className="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(words.trim());
        }}
      >
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        <TextInput
          id={id}
          type="search"
          placeholder={t('chat.searchHint')}
          value={words}
          maxLength={100}
          autoFocus={autoFocus}
          onChange={({ currentTarget }) => {
            setWords(currentTarget.value);
            if (currentTarget.value === '') onSearch('');
          }}
        />
        <Button type="submit" leftSection={<ChatIcon name="search" />}>
          {t('chat.search')}
        </Button>
      </form>
    </search>
  );
}

export interface SearchInProps {
  readonly chatId: ChatId;
  /** Who wrote it, and when, above its words. */
  readonly head: (message: Message) => ReactNode;
  readonly onFound: (seq: number) => void;
  readonly onClose: () => void;
}

export function SearchIn({ chatId, head, onFound, onClose }: SearchInProps) {
  const { api } = useSession();
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const hits = useInfiniteQuery({
    queryKey: ['chat-search', chatId, words],
    enabled: words !== '',
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(searchChat, {
        params: { id: chatId },
        query: { q: words, limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = hits.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="search-in" aria-label={t('chat.searchIn')}>
      <div className="search-head">
        <SearchField label={t('chat.searchIn')} value="" onSearch={setWords} autoFocus />
        <Button variant="default" onClick={onClose}>
          {t('chat.closeSearch')}
        </Button>
      </div>
      {hits.isError && <ProblemNote error={hits.error} onRetry={() => void hits.refetch()} />}
      {words !== '' && hits.isPending && <Waiting />}
      {hits.data && (
        <p role="status">{items.length === 0 ? t('chat.foundNone') : !hits.hasNextPage && t('chat.found', { count: items.length })}</p>
      )}
      <ul className="rows hits">
        {items.map(({ message }) => (
          <li key={message.id}>
            <button type="button" className="hit" onClick={() => onFound(message.seq)}>
              {head(message)}
              <span>{messageWords(t, message)}</span>
            </button>
          </li>
        ))}
      </ul>
      {hits.hasNextPage && (
        <Button variant="default" loading={hits.isFetchingNextPage} onClick={() => void hits.fetchNextPage()}>
          {t('chat.moreFound')}
        </Button>
      )}
    </section>
  );
}
