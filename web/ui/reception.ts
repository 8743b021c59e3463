/** What a page has before anything is drawn: how it asks, what it remembers of the answers, and who is there. */
import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { WebApp } from '../../worker/protocol/http/auth.ts';
import { type Me, readMe } from '../../worker/protocol/http/me.ts';
import { type Api, createApi } from '../client/api.ts';
import { isProblem } from '../client/problem.ts';
import { fetchOrEarly } from './early.ts';

export interface Reception {
  readonly app: WebApp;
  readonly api: Api;
  readonly queries: QueryClient;
}

/** The server's no is final; silence is worth one more try. */
const retryOnce = (failures: number, error: unknown): boolean => failures < 1 && !isProblem(error);

export function receptionOf(app: WebApp): Reception {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: retryOnce, staleTime: 15_000 } } });
  const api = createApi({ origin: '', app, fetch: fetchOrEarly, onSignedOut: () => queries.setQueryData(['me'], null) });
  return { app, api, queries };
}

/** Who is signed in; null: nobody. */
export const whoIsHere = ({ api }: Reception) =>
  queryOptions({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Me | null> => {
      try {
        return (await api.call(readMe)).user;
      } catch (thrown) {
        if (isProblem(thrown, 'unauthenticated')) return null;
        throw thrown;
      }
    },
  });

/** Asks who is here, and then what `ahead` wants to know for them. Never rejects: who draws asks again and shows what went wrong. */
export const askWhoIsHere = (reception: Reception, ahead?: (me: Me) => Promise<unknown>): Promise<unknown> =>
  reception.queries
    .fetchQuery(whoIsHere(reception))
    .then((me) => me && ahead?.(me))
    .catch(() => undefined);

/** The page shows its door by itself for so long before the app draws that it waits, ms. */
const PATIENCE_MS = 1_000;

/** Resolves when all of it has come, so that the first drawing shows what the visitor came for; at the latest after a second. */
export const patiently = (...coming: Promise<unknown>[]): Promise<unknown> =>
  Promise.race([Promise.all(coming), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
