import { afterEach, describe, expect, it, vi } from 'vitest';
import { staging } from '../../../tests/staging.ts';
import { newId } from '../../platform/ids.ts';
import { createUser, userById, usersByIds, verifyTicket } from './service.ts';
import { closeRevokedSockets } from './sessions.ts';
import { contextAt, env, freshEmail, json, PAGE, type SignedIn, send, signIn, start } from './testing.workers.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refresh = (refreshToken: string) => send('POST', '/auth/refresh', { body: { refreshToken } });
const isIn = async (token: string) => (await send('GET', '/auth/sessions', { token })).status === 200;
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

/** What the person's hub is told about revoked sessions. */
function hubWatch(): { sessionId?: string }[] {
  const told: { sessionId?: string }[] = [];
  vi.spyOn(env.USER_HUB, 'getByName').mockReturnValue({
    revoke: async (order: { sessionId?: string }) => {
      told.push(order);
      return { ok: true, value: null };
    },
  } as unknown as ReturnType<typeof env.USER_HUB.getByName>);
  return told;
}

describe('an access token', () => {
  it('works for fifteen minutes', async () => {
    const { accessToken } = await signIn();
    expect(await isIn(accessToken)).toBe(true);
    later(15 * 60_000 + 1000);
    expect(await isIn(accessToken)).toBe(false);
  });

  it.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('is not %j', async (token) => expect(await isIn(token)).toBe(false));

  it('does not come with its algorithm or its claims changed', async () => {
    const { accessToken } = await signIn();
    const [head = '', body = '', signature = ''] = accessToken.split('.');
    const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
    const header = JSON.parse(atob(head)) as object;
    const claims = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/'))) as object;
    for (const forged of [
      `${encode({ ...header, alg: 'none' })}.${body}.`,
      `${encode({ ...header, alg: 'HS256' })}.${body}.${signature}`,
      `${head}.${encode({ ...claims, role: 'superadmin' })}.${signature}`,
      `${head}.${body}.${signature.split('').reverse().join('')}`,
    ])
      expect(await isIn(forged)).toBe(false);
  });

  it('carries iss, aud, sub, sid, role and kid', async () => {
    const { accessToken, user } = await signIn();
    const [head = '', body = ''] = accessToken.split('.').map((part) => part.replaceAll('-', '+').replaceAll('_', '/'));
    expect(JSON.parse(atob(head))).toMatchObject({ alg: 'ES256', kid: expect.any(String) });
    const claims = JSON.parse(atob(body)) as { iat: number; exp: number };
    expect(claims).toMatchObject({
      iss: env.API_ORIGIN,
      aud: 'hearthline-api',
      sub: user.id,
      role: 'member',
      sid: expect.stringMatching(/^ses_/),
    });
    expect(claims.exp - claims.iat).toBe(900);
  });
});

describe('refreshing', () => {
  it('gives new tokens in the same shape, and the old session goes on', async () => {
    const first = await signIn();
    const second = await json<SignedIn>(refresh(first.refreshToken));
    expect(second.user).toEqual(first.user);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await isIn(second.accessToken)).toBe(true);
    const { items } = await json<{ items: unknown[] }>(send('GET', '/auth/sessions', { token: second.accessToken }));
    expect(items).toHaveLength(1);
  });

  it('with a used token ends the whole family at once and tells the hub', async () => {
    const told = hubWatch();
    const first = await signIn();
    const second = await json<SignedIn>(refresh(first.refreshToken));
    const reused = await refresh(first.refreshToken);
    expect(reused.status).toBe(401);
    expect(await json(reused)).toMatchObject({ code: 'unauthenticated' });
    expect(await isIn(second.accessToken)).toBe(false);
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect(told).toEqual([{ sessionId: expect.stringMatching(/^ses_/), now: expect.any(Number) }]);
  });

  it('twice at the same moment lets one through and ends the family', async () => {
    hubWatch();
    const first = await signIn();
    const both = await Promise.all([refresh(first.refreshToken), refresh(first.refreshToken)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await isIn(first.accessToken)).toBe(false);
  });

  it('leaves other sessions of the same person alone', async () => {
    hubWatch();
    const email = freshEmail();
    const [phone, laptop] = [await signIn(email), await signIn(email)];
    await refresh(phone.refreshToken);
    await refresh(phone.refreshToken);
    expect(await isIn(laptop.accessToken)).toBe(true);
  });

  it('ends after thirty days, without a revocation', async () => {
    const told = hubWatch();
    const { refreshToken } = await signIn();
    later(30 * 86_400_000 + 1000);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect(told).toEqual([]);
  });

  it('refuses what was never a token', async () => {
    expect((await refresh('nonsense')).status).toBe(401);
    expect((await send('POST', '/auth/refresh', { body: {} })).status).toBe(401);
    expect((await send('POST', '/auth/refresh', { body: { refreshToken: 5 } })).status).toBe(400);
  });

  it('keeps tokens only by hash', async () => {
    const { refreshToken } = await signIn();
    const { results } = await env.DB.prepare('SELECT * FROM refresh_token').all();
    expect(JSON.stringify(results)).not.toContain(refreshToken);
  });
});

