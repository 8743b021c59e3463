/** Answers to what the page asked before the app's script had come (app/public/early.js). */
declare global {
  interface Window {
    /** By address; each is taken once. */
    hearthlineEarly?: Record<string, Promise<Response>>;
  }
}

/** Like `fetch`, but the first question for an address takes over the answer that is on its way. */
export const fetchOrEarly: typeof fetch = (input, init) => {
  const asked = window.hearthlineEarly;
  const early = typeof input === 'string' && init?.method === 'GET' ? asked?.[input] : undefined;
  if (!asked || !early) return fetch(input, init);
  delete asked[input as string];
  return early.catch(() => fetch(input, init));
};
