/** Answers to what the page asked before the app's script had come (app/public/early.js). */
declare global {
  interface Window {
    /** By address; each is taken once. */
    hearthlineEarly?: Record<string, Promise<Response>>;
  }
}

/** An answer that nobody took for so long after the page began is old, ms. */
const FRESH_MS = 10_000;

/** Like `fetch`, but the first question for an address takes over the answer that is on its way. */
export const fetchOrEarly: typeof fetch = (input, init) => {
  const asked = window.hearthlineEarly;
  const early = typeof input === 'string' && init?.method === 'GET' ? asked?.[input] : undefined;
  if (!asked || !early) return fetch(input, init);
  delete asked[input as string];
  return performance.now() > FRESH_MS ? fetch(input, init) : early.catch(() => fetch(input, init));
};
