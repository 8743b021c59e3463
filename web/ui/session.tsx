/** Who is signed in on this page, for every part of it. */
import { createContext, useContext } from 'react';
import type { WebApp } from '../../worker/protocol/http/auth.ts';
import type { Me } from '../../worker/protocol/http/me.ts';
import type { Api } from '../client/api.ts';
import type { Live } from '../client/live.ts';
import type { Undos } from '../client/undo.ts';

export interface Session {
  readonly app: WebApp;
  readonly api: Api;
  readonly me: Me;
  readonly live: Live;
  /** What was done and can be taken back for a while. */
  readonly undos: Undos;
  readonly signOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this part of the page needs a signed-in person');
  return session;
}
