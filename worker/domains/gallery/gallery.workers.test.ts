import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { ok } from '../../platform/result.ts';
import type { CallMedia } from '../../protocol/call/call.ts';
import type { GalleryItem, Opening } from '../../protocol/http/gallery.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PresenceState } from '../../protocol/people.ts';
import { credit, postOne } from '../balance/service.ts';
import { goldenTariff } from '../billing/golden-tariff.ts';
import { draftTariff, publishTariff } from '../billing/service.ts';
import { block } from '../blocklist/service.ts';
import { enrol } from '../companions/service.ts';
import { noteTalk, wrapUp } from '../interaction/service.ts';
import { changeProfile } from '../profile/service.ts';
import { changeHours, endShift, startShift } from '../shifts/service.ts';
import { createUser } from '../user/service.ts';
import { mountGallery } from './routes.ts';

const { DB, LEDGER_0, LEDGER_1 } = env as unknown as Env;
const NOW = 1_800_000_000_000;

/** What the feed has heard; people it never heard of are simply not in it. */
const feed = new Map<UserId, { presence: PresenceState; since: number }>();
let feedIsAway = false;
/** Members who are looking, and since when. */
let looking: { userId: UserId; since: number }[] = [];
/** How hubs have somebody; online where nothing is said. */
const hubs = new Map<UserId, PresenceState>();
const bindings = {
  DB,
  LEDGER_0,
  LEDGER_1,
  USER_HUB: {
    getByName: (id: UserId) => ({
      shiftChanged: async () => ok(null),
      presence: async () => ({ presence: hubs.get(id) ?? 'online', since: NOW }),
      busyWith: async () => null,
      personChanged: async () => {},
    }),
  },
  GALLERY_FEED: {
    getByName: () => ({
      watching: async () => {
        if (feedIsAway) throw new Error('no feed');
        return looking;
      },
      list: async () => {
        if (feedIsAway) throw new Error('no feed');
        return [...feed].map(([userId, seen]) => ({ userId, onShift: false, ...seen }));
      },
    }),
  },
} as unknown as Env;
const ctx = contextOf(bindings, { now: NOW, requestId: 'req-1', waitUntil: () => {} });
const ask = appAs(bindings, mountGallery, NOW);
const ada = principal();

async function companion(
  name: string,
  more: { media?: CallMedia[]; tier?: string; skills?: string[]; approved?: boolean; working?: boolean } = {},
) {
  const { id } = await createUser(ctx, { email: `${name}-${newId('ntf')}@demo.test`, role: 'companion', monetizationVersion: 'tokens' });
  await changeProfile(ctx, id, {
    public: { displayName: name, skills: more.skills ?? [] },
    private: { birthDate: '1950-01-02', timeZone: 'Asia/Tokyo' },
  });
  await enrol(ctx, { userId: id, media: more.media ?? ['audio', 'video'], tier: more.tier ?? 'standard', approved: more.approved ?? true });
  if (more.working !== false) await startShift(ctx, id);
  return id;
}

/** Each test's people share a tier of their own and are asked for by it. */
const names = async (who: Principal, query: string): Promise<string[]> => {
  const { status, body } = await ask(who, 'GET', `/gallery?${query}`);
  expect(status).toBe(200);
  return body.items.map((item: { person: { displayName: string } }) => item.person.displayName);
};

beforeAll(async () => {
  const { id } = await draftTariff(ctx, { terms: goldenTariff, actor: newId('usr') });
  await publishTariff(ctx, { id, actor: newId('usr') });
});

