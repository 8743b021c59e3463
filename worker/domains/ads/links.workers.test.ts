import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  absentId,
  ask,
  bindings,
  contextNow,
  type Device,
  hangUp,
  idIn,
  ring,
  settle,
  signIn,
  signInAs,
} from '../../../tests/access/town.ts';
import type { ResolvedLink } from '../../protocol/http/links.ts';
import { forgetExpiredLinks } from './jobs.ts';
import { claimLink, deferLink, keepTouches, touchesOf } from './service.ts';

beforeAll(settle);

const DAY = 86_400_000;
const member = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');

async function resolved(by: Device, link: string): Promise<ResolvedLink> {
  const { status, json } = await ask({ method: 'GET', path: `/links/resolve?link=${encodeURIComponent(link)}`, by });
  expect(status, link).toBe(200);
  return json?.link as ResolvedLink;
}
const stateOf = async (by: Device, link: string) => (await resolved(by, link)).state;
async function chatBetween(by: Device, peer: Device): Promise<string> {
  return idIn(await ask({ method: 'POST', path: '/chats', by, body: { peerId: peer.userId } }), 'chat');
}

describe('a link', () => {
  it('to a conversation opens for the two who are in it, each in their own app', async () => {
    const [a, grace] = [await member(), await signIn('grace')];
    const link = `/go/chat/${await chatBetween(a, grace)}?utm_source=mail`;
    expect(await resolved(a, link)).toMatchObject({ state: 'ok', app: 'app', target: { kind: 'chat' }, call: null });
    expect(await resolved(grace, link)).toMatchObject({ state: 'ok', app: 'portal' });
  });

  it('says the same of what is somebody else’s and of what never was', async () => {
    const [a, b, grace] = [await member(), await member(), await signIn('grace')];
    const [chat, call] = [await chatBetween(a, grace), await ring(await signIn('ada'), grace.userId)];
    const but = ({ target: _, ...rest }: ResolvedLink) => rest;
    for (const by of [b, await signIn('hugo')]) {
      expect(but(await resolved(by, `/go/chat/${chat}`))).toEqual(but(await resolved(by, `/go/chat/${absentId('chat')}`)));
      expect(but(await resolved(by, `/go/call/${call}`))).toEqual(but(await resolved(by, `/go/call/${absentId('call')}`)));
      expect(await stateOf(by, `/go/call/${call}`)).toBe('gone');
    }
    await hangUp(await signIn('ada'), call);
  });

  it('to a call says whether it rings for this person, runs, or is over', async () => {
    const [ada, grace] = [await signIn('ada'), await signIn('grace')];
    const id = await ring(ada, grace.userId);
    const calls = async () => [(await resolved(ada, `/go/call/${id}`)).call, (await resolved(grace, `/go/call/${id}`)).call];
    expect(await calls()).toEqual(['running', 'ringing']);
    await ask({ method: 'POST', path: `/calls/${id}/accept`, by: grace });
    expect(await calls()).toEqual(['running', 'running']);
    expect(await resolved(await signIn('sam'), `/go/call/${id}`)).toMatchObject({ state: 'ok', app: 'panel' });
    await hangUp(ada, id);
    expect(await calls()).toEqual(['over', 'over']);
    expect(await stateOf(ada, `/go/call/${id}`)).toBe('ok');
  });

  it('to a person behind a block, to a member who asks a member, and to nobody: gone', async () => {
    const [a, b, hugo] = [await member(), await member(), await signIn('hugo')];
    expect(await stateOf(a, `/go/profile/${hugo.userId}`)).toBe('ok');
    expect(await stateOf(a, `/go/call-back/${hugo.userId}`)).toBe('ok');
    await ask({ method: 'PUT', path: `/me/blocks/${hugo.userId}`, by: a, body: { reason: 'other' } });
    for (const id of [hugo.userId, b.userId, absentId('usr')])
      for (const kind of ['profile', 'call-back'])
        expect(await resolved(a, `/go/${kind}/${id}`)).toMatchObject({ state: 'gone', fallback: { kind: 'home' } });
    expect(await stateOf(hugo, `/go/profile/${a.userId}`)).toBe('gone');
    expect(await stateOf(a, `/go/profile/${a.userId}`)).toBe('ok');
    expect(await stateOf(a, `/go/call-back/${a.userId}`)).toBe('gone');
  });

  it('to a place that is not for the role: forbidden; to no place at all: unknown; both with a way on', async () => {
    const [a, grace, sam] = [await member(), await signIn('grace'), await signIn('sam')];
    expect(await resolved(a, '/go/earnings')).toMatchObject({ state: 'forbidden', fallback: { kind: 'home' } });
    expect(await stateOf(grace, '/go/wallet')).toBe('forbidden');
    expect(await resolved(sam, `/go/chat/${absentId('chat')}`)).toMatchObject({ state: 'forbidden', fallback: { kind: 'home' } });
    for (const text of ['/go/nothing', 'https://evil.test/go/wallet', '//evil.test', '/../me', 'x'.repeat(2_000)])
      expect(await resolved(a, text)).toMatchObject({ state: 'unknown', target: null, fallback: { kind: 'home' } });
    expect(await resolved(a, '/go/paywall/spring')).toMatchObject({ state: 'gone', fallback: { kind: 'wallet' } });
  });
});

