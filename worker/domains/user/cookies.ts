/**
 * Sign-in of the web apps: the tokens live in cookies that no script can read. Each app has its own pair, so app,
 * portal and panel never share a sign-in. Cookies don't tell which app sends them, and app and portal share an origin:
 * the client says so with the header `X-Hearthline-App` (a picture with `?app=` in its address). Without it a request is signed in only if the cookies of
 * exactly one app came with it.
 */

import type { Context as HonoContext } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Problem } from '../../platform/errors.ts';
import { isListedOrigin } from '../../platform/origins.ts';
import type { AppEnv } from '../../platform/serve.ts';
import { type WebApp, webApp } from '../../protocol/http/auth.ts';
import { ACCESS_TTL_MS, REFRESH_TTL_MS } from './rules.ts';

type Exchange = HonoContext<AppEnv>;
type Kind = 'access' | 'refresh';

export const APP_HEADER = 'X-Hearthline-App';

/** `__Host-` outside local, where everything is served over TLS. */
export const cookieName = (environment: string, app: WebApp, kind: Kind): string =>
  `${environment === 'local' ? '' : '__Host-'}hearthline_${app}${kind === 'refresh' ? '_refresh' : ''}`;

const options = (c: Exchange) => ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: c.env.ENVIRONMENT !== 'local' }) as const;

/** Puts tokens into the app's cookies; a null refresh token leaves the one that is there. */
export function setTokenCookies(c: Exchange, app: WebApp, tokens: { accessToken: string; refreshToken: string | null }): void {
  const put = (kind: Kind, value: string, ms: number) =>
    setCookie(c, cookieName(c.env.ENVIRONMENT, app, kind), value, { ...options(c), maxAge: Math.floor(ms / 1000) });
  put('access', tokens.accessToken, ACCESS_TTL_MS);
  if (tokens.refreshToken !== null) put('refresh', tokens.refreshToken, REFRESH_TTL_MS);
}

export function clearTokenCookies(c: Exchange, app: WebApp): void {
  for (const kind of ['access', 'refresh'] as const) deleteCookie(c, cookieName(c.env.ENVIRONMENT, app, kind), options(c));
}

/** The app's token that came as a cookie, and which app that is. */
export function readTokenCookie(c: Exchange, kind: Kind, named?: WebApp): { app: WebApp; token: string } | null {
  // A picture's address can't bring a header along: reading alone may say it in the address.
  const said = c.req.header(APP_HEADER) ?? (c.req.method === 'GET' ? c.req.query('app') : undefined);
  const asked = named ?? webApp.options.find((app) => app === said);
  const found = webApp.options
    .filter((app) => asked === undefined || app === asked)
    .flatMap((app) => {
      const token = getCookie(c, cookieName(c.env.ENVIRONMENT, app, kind));
      return token ? [{ app, token }] : [];
    });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** True where any of our cookies came along, whatever is in it. */
export const hasTokenCookie = (c: Exchange): boolean =>
  webApp.options.some((app) =>
    (['access', 'refresh'] as const).some((kind) => getCookie(c, cookieName(c.env.ENVIRONMENT, app, kind)) !== undefined),
  );

/** @throws Problem `forbidden` unless a listed web page sent this */
export function mustComeFromListedPage(c: Exchange): void {
  const origin = c.req.header('Origin');
  if (origin === undefined || !isListedOrigin(c.env, origin))
    throw new Problem('forbidden', 'A request with cookies must come from one of our own pages (header Origin).');
}