describe('who is shown', () => {
  it('is every approved companion, whether the feed has heard of them or not', async () => {
    const grace = await companion('Grace', { tier: 'shown' });
    await companion('Iris', { tier: 'shown', working: false });
    await companion('Waiting', { tier: 'shown', approved: false });
    feed.set(grace, { presence: 'online', since: NOW - 1000 });
    const { body } = await ask(ada, 'GET', '/gallery?tier=shown');
    const seen = body.items.map(
      ({ person, presence, available }: { person: { displayName: string }; presence: string; available: boolean }) => [
        person.displayName,
        presence,
        available,
      ],
    );
    expect(seen).toEqual([
      ['Grace', 'online', true],
      ['Iris', 'offline', false],
    ]);
    const onlyIris = await names(ada, 'tier=shown&available=false');
    expect([await names(ada, 'tier=shown&available=true'), onlyIris]).toEqual([['Grace'], ['Iris']]);
  });

  it('counts as working by the shift, whatever the feed believes', async () => {
    const [hugo, olga] = [await companion('Hugo', { tier: 'truth' }), await companion('Olga', { tier: 'truth' })];
    feed.set(hugo, { presence: 'online', since: NOW });
    await endShift(ctx, hugo);
    feed.delete(olga);
    expect(await names(ada, 'tier=truth&available=true')).toEqual(['Olga']);
    feed.set(olga, { presence: 'in_call', since: NOW });
    expect(await names(ada, 'tier=truth&available=true')).toEqual([]);
  });

  it('stays readable without the feed', async () => {
    await companion('Nora', { tier: 'away' });
    feedIsAway = true;
    const { body } = await ask(ada, 'GET', '/gallery?tier=away');
    feedIsAway = false;
    expect(body.items[0]).toMatchObject({ presence: 'offline', available: true });
  });

  it('leaves out oneself and whoever a block stands between, in both directions, also by id', async () => {
    const [one, two, three] = [
      await companion('One', { tier: 'hide' }),
      await companion('Two', { tier: 'hide' }),
      await companion('Three', { tier: 'hide' }),
    ];
    await block(ctx, { blockerId: ada.userId, blockedId: one, reason: 'spam', text: null });
    await block(ctx, { blockerId: two, blockedId: ada.userId, reason: 'spam', text: null });
    expect(await names(ada, 'tier=hide')).toEqual(['Three']);
    for (const [id, status] of [
      [one, 404],
      [two, 404],
      [three, 200],
      [newId('usr'), 404],
      ['nobody', 404],
    ] as const)
      expect((await ask(ada, 'GET', `/people/${id}`)).status).toBe(status);
    // Once a companion, by now staff: still not met by themself.
    expect((await names(principal({ userId: three, role: 'admin' }), 'tier=hide')).toSorted()).toEqual(['One', 'Two']);
    expect((await names(principal(), 'tier=hide')).toSorted()).toEqual(['One', 'Three', 'Two']);
    expect((await ask(principal({ userId: three, role: 'companion' }), 'GET', `/people/${three}`)).status).toBe(404);
  });

  it('carries nothing of anybody’s private part', async () => {
    const id = await companion('Secret', { tier: 'private' });
    const list = await ask(ada, 'GET', '/gallery?tier=private');
    const one = await ask(ada, 'GET', `/people/${id}`);
    expect(one.body.person).toEqual(list.body.items[0]);
    expect(Object.keys(list.body.items[0].person).toSorted()).toEqual([
      'about',
      'ageBand',
      'displayName',
      'gender',
      'id',
      'languages',
      'portrait',
      'pronunciation',
      'role',
      'skills',
    ]);
    for (const secret of ['1950', 'Tokyo', '@demo.test']) expect(JSON.stringify([list, one])).not.toContain(secret);
  });
});