describe('a link that waits', () => {
  const deferredIn = (answer: Answer) => (answer.json as { deferred: { code: string; expiresAt: string } }).deferred;
  const codeFor = async (link: string) => deferredIn(await keep(link)).code;
  const keep = (link: string) => ask({ method: 'POST', path: '/links/deferred', body: { link } });
  const claim = (by: Device, code: string) => ask({ method: 'POST', path: '/links/claim', by, body: { code } });

  it('is one person’s, as often as they ask, with the campaign it carried', async () => {
    const [a, b] = [await member(), await member()];
    const kept = await keep('/go/wallet/?utm_source=app-store&x=1#part');
    const { code, expiresAt } = deferredIn(kept);
    expect([kept.status, Date.parse(expiresAt) > Date.now() + DAY - 60_000]).toEqual([201, true]);
    const typed = ` ${code.slice(0, 4)}-${code.slice(4).toLowerCase()} `;
    for (const _ of [1, 2]) expect((await claim(a, typed)).json).toEqual({ link: '/go/wallet' });
    expect((await claim(b, code)).json?.code).toBe('not_found');
    expect((await touchesOf(contextNow(), a.userId)).first).toMatchObject({ campaign: { utm_source: 'app-store' }, landing: 'wallet' });
    expect((await touchesOf(contextNow(), b.userId)).first).toBeNull();
  });

  it('goes to one of two who claim it at once', async () => {
    const people = [await member(), await member(), await member()];
    const code = await codeFor('/go/inbox');
    const statuses = (await Promise.all(people.map((by) => claim(by, code)))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 404, 404]);
  });

  it('is a link into these apps', async () => {
    for (const link of ['https://evil.test/', '//evil.test/go/wallet', '/chats', '/go/nothing'])
      expect((await keep(link)).json).toMatchObject({ code: 'validation_failed', fields: [{ path: 'link' }] });
  });

  it('holds for a day, and is deleted then', async () => {
    const [a, then] = [await member(), { ...contextNow(), now: Date.now() - DAY }];
    const codes = [];
    for (let n = 0; n < 5; n++) codes.push((await deferLink(then, '/go/wallet', null)).code);
    const fresh = (await deferLink(contextNow(), '/go/wallet', null)).code;
    await expect(claimLink(contextNow(), a.userId, codes[0] ?? '')).rejects.toMatchObject({ code: 'not_found' });
    await forgetExpiredLinks(contextNow(), 2);
    const left = await bindings.DB.prepare('SELECT code FROM deferred_link WHERE expires_at <= ?').bind(Date.now()).all();
    expect(left.results).toEqual([]);
    expect((await claimLink(contextNow(), a.userId, fresh)).link).toBe('/go/wallet');
  });

  it('is refused to a network that keeps too many, also at once, and not to its neighbour', async () => {
    const ctx = contextNow();
    const tried = await Promise.allSettled(Array.from({ length: 63 }, () => deferLink(ctx, '/go/wallet', '192.0.2.1')));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
    await expect(deferLink(ctx, '/go/wallet', '192.0.2.1')).rejects.toMatchObject({ code: 'rate_limited' });
    await deferLink(ctx, '/go/wallet', '192.0.2.2');
    await deferLink({ ...ctx, now: ctx.now + 3_600_001 }, '/go/wallet', '192.0.2.1');
    const row = await bindings.DB.prepare('SELECT * FROM deferred_link WHERE network_hash IS NOT NULL').first();
    expect(JSON.stringify(row)).not.toContain('192.0.2');
  });
});

