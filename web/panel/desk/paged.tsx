/** Lists that go on: newest first, older ones on request. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useWords } from '../words.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * @param typing the question is typed letter by letter: what was found before stays until the next is there. Never for
 *   what belongs to one person: it would stand under another's name.
 */
export function usePaged<T>(
  key: readonly unknown[],
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  { typing = false }: { typing?: boolean } = {},
) {
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    ...(typing ? { placeholderData: keepPreviousData } : {}),
  });
}

/** The list in whatever state it is; `children` draws the rows. */
export function Paged<T>(props: { of: ReturnType<typeof usePaged<T>>; empty: string; children: (items: readonly T[]) => ReactNode }) {
  const { of, empty, children } = props;
  const { t } = useWords();
  if (of.isPending) return <Waiting />;
  if (of.isError && !of.data) return <ProblemNote error={of.error} onRetry={() => void of.refetch()} />;
  const items = of.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {items.length === 0 ? <p className="soft pad">{empty}</p> : children(items)}
      {of.hasNextPage && (
        <p className="pad">
          <button type="button" className="act" disabled={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
            {t('older')}
          </button>
        </p>
      )}
    </>
  );
}
