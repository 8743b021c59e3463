import type { QueryClient } from '@tanstack/react-query';
import { changeMe, type Me } from '../../worker/protocol/http/me.ts';
import type { Api } from '../client/api.ts';

/** Tells the server by which clock this device goes. Where that fails, the next visit tells it. */
export async function tellZone(api: Api, queries: QueryClient): Promise<void> {
  const { user } = await api.call(changeMe, { body: { private: { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } } });
  // Nothing else of it: what was changed meanwhile is newer than this answer.
  const { timeZone } = user.private;
  queries.setQueryData<Me | null>(['me'], (me) => me && { ...me, private: { ...me.private, timeZone } });
}