describe('campaigns', () => {
  const touch = (source: string, at: number) => ({
    campaign: { utm_source: source },
    at: new Date(at).toISOString(),
    landing: 'chat' as const,
    referrer: 'news.example',
  });
  const both = async (by: Device) => {
    const { first, last } = await touchesOf(contextNow(), by.userId);
    return [first?.campaign.utm_source, last?.campaign.utm_source];
  };

  it('keep the earliest as first and the latest as last, in whatever order they are told', async () => {
    const now = Date.now();
    const told = [touch('a', now - 3_000), touch('b', now - 2_000), touch('c', now - 1_000)];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0, 2],
    ]) {
      const by = await member();
      for (const n of order) await keepTouches(contextNow(), by.userId, [told[n] ?? touch('', now)]);
      expect(await both(by)).toEqual(['a', 'c']);
    }
  });

  it('do not credit an old account’s sign-up to a new advertisement', async () => {
    const by = await member();
    await bindings.DB.prepare('UPDATE user SET created_at = ? WHERE id = ?')
      .bind(Date.now() - 30 * DAY, by.userId)
      .run();
    await keepTouches(contextNow(), by.userId, [touch('late', Date.now())]);
    expect(await both(by)).toEqual([undefined, 'late']);
  });

  it('hold two rows at most, are read by their owner alone, and are gone when forgotten', async () => {
    const [a, b] = [await member(), await member()];
    const at = (n: number) => touch(`s${n}`, Date.now() - n * 1_000);
    for (let n = 0; n < 4; n++) {
      const { status } = await ask({ method: 'POST', path: '/me/campaign', by: a, body: { touches: [at(n), at(n + 10)] } });
      expect(status).toBe(200);
    }
    expect((await ask({ method: 'GET', path: '/me/campaign', by: a })).json).toMatchObject({
      campaign: { first: { campaign: { utm_source: 's13' } }, last: { campaign: { utm_source: 's0' }, referrer: 'news.example' } },
    });
    expect((await ask({ method: 'GET', path: '/me/campaign', by: b })).json).toEqual({ campaign: { first: null, last: null } });
    const rows = () => bindings.DB.prepare('SELECT count(*) AS n FROM campaign_touch WHERE user_id = ?').bind(a.userId).first<number>('n');
    expect(await rows()).toBe(2);
    expect((await ask({ method: 'DELETE', path: '/me/campaign', by: a })).status).toBe(204);
    expect(await rows()).toBe(0);
  });

  it('leave out what names a person, and refuse what is no host', async () => {
    const by = await member();
    const kept = { ...touch('mail', Date.now()), campaign: { utm_source: 'mail', utm_content: 'ada@demo.test' } };
    await ask({ method: 'POST', path: '/me/campaign', by, body: { touches: [kept] } });
    const rows = await bindings.DB.prepare('SELECT * FROM campaign_touch WHERE user_id = ?').bind(by.userId).all();
    expect(JSON.stringify(rows.results)).not.toContain('ada');
    const bad = await ask({ method: 'POST', path: '/me/campaign', by, body: { touches: [{ ...kept, referrer: 'https://x.test/a?b' }] } });
    expect(bad.json?.code).toBe('validation_failed');
  });
});