describe('sessions', () => {
  it('are listed with their device, newest first, and which one this is', async () => {
    const email = freshEmail();
    await signIn(email, 'old phone');
    later(1000);
    const { accessToken } = await signIn(email, 'laptop');
    const { items } = await json<{ items: unknown[] }>(send('GET', '/auth/sessions', { token: accessToken }));
    expect(items).toMatchObject([
      { device: 'laptop', current: true },
      { device: 'old phone', current: false },
    ]);
  });

  it('revoked stop at once, tickets included', async () => {
    const told = hubWatch();
    const email = freshEmail();
    const [gone, stays] = [await signIn(email, 'gone'), await signIn(email)];
    const { ticket } = await json<{ ticket: string }>(send('POST', '/tickets', { token: gone.accessToken, body: { scope: 'hub' } }));
    const { items } = await json<{ items: { id: string; device: string | null }[] }>(
      send('GET', '/auth/sessions', { token: stays.accessToken }),
    );
    const id = items.find(({ device }) => device === 'gone')?.id;
    expect((await send('DELETE', `/auth/sessions/${id}`, { token: stays.accessToken })).status).toBe(204);
    expect(await isIn(gone.accessToken)).toBe(false);
    expect((await refresh(gone.refreshToken)).status).toBe(401);
    expect(await verifyTicket(env, ticket, 'hub', Date.now())).toMatchObject({ ok: false, code: 'unauthenticated' });
    expect(told).toMatchObject([{ sessionId: id }]);
    expect((await send('DELETE', `/auth/sessions/${id}`, { token: stays.accessToken })).status).toBe(404);
  });

  it('of others can’t be revoked', async () => {
    const [mine, theirs] = [await signIn(), await signIn()];
    const { items } = await json<{ items: { id: string }[] }>(send('GET', '/auth/sessions', { token: theirs.accessToken }));
    expect((await send('DELETE', `/auth/sessions/${items[0]?.id}`, { token: mine.accessToken })).status).toBe(404);
    expect((await send('DELETE', '/auth/sessions/nonsense', { token: mine.accessToken })).status).toBe(404);
    expect(await isIn(theirs.accessToken)).toBe(true);
  });

  it('end with sign-out, even if the hub does not answer', async () => {
    vi.spyOn(env.USER_HUB, 'getByName').mockImplementation(() => {
      throw new Error('no hub');
    });
    const { accessToken } = await signIn();
    expect((await send('POST', '/auth/logout', { token: accessToken })).status).toBe(204);
    expect(await isIn(accessToken)).toBe(false);
    expect((await send('POST', '/auth/logout', { token: accessToken })).status).toBe(401);
  });

  it('are asked for again where the hub failed once, until it has closed their sockets', async () => {
    const told: string[] = [];
    let broken = true;
    vi.spyOn(env.USER_HUB, 'getByName').mockImplementation(
      (name) =>
        ({
          revoke: async ({ sessionId }: { sessionId: string }) => {
            if (broken) throw new Error('no hub');
            told.push(`${name} ${sessionId}`);
            return { ok: true, value: null };
          },
        }) as unknown as ReturnType<typeof env.USER_HUB.getByName>,
    );
    const { accessToken, user } = await signIn();
    const { items } = await json<{ items: { id: string }[] }>(send('GET', '/auth/sessions', { token: accessToken }));
    expect((await send('POST', '/auth/logout', { token: accessToken })).status).toBe(204);
    const mine = () => told.filter((line) => line.startsWith(user.id));
    // Still on its own way; then a hub that fails again; then one that answers; then nothing is left to ask.
    await closeRevokedSockets(contextAt());
    const minute = Date.now() + 60_000;
    await closeRevokedSockets(contextAt(minute));
    expect(mine()).toEqual([]);
    broken = false;
    await closeRevokedSockets(contextAt(minute + 60_000));
    expect(mine()).toEqual([`${user.id} ${items[0]?.id}`]);
    await closeRevokedSockets(contextAt(minute + 120_000));
    expect(mine()).toHaveLength(1);
  });

  it('follow a change of role at once', async () => {
    const { accessToken, user } = await signIn();
    expect((await send('GET', '/admin/settings', { token: accessToken })).status).toBe(403);
    await env.DB.prepare("UPDATE user SET role = 'admin' WHERE id = ?").bind(user.id).run();
    expect((await send('GET', '/admin/settings', { token: accessToken })).status).toBe(200);
  });
});

