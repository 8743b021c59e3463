/** Lists that go on: newest first, older ones on request. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useWords } from '../words.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export function usePaged<T>(key: readonly unknown[], load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
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
