/** The answer to “who is signed in?” that the page asked for before the app's script had come (app/public/early.js). */
declare global {
  interface Window {
    hearthlineMe?: Promise<Response>;
  }
}

/** Like `fetch`, but the first question of who is signed in takes over the answer that is on its way. */
export const fetchOrEarly: typeof fetch = (input, init) => {
  const early = window.hearthlineMe;
  if (!early || input !== '/api/v1/me' || init?.method !== 'GET') return fetch(input, init);
  delete window.hearthlineMe;
  return early.catch(() => fetch(input, init));
};