describe('tickets', () => {
  const ticketFor = async (scope: string) => {
    const { accessToken, user } = await signIn();
    const answer = await send('POST', '/tickets', { token: accessToken, body: { scope } });
    return { user, accessToken, status: answer.status, ...(await json<{ ticket: string; expiresAt: string }>(answer)) };
  };

  it('name the person, the session and one scope, for thirty seconds', async () => {
    later(0);
    const { user, ticket, status, expiresAt } = await ticketFor('hub');
    expect(status).toBe(201);
    expect(new Date(expiresAt).getTime() - Date.now()).toBeGreaterThan(25_000);
    const now = Date.now();
    expect(await verifyTicket(env, ticket, 'hub', now)).toMatchObject({
      ok: true,
      value: { userId: user.id, role: 'member', jti: expect.stringMatching(/^tkt_/), expiresAt: new Date(expiresAt).getTime() },
    });
    expect(await verifyTicket(env, ticket, `call:${newId('call')}`, now)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await verifyTicket(env, ticket, 'hub', now + 31_000)).toMatchObject({ ok: false, code: 'unauthenticated' });
  });

  it('are never the same twice, and no access tokens, nor the other way round', async () => {
    const { ticket, accessToken } = await ticketFor('hub');
    const again = await json<{ ticket: string }>(send('POST', '/tickets', { token: accessToken, body: { scope: 'hub' } }));
    expect(again.ticket).not.toBe(ticket);
    expect(await isIn(ticket)).toBe(false);
    expect(await verifyTicket(env, accessToken, 'hub', Date.now())).toMatchObject({ ok: false });
  });

  it.each(['everything', 'call:', 'hub:x', '', 'call:a b'])('have no scope %j', async (scope) => {
    const { accessToken } = await signIn();
    expect((await send('POST', '/tickets', { token: accessToken, body: { scope } })).status).toBe(400);
  });
});

describe('the doors of the sockets', () => {
  const upgrade = (path: string, protocol?: string, origin?: string) =>
    send('GET', path, {
      headers: { Upgrade: 'websocket', ...(protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol }) },
      ...(origin ? { origin } : {}),
    });
  const told = async (answer: Response) => `${answer.status} ${(await json<{ code: string }>(answer)).code}`;

  it('want an upgrade, a listed page, our subprotocol and a ticket, in that order', async () => {
    expect(await told(await send('GET', '/hub/socket'))).toBe('426 upgrade_required');
    expect(await told(await upgrade('/hub/socket', 'hearthline.v1', 'https://evil.example'))).toBe('403 forbidden');
    expect(await told(await upgrade('/hub/socket', 'chat'))).toBe('426 upgrade_required');
    expect(await told(await upgrade('/hub/socket', 'hearthline.v1'))).toBe('401 unauthenticated');
    expect(await told(await upgrade('/hub/socket', 'hearthline.v1, ticket.abc', PAGE))).toBe('401 unauthenticated');
    expect(await told(await upgrade(`/calls/${newId('call')}/socket`, 'hearthline.v1, ticket.abc'))).toBe('401 unauthenticated');
    expect(await told(await upgrade('/calls/nonsense/socket', 'hearthline.v1, ticket.abc'))).toBe('404 not_found');
  });

  it('wake no object for a ticket of another scope', async () => {
    const woken = vi.spyOn(env.CALL_SESSION, 'getByName');
    const { accessToken } = await signIn();
    const { ticket } = await json<{ ticket: string }>(send('POST', '/tickets', { token: accessToken, body: { scope: 'hub' } }));
    const answer = await upgrade(`/calls/${newId('call')}/socket`, `hearthline.v1, ticket.${ticket}`);
    expect(await told(answer)).toBe('403 forbidden');
    expect(woken).not.toHaveBeenCalled();
  });
});

