import { readMe } from '../../../worker/protocol/http/me.ts';
import { createApi } from '../../client/api.ts';

/** A companion's links lead to the members' address as everybody's do: who is at work in this browser goes on to the portal. */
export async function companionInstead(): Promise<void> {
  const api = createApi({ origin: '', app: 'portal', fetch: (input, init) => fetch(input, init), onSignedOut: () => undefined });
  try {
    const { user } = await api.call(readMe);
    if (user.role === 'companion') location.replace(`/portal${location.pathname}`);
  } catch {
    // Nobody is at work here: the door of the members' app stays.
  }
}
