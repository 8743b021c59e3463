/** How the person is told: read, and changed at once on the screen; what the server does not take is given back. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { BodyOf } from '../../../worker/protocol/http/endpoint.ts';
import { changeMe } from '../../../worker/protocol/http/me.ts';
import {
  changeNotificationSettings,
  type NotificationSettings,
  readNotificationSettings,
} from '../../../worker/protocol/http/notifications.ts';
import { useSession } from '../session.tsx';

export type Change = BodyOf<typeof changeNotificationSettings>;

const KEY = ['notification-settings'];

/** The settings as they are after a change. */
export function changed(settings: NotificationSettings, { quiet, ringsAtNight, kinds = {} }: Change): NotificationSettings {
  const { on, from, to } = settings.quiet;
  return {
    ...settings,
    quiet: { on: quiet?.on ?? on, from: quiet?.from ?? from, to: quiet?.to ?? to },
    ringsAtNight: ringsAtNight ?? settings.ringsAtNight,
    kinds: settings.kinds.map((each) => {
      const { push, mail } = kinds[each.kind] ?? {};
      return {
        ...each,
        push: each.push && push !== undefined ? { ...each.push, on: push } : each.push,
        mail: each.mail && mail !== undefined ? { ...each.mail, on: mail } : each.mail,
      };
    }),
  };
}

export function useTold() {
  const { api, me } = useSession();
  const queries = useQueryClient();
  const read = useQuery({ queryKey: KEY, queryFn: () => api.call(readNotificationSettings) });
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(0);

  async function keep(work: () => Promise<unknown>): Promise<boolean> {
    setError(null);
    try {
      await work();
      setSaved((times) => times + 1);
      return true;
    } catch (thrown) {
      setError(thrown);
      void queries.invalidateQueries({ queryKey: KEY });
      return false;
    }
  }

  // One after the other: of two changes under way the older could arrive last, and its answer knows nothing of the newer.
  const line = useRef<{ last: Promise<unknown>; changes: number }>({ last: Promise.resolve(), changes: 0 });

  const change = (wish: Change): Promise<boolean> => {
    queries.setQueryData<NotificationSettings>(KEY, (settings) => settings && changed(settings, wish));
    const { current } = line;
    current.changes += 1;
    const turn = current.changes;
    const kept = current.last.then(() =>
      keep(async () => {
        const settings = await api.call(changeNotificationSettings, { body: wish });
        if (turn === current.changes) queries.setQueryData(KEY, settings);
      }),
    );
    current.last = kept;
    return kept;
  };

  /** The person's clock, for quiet hours and every time that is told. */
  const takeZone = (timeZone: string): Promise<boolean> =>
    keep(async () => {
      queries.setQueryData(['me'], (await api.call(changeMe, { body: { private: { timeZone } } })).user);
      await queries.invalidateQueries({ queryKey: KEY });
    });

  return { read, change, takeZone, error, saved, zoneKnown: me.private.timeZone !== null };
}