describe('cookies', () => {
  const signInAs = async (app: string, email = freshEmail()) => {
    const { challengeId, devCode } = await start({ email });
    return send('POST', '/auth/otp/verify', { origin: PAGE, body: { challengeId, code: devCode, app } });
  };
  const setCookies = (answer: Response): Record<string, { value: string; attributes: string }> =>
    Object.fromEntries(
      answer.headers.getSetCookie().map((line) => {
        const [pair = '', ...attributes] = line.split('; ');
        const [name = '', value = ''] = pair.split('=');
        return [name, { value, attributes: attributes.sort().join('; ') }];
      }),
    );
  const asCookie = (answer: Response): string =>
    Object.entries(setCookies(answer))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  const sessions = (cookie: string, app?: string) =>
    send('GET', '/auth/sessions', { cookie, ...(app ? { headers: { 'X-Hearthline-App': app } } : {}) });

  it('hold the tokens of a web app, and the answer does not', async () => {
    const answer = await signInAs('app');
    expect(await answer.clone().json()).toMatchObject({ accessToken: '', refreshToken: '', user: { role: 'member' } });
    const cookies = setCookies(answer);
    expect(Object.keys(cookies).sort()).toEqual(['hearthline_app', 'hearthline_app_refresh']);
    expect(cookies.hearthline_app?.attributes).toBe('HttpOnly; Max-Age=900; Path=/; SameSite=Strict');
    expect((await sessions(asCookie(answer))).status).toBe(200);
  });

  it('are Secure and __Host- outside local', async () => {
    let code = '';
    vi.spyOn(env.NOTIFICATIONS, 'send').mockImplementation(async (message) => {
      code = (message as { code: string }).code;
      return {} as never;
    });
    const { challengeId } = await start({ email: freshEmail() }, { over: staging });
    const body = { challengeId, code, app: 'panel' };
    const answer = await send('POST', '/auth/otp/verify', { origin: 'https://app.test', body, over: staging });
    const cookies = setCookies(answer);
    expect(Object.keys(cookies).sort()).toEqual(['__Host-hearthline_panel', '__Host-hearthline_panel_refresh']);
    for (const { attributes } of Object.values(cookies))
      expect(attributes).toMatch(/^HttpOnly; Max-Age=\d+; Path=\/; SameSite=Strict; Secure$/);
    expect(answer.headers.get('Strict-Transport-Security')).toMatch(/^max-age=\d+/);
    const listed = await send('GET', '/auth/sessions', {
      cookie: asCookie(answer),
      headers: { 'X-Hearthline-App': 'panel' },
      over: staging,
    });
    expect(listed.status).toBe(200);
  });

  it('of app, portal and panel are never taken for one another', async () => {
    const [app, portal] = [await signInAs('app'), await signInAs('portal')];
    const both = `${asCookie(app)}; ${asCookie(portal)}`;
    const idOf = async (answer: Response) => (await json<{ items: { id: string; current: boolean }[] }>(answer)).items[0]?.id;
    const [one, other] = [await idOf(await sessions(both, 'app')), await idOf(await sessions(both, 'portal'))];
    expect(one).toBe(await idOf(await sessions(asCookie(app))));
    expect(other).toBe(await idOf(await sessions(asCookie(portal))));
    expect(one).not.toBe(other);
    expect((await sessions(both, 'panel')).status).toBe(401);
    expect((await sessions(both)).status).toBe(401);
    // A picture's address says it itself; the header wins, and nothing is written on the address's word.
    const idAt = async (path: string, headers = {}) =>
      (await json<{ user?: { id: string } }>(await send('GET', path, { cookie: both, headers }))).user?.id;
    expect(await idAt('/me')).toBe(undefined);
    expect(await idAt('/me?app=portal')).toBe(await idAt('/me', { 'X-Hearthline-App': 'portal' }));
    expect(await idAt('/me?app=app', { 'X-Hearthline-App': 'portal' })).toBe(await idAt('/me?app=portal'));
    expect(await idAt('/me?app=app')).not.toBe(await idAt('/me?app=portal'));
    expect((await send('POST', '/tickets?app=app', { cookie: both, origin: PAGE, body: { scope: 'hub' } })).status).toBe(401);
  });

  it('change nothing from a page that is not ours, or from nowhere', async () => {
    const cookie = asCookie(await signInAs('app'));
    const ticket = (origin?: string) => send('POST', '/tickets', { cookie, body: { scope: 'hub' }, ...(origin ? { origin } : {}) });
    expect((await ticket()).status).toBe(403);
    expect((await ticket('https://evil.example')).status).toBe(403);
    expect((await ticket('null')).status).toBe(403);
    expect((await ticket(PAGE)).status).toBe(201);
  });

  it('are not what a request with its own token goes by', async () => {
    const cookie = asCookie(await signInAs('app'));
    const { accessToken } = await signIn();
    expect((await send('POST', '/tickets', { cookie, token: accessToken, body: { scope: 'hub' } })).status).toBe(201);
    expect((await send('GET', '/auth/sessions', { cookie, token: 'wrong' })).status).toBe(401);
  });

  it('are renewed by a refresh without a body, and two tabs at once stay signed in', async () => {
    later(0);
    const told = hubWatch();
    const old = asCookie(await signInAs('app'));
    const renew = () => send('POST', '/auth/refresh', { cookie: old, origin: PAGE });
    const [one, two] = [await renew(), await renew()];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(Object.keys(setCookies(one)).sort()).toEqual(['hearthline_app', 'hearthline_app_refresh']);
    expect(Object.keys(setCookies(two))).toEqual(['hearthline_app']);
    expect((await sessions(asCookie(two))).status).toBe(200);
    expect(told).toEqual([]);
  });

  it('reused later, or after the next renewal, end the session', async () => {
    for (const theft of ['late', 'branched'] as const) {
      const told = hubWatch();
      const first = asCookie(await signInAs('app'));
      const second = await send('POST', '/auth/refresh', { cookie: first, origin: PAGE });
      if (theft === 'late') later(11_000);
      else await send('POST', '/auth/refresh', { cookie: asCookie(second), origin: PAGE });
      expect((await send('POST', '/auth/refresh', { cookie: first, origin: PAGE })).status).toBe(401);
      expect((await sessions(asCookie(second))).status).toBe(401);
      expect(told).toHaveLength(1);
      vi.useRealTimers();
      vi.restoreAllMocks();
    }
  });

  it('are cleared by sign-out', async () => {
    const cookie = asCookie(await signInAs('app'));
    const answer = await send('POST', '/auth/logout', { cookie, origin: PAGE });
    expect(answer.status).toBe(204);
    for (const { attributes } of Object.values(setCookies(answer))) expect(attributes).toContain('Max-Age=0');
    expect((await sessions(cookie)).status).toBe(401);
  });
});

describe('users', () => {
  it('are found by hundreds in one go', async () => {
    const ctx = contextAt();
    const made = await Promise.all(
      Array.from({ length: 150 }, () => createUser(ctx, { email: freshEmail(), role: 'member', monetizationVersion: 'tokens' })),
    );
    const found = await usersByIds(ctx, [...made.map(({ id }) => id), newId('usr')]);
    expect(found.size).toBe(150);
    expect(found.get(made[7]?.id ?? newId('usr'))).toEqual(made[7]);
    expect(await userById(ctx, newId('usr'))).toBeNull();
  });

  it('are made once for an address, however many ask at once', async () => {
    const email = freshEmail();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => createUser(contextAt(), { email, role: 'companion', monetizationVersion: 'tokens', ledgerShard: 1 })),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({ role: 'companion', ledgerShard: 1, email });
    const events = await env.DB.prepare("SELECT count(*) AS n FROM event WHERE subject = ? AND type = 'user.signed_up'");
    expect(await events.bind(made[0]?.id).first('n')).toBe(1);
  });
});
