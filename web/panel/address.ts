/** Filters and tabs live in the address, so that a view can be sent to a colleague. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

type Values = Readonly<Record<string, string | undefined>>;

/** The address's query as text, and a way to change some of it; undefined or an empty text takes a key out. */
export function useQueryText(): [Values, (change: Values) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const values = useMemo(
    () => Object.fromEntries(Object.entries(search).map(([key, value]) => [key, value === undefined ? undefined : String(value)])),
    [search],
  );
  const change = useCallback(
    (changes: Values) => {
      const merged = { ...search, ...changes };
      const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== ''));
      void navigate({ to: '.', search: kept as never, replace: true });
    },
    [search, navigate],
  );
  return [values, change];
}

export const usePathId = <Id extends string>(): Id => (useParams({ strict: false }) as { id: string }).id as Id;

/** Goes to a path with a query, both as text. */
export function useGo(): (to: string, query?: Values) => void {
  const navigate = useNavigate();
  return useCallback((to, query = {}) => void navigate({ to, search: query as never }), [navigate]);
}