describe('filters', () => {
  it('narrow together', async () => {
    await companion('Both', { tier: 'filter', skills: ['Books'] });
    await companion('Audio', { tier: 'filter', media: ['audio'], skills: ['Books', 'Music'] });
    expect(await names(ada, 'tier=filter&skill=books&media=video')).toEqual(['Both']);
    expect(await names(ada, 'tier=filter&skill=Music')).toEqual(['Audio']);
    expect(await names(ada, 'tier=filter&language=fi')).toEqual([]);
  });

  it.each(['media=smell', 'available=maybe', 'limit=0', 'limit=x', 'colour=red', 'cursor=nonsense', 'cursor=WzFd'])(
    'refuses %s',
    async (query) => {
      expect(await ask(ada, 'GET', `/gallery?${query}`)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );
});

describe('pages', () => {
  it('go on where the last ended, though somebody left and somebody came in front', async () => {
    const ids: UserId[] = [];
    for (const [index, name] of ['P1', 'P2', 'P3', 'P4'].entries()) {
      const id = await companion(name, { tier: 'pages' });
      feed.set(id, { presence: 'online', since: NOW - 1000 + index });
      ids.push(id);
    }
    const first = await ask(ada, 'GET', '/gallery?tier=pages&limit=2');
    expect(first.body.items.map((item: { person: { displayName: string } }) => item.person.displayName)).toEqual(['P1', 'P2']);
    feed.delete(ids[0] as UserId);
    feed.set(await companion('P0', { tier: 'pages' }), { presence: 'online', since: NOW - 9999 });
    expect(await names(ada, `tier=pages&limit=2&cursor=${first.body.nextCursor}`)).toEqual(['P3', 'P4']);
  });

  it('have cursors within the limit, whatever the name', async () => {
    for (const name of ['😀'.repeat(30), '漢'.repeat(60), 'Ω'.repeat(60)]) await companion(name, { tier: 'cursor' });
    const seen: string[] = [];
    for (let cursor = ''; seen.length < 9; ) {
      const { status, body } = await ask(ada, 'GET', `/gallery?tier=cursor&limit=1${cursor}`);
      expect(status).toBe(200);
      seen.push(body.items[0].person.id);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(3);
  });
});

describe('the price', () => {
  it('is the tariff’s for the asked medium, and none for what somebody does not offer', async () => {
    await companion('Video', { tier: 'price', media: ['video'] });
    const video = await ask(ada, 'GET', '/gallery?tier=price&media=video');
    expect(video.body.items[0].price).toMatchObject({ unit: 'COIN', firstAmount: 9, then: { everySeconds: 60, amount: 60 } });
    expect((await ask(ada, 'GET', '/gallery?tier=price')).body.items[0].price).toBeNull();
  });

  it('is told to members of every plan, and to no staff', async () => {
    await companion('Any', { tier: 'plan' });
    const priceFor = async (who: Parameters<typeof principal>[0]) =>
      (await ask(principal(who), 'GET', '/gallery?tier=plan')).body.items[0].price;
    for (const monetizationVersion of ['tokens', 'subscription', 'moments'] as const)
      expect(await priceFor({ monetizationVersion })).toMatchObject({ unit: 'COIN' });
    expect(await priceFor({ role: 'admin' })).toBeNull();
  });

  it('is told by the model of who looks, on a person’s page by voice and by video', async () => {
    const id = await companion('Both', { tier: 'means', media: ['audio', 'video'] });
    const meansOf = async (who: Principal) => {
      const { body } = await ask(who, 'GET', `/people/${id}`);
      return [body.person.price.means, body.videoPrice.means];
    };
    const cora = principal({ monetizationVersion: 'moments' });
    const owner = { userId: cora.userId, shard: cora.ledgerShard };
    const moves = [credit(owner, 'MOMENT', 'issuance', 2)];
    await postOne(ctx, { owner, key: 'seed:gallery', kind: 'seed', ref: 'gallery', actor: 'system', eventAt: NOW, intent: {}, moves });
    expect(await meansOf(cora)).toEqual([
      [
        { is: 'moments', left: 2, secondsEach: 600 },
        { is: 'coins', left: 0 },
      ],
      [
        { is: 'moments', left: 2, secondsEach: 300 },
        { is: 'coins', left: 0 },
      ],
    ]);
    const [byVoice] = await meansOf(principal({ monetizationVersion: 'subscription' }));
    expect(byVoice).toMatchObject([{ is: 'allowance', plan: 'free', secondsLeft: 300 }]);
  });
});

describe('a companion who looks', () => {
  it('finds a member by id without a price; another member finds none', async () => {
    const grace = principal({ userId: await companion('Looker', { tier: 'look' }), role: 'companion' });
    const { id } = await createUser(ctx, { email: `${newId('ntf')}@demo.test`, role: 'member', monetizationVersion: 'tokens' });
    expect(await ask(grace, 'GET', `/people/${id}`)).toMatchObject({
      status: 200,
      body: { person: { person: { id, role: 'member' }, presence: 'online', available: true, media: ['audio', 'video'], price: null } },
    });
    expect((await ask(ada, 'GET', `/people/${id}`)).status).toBe(404);
  });

  const member = async (displayName: string) => {
    const { id } = await createUser(ctx, { email: `${newId('ntf')}@demo.test`, role: 'member', monetizationVersion: 'tokens' });
    await changeProfile(ctx, id, { public: { displayName, languages: [displayName === 'Eino' ? 'fi' : 'en'] } });
    return id;
  };

  it('sees the members who are online, whoever came last first, as their hubs have them, none that a block hides', async () => {
    const grace = principal({ userId: await companion('Looker', { tier: 'look' }), role: 'companion' });
    const [early, late, busy, blocked] = [await member('Early'), await member('Late'), await member('Eino'), await member('Blocked')];
    await block(ctx, { blockerId: blocked, blockedId: grace.userId, reason: 'spam', text: null });
    hubs.set(busy, 'in_call');
    looking = [
      { userId: early, since: NOW - 9_000 },
      { userId: late, since: NOW - 1_000 },
      { userId: busy, since: NOW - 5_000 },
      { userId: blocked, since: NOW },
    ];
    const { body } = await ask(grace, 'GET', '/gallery');
    expect(body.items.map((item: GalleryItem) => [item.person.displayName, item.presence, item.available, item.price])).toEqual([
      ['Late', 'online', true, null],
      ['Eino', 'in_call', false, null],
      ['Early', 'online', true, null],
    ]);
    expect(await names(grace, 'language=fi')).toEqual(['Eino']);
    const first = await ask(grace, 'GET', '/gallery?limit=2');
    expect(await names(grace, `limit=2&cursor=${first.body.nextCursor}`)).toEqual(['Early']);
    feedIsAway = true;
    expect(await names(grace, '')).toEqual([]);
    feedIsAway = false;
    looking = [];
  });
});

describe('what two people have had with each other', () => {
  it('comes with the other, to the two alone; what was wrapped up to the companion alone', async () => {
    const graceId = await companion('Known', { tier: 'known' });
    const { id: memberId } = await createUser(ctx, { email: `${newId('ntf')}@demo.test`, role: 'member', monetizationVersion: 'tokens' });
    const [ben, grace] = [principal({ userId: memberId }), principal({ userId: graceId, role: 'companion' })];
    expect((await ask(ben, 'GET', `/people/${graceId}`)).body.known).toBe(null);
    const callId = newId('call');
    const talk = {
      callId,
      memberId,
      companionId: graceId,
      at: NOW - 9_000,
      endedAt: NOW - 1_000,
      connectedMs: 7_000,
      media: 'audio' as const,
    };
    await noteTalk(ctx, talk);
    await wrapUp(ctx, grace, callId, { note: 'Likes tango' });
    const known = { talks: 1, connectedMs: 7_000, lastTalks: [{ callId, media: 'audio' }] };
    expect((await ask(ben, 'GET', `/people/${graceId}`)).body.known).toMatchObject({ ...known, lastWrapUp: null });
    expect((await ask(grace, 'GET', `/people/${memberId}`)).body.known).toMatchObject({ ...known, lastWrapUp: { note: 'Likes tango' } });
    expect((await ask(ada, 'GET', `/people/${graceId}`)).body.known).toBe(null);
    expect((await ask(principal({ role: 'admin' }), 'GET', `/people/${graceId}`)).body.known).toBe(null);
    const hugo = principal({ userId: await companion('Hugo2', { tier: 'known' }), role: 'companion' });
    expect((await ask(hugo, 'GET', `/people/${memberId}`)).body.known).toBe(null);
  });
});

describe('openings', () => {
  it('say who usually comes when, soonest first, whom the viewer may meet', async () => {
    const viewer = principal();
    const [one, two, hidden] = [await companion('O1'), await companion('O2'), await companion('O3')];
    // NOW is Friday, 08:00 in UTC.
    const at = (weekday: number, from: string) => ({ timeZone: 'UTC', items: [{ weekday, from, to: '23:00' }] });
    await changeHours(ctx, { userId: one, ...at(6, '10:00'), fallbackZone: 'UTC' });
    await changeHours(ctx, { userId: two, ...at(5, '09:00'), fallbackZone: 'UTC' });
    await changeHours(ctx, { userId: hidden, ...at(5, '08:30'), fallbackZone: 'UTC' });
    await block(ctx, { blockerId: hidden, blockedId: viewer.userId, reason: 'spam', text: null });
    const { body } = await ask(viewer, 'GET', '/gallery/opening');
    const shown = body.openings.map(
      (opening: Opening) => `${opening.person.displayName} ${opening.at.slice(0, 16)} ${opening.until.slice(0, 16)}`,
    );
    expect(shown).toEqual(['O2 2027-01-15T09:00 2027-01-15T23:00', 'O1 2027-01-16T10:00 2027-01-16T23:00']);
    expect(body.next).toEqual(body.openings[0]);
    expect(body.available).toBeGreaterThanOrEqual(2);
    expect((await ask(undefined, 'GET', '/gallery/opening')).status).toBe(401);
  });
});
