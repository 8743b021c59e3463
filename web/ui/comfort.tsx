/** The signed-in person's comfort settings, and how to change them. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Comfort, ComfortChange } from '../../worker/protocol/http/comfort.ts';
import { changeMe, type Me } from '../../worker/protocol/http/me.ts';
import { useSession } from './session.tsx';

function merged(before: Comfort, { oneTap, onboarding, ...rest }: ComfortChange): Comfort {
  const known = Object.fromEntries(Object.entries(rest).filter(([key, value]) => value !== null || key === 'language'));
  const steps = { ...before.onboarding.steps, ...onboarding };
  return {
    ...before,
    ...known,
    oneTap: {
      ...before.oneTap,
      on: oneTap?.on ?? before.oneTap.on,
      companions: oneTap?.companions ?? before.oneTap.companions,
      autoAnswer: oneTap?.autoAnswer ?? before.oneTap.autoAnswer,
    },
    onboarding: { steps, finished: Object.values(steps).every((mark) => mark !== 'open') },
  };
}

/** The person's settings, and how to change them: shown at once, then kept by the server; taken back where that fails. */
export function useComfort() {
  const { api, me } = useSession();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const change = useCallback(
    async (wish: ComfortChange): Promise<boolean> => {
      const before = queries.getQueryData<Me>(['me']);
      if (before) queries.setQueryData<Me>(['me'], { ...before, comfort: merged(before.comfort, wish) });
      setError(null);
      try {
        const { user } = await api.call(changeMe, { body: { comfort: wish } });
        queries.setQueryData<Me>(['me'], user);
        return true;
      } catch (thrown) {
        if (before) queries.setQueryData<Me>(['me'], before);
        setError(thrown);
        return false;
      }
    },
    [api, queries],
  );
  return { comfort: me.comfort, change, error };
}
