/** One `PushHere` for each sign-in: whoever shows how this device tells shows the same. */
import { browserPush } from '../../client/push/browser.ts';
import { PushHere } from '../../client/push/here.ts';
import type { Session } from '../session.tsx';

const bySession = new WeakMap<Session['live'], PushHere>();

export function pushHere({ app, api, live }: Pick<Session, 'app' | 'api' | 'live'>): PushHere {
  const present = bySession.get(live);
  if (present) return present;
  const made = new PushHere(api, browserPush(app));
  bySession.set(live, made);
  void made.begin();
  return made;
}
