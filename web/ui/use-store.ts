import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Store } from '../client/store.ts';

/** The present value of a store; the component follows it. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.watch, store.get);

/** The time, renewed every `everyMs` while `running`. */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, running]);
  return now;
}
