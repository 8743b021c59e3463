import type { Context as HonoContext } from 'hono';
import { Problem } from '../../platform/errors.ts';
import { ipOf } from '../../platform/network.ts';
import { type App, type AppEnv, isLocal, serve } from '../../platform/serve.ts';
import * as auth from '../../protocol/http/auth.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import type { Origin } from './attempts.ts';
import { clearTokenCookies, mustComeFromListedPage, readTokenCookie, setTokenCookies } from './cookies.ts';
import { signInWithFirebase } from './firebase.ts';
import { jwks } from './keyring.ts';
import { startCode, verifyCode } from './otp.ts';
import { languageIn } from './rules.ts';
import { endSession, issueTicket, refresh, sessionsOf, type Tokens } from './sessions.ts';

export function mountUser(app: App): void {
  serve(app, auth.startOtp, async ({ ctx, body, http }) => {
    const { challengeId, expiresAt, code } = await startCode(ctx, body, originOf(http), languageIn(http.req.header('Accept-Language')));
    return { challengeId, expiresAt: toTimestamp(expiresAt), ...(isLocal(http) ? { devCode: code } : {}) };
  });

  serve(app, auth.verifyOtp, async ({ ctx, body, http }) => {
    if (body.app) mustComeFromListedPage(http);
    const { challengeId, code, device, app: web } = body;
    return hand(http, web, await verifyCode(ctx, { challengeId, code, device, app: web }, originOf(http)));
  });

  serve(app, auth.signInWithFirebase, async ({ ctx, body, http }) => {
    if (body.app) mustComeFromListedPage(http);
    const { idToken, device, app: web } = body;
    return hand(http, web, await signInWithFirebase(ctx, { idToken, device, app: web }, originOf(http)));
  });

  serve(app, auth.refreshTokens, async ({ ctx, body, http }) => {
    const origin = originOf(http);
    if (body.refreshToken !== undefined) return hand(http, undefined, await refresh(ctx, body.refreshToken, { cookie: false, origin }));
    const cookie = readTokenCookie(http, 'refresh', body.app);
    if (!cookie) throw new Problem('unauthenticated', 'Please sign in.');
    mustComeFromListedPage(http);
    return hand(http, cookie.app, await refresh(ctx, cookie.token, { cookie: true, origin }));
  });

  serve(app, auth.signOut, async ({ ctx, principal, http }) => {
    await endSession(ctx, { userId: principal.userId, sessionId: principal.sessionId, reason: 'signed_out' });
    const cookie = readTokenCookie(http, 'access');
    if (cookie) clearTokenCookies(http, cookie.app);
    return null;
  });

  serve(app, auth.listSessions, async ({ ctx, principal }) => {
    const rows = await sessionsOf(ctx, principal.userId);
    return {
      items: rows.map((row) => ({
        id: row.id as SessionId,
        device: row.device,
        createdAt: toTimestamp(row.createdAt),
        lastSeenAt: toTimestamp(row.lastSeenAt),
        current: row.id === principal.sessionId,
      })),
      nextCursor: null,
    };
  });

  serve(app, auth.revokeSession, async ({ ctx, principal, params }) => {
    const ended = await endSession(ctx, { userId: principal.userId, sessionId: params.id, reason: 'revoked' });
    if (!ended) throw new Problem('not_found', 'There is no such device.');
    return null;
  });

  serve(app, auth.issueTicket, async ({ ctx, principal, body }) => {
    const { ticket, expiresAt } = await issueTicket(ctx, principal, body.scope);
    return { ticket, expiresAt: toTimestamp(expiresAt) };
  });
}

/** The public keys, for whoever checks our tokens; mounted at the root and below `/api/v1`. */
export function mountJwks(app: App): void {
  app.get('/.well-known/jwks.json', async (c) => {
    const { env, now } = c.var.context;
    return c.json(await jwks(env, now), 200, { 'Cache-Control': 'public, max-age=300' });
  });
}

/** Tokens in the answer for native clients; in cookies, and empty in the answer, for a web app. */
function hand(http: HonoContext<AppEnv>, app: auth.WebApp | undefined, tokens: Tokens) {
  const { id, role, monetizationVersion } = tokens.user;
  const user = { id, role, monetizationVersion };
  if (!app) return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken ?? '', user };
  setTokenCookies(http, app, tokens);
  return { accessToken: '', refreshToken: '', user };
}

function originOf(http: HonoContext<AppEnv>): Origin {
  return { ip: ipOf(http), country: http.req.header('CF-IPCountry') ?? null };
}
