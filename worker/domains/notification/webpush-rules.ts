/**
 * Which addresses Web Push may be sent to. An endpoint is given by a client and asked by our server, so it must be one of a
 * real push service: anything else could be an address inside somebody's network.
 */

/** Push services of browsers, as their makers name them: whole names, or (with a dot in front) everything below one. */
const PUSH_SERVICES = [
  'fcm.googleapis.com', // Chrome and most that are built from Chromium
  'jmt17.google.com', // Chromium as distributions build it
  'updates.push.services.mozilla.com', // Firefox
  '.updates.push.services.mozilla.com',
  '.notify.windows.com', // Edge
  '.push.apple.com', // Safari: web.push.apple.com
] as const;

const isPushService = (host: string): boolean => PUSH_SERVICES.some((name) => (name.startsWith('.') ? host.endsWith(name) : host === name));

/**
 * The address of an endpoint that may be asked, or null. Only https on its own port, without a name or password in it, at a
 * push service.
 */
export function pushServiceUrl(endpoint: string): URL | null {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol !== 'https:' || url.port || url.username || url.password || url.hash) return null;
  return isPushService(url.hostname) && url.pathname.length > 1 ? url : null;
}
