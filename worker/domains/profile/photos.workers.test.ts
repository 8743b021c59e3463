import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import { exif, jpeg, png, says } from '../../../tests/pictures.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import type { Principal } from '../../platform/principal.ts';
import { MAX_PHOTO_BYTES } from '../../protocol/http/photos.ts';
import { mountProfile } from './routes.ts';
import { cardsOf, publicProfiles } from './service.ts';

const bindings = env as unknown as Env;
let passes = true;
const ask = appAs(bindings, (app) => mountProfile(app, { passesPhotos: async () => passes }));
const ctx = contextOf(bindings, { now: 1_800_000_000_000, requestId: 'req-1', waitUntil: () => {} });
const faceOf = async ({ userId }: Principal) => (await cardsOf(ctx, [userId])).get(userId)?.portrait;

async function add(who: Principal, query = '', bytes: Uint8Array = jpeg(400, 300, exif(6))) {
  const { status, body } = await ask(who, 'POST', `/me/photos${query}`, bytes);
  expect(status).toBe(201);
  return body.photo;
}

describe('a photo', () => {
  it('is kept without what it tells of its maker, turned the right way, and given back as it is kept', async () => {
    const ada = principal();
    const photo = await add(ada);
    expect(photo).toMatchObject({ width: 300, height: 400, visibility: 'private', state: 'approved', portrait: false });
    expect(photo.url).toBe(`/api/v1/media/${photo.id}`);
    const { status, body, headers } = await ask(ada, 'GET', `/media/${photo.id}`);
    expect([status, headers.get('Content-Type')]).toEqual([200, 'image/jpeg']);
    expect(says(body, 'N 60 10 23')).toBe(false);
    expect(says(jpeg(400, 300, exif(6)), 'N 60 10 23')).toBe(true);
  });

  it('is listed newest first, page by page, only one’s own', async () => {
    const [ada, ben] = [principal(), principal()];
    await add(ben);
    const made = [await add(ada), await add(ada), await add(ada)].map(({ id }) => id);
    const { body: first } = await ask(ada, 'GET', '/me/photos?limit=2');
    const { body: second } = await ask(ada, 'GET', `/me/photos?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(made.toSorted().toReversed());
    expect(second.nextCursor).toBe(null);
  });

  it('is taken away for good', async () => {
    const ada = principal();
    const { id } = await add(ada, '?portrait=true');
    expect(await faceOf(ada)).toBe(`/api/v1/media/${id}`);
    expect((await ask(ada, 'DELETE', `/me/photos/${id}`)).status).toBe(204);
    expect(await faceOf(ada)).toBe(null);
    expect((await ask(ada, 'GET', `/media/${id}`)).status).toBe(404);
    expect((await ask(ada, 'DELETE', `/me/photos/${id}`)).status).toBe(404);
    expect((await bindings.MEDIA.list({ prefix: `photo/${ada.userId}/` })).objects).toEqual([]);
  });

  it('is one of twenty at most, also when two come at once', async () => {
    const ada = principal();
    for (let n = 0; n < 19; n += 1) await add(ada);
    const both = await Promise.all([1, 2].map(() => ask(ada, 'POST', '/me/photos', png(300, 300))));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('too_many');
    expect((await bindings.MEDIA.list({ prefix: `photo/${ada.userId}/` })).objects).toHaveLength(20);
  });

  it.each([
    ['nothing', new Uint8Array(0), 400, 'validation_failed'],
    ['no picture', new TextEncoder().encode('hello'), 400, 'validation_failed'],
    ['a tiny one', png(10, 10), 400, 'validation_failed'],
    ['too many bytes', new Uint8Array(MAX_PHOTO_BYTES + 1), 413, 'body_too_large'],
  ])('can’t be %s', async (_, bytes, status, code) => {
    expect(await ask(principal(), 'POST', '/me/photos', bytes)).toMatchObject({ status, body: { code } });
  });

  it('can’t be called something else', async () => {
    const answer = await ask(principal(), 'POST', '/me/photos', png(300, 300), { 'Content-Type': 'text/html' });
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'Content-Type' }] } });
  });
});

describe('who sees it', () => {
  it.each([
    ['private', 'approved', true, 404],
    ['public', 'approved', true, 200],
    ['public', 'pending', false, 404],
    ['private', 'pending', false, 404],
  ])('%s and %s', async (visibility, state, autoPass, forOthers) => {
    passes = autoPass;
    const ada = principal();
    const photo = await add(ada, `?visibility=${visibility}`);
    passes = true;
    expect(photo.state).toBe(state);
    expect((await ask(ada, 'GET', `/media/${photo.id}`)).status).toBe(200);
    expect((await ask(principal(), 'GET', `/media/${photo.id}`)).status).toBe(forOthers);
    expect((await ask(undefined, 'GET', `/media/${photo.id}`)).status).toBe(forOthers);
  });

  it('nobody keeps an own one for others; a public one is kept for minutes and asked for by its hash', async () => {
    const ada = principal();
    const [hidden, shown] = [await add(ada), await add(ada, '?visibility=public')];
    expect((await ask(ada, 'GET', `/media/${hidden.id}`)).headers.get('Cache-Control')).toBe('private, no-cache');
    const first = await ask(undefined, 'GET', `/media/${shown.id}`);
    expect(first.headers.get('Cache-Control')).toBe('public, max-age=300');
    const again = await ask(undefined, 'GET', `/media/${shown.id}`, undefined, { 'If-None-Match': first.headers.get('ETag') ?? '' });
    expect([again.status, again.body]).toEqual([304, null]);
    const hiding = await ask(undefined, 'GET', `/media/${hidden.id}`, undefined, { 'If-None-Match': first.headers.get('ETag') ?? '' });
    expect(hiding.status).toBe(404);
  });

  it('a foreign one can neither be changed nor taken away', async () => {
    const [ada, ben] = [principal(), principal()];
    const { id } = await add(ada, '?visibility=public');
    expect((await ask(ben, 'PATCH', `/me/photos/${id}`, { visibility: 'private' })).status).toBe(404);
    expect((await ask(ben, 'DELETE', `/me/photos/${id}`)).status).toBe(404);
    expect((await ask(undefined, 'GET', `/media/${id}`)).status).toBe(200);
  });
});

describe('the portrait', () => {
  it('is one, public, and what others see of the person', async () => {
    const ada = principal();
    const [first, second] = [await add(ada, '?portrait=true'), await add(ada)];
    expect(first).toMatchObject({ portrait: true, visibility: 'public' });
    const changed = await ask(ada, 'PATCH', `/me/photos/${second.id}`, { portrait: true });
    expect(changed.body.photo).toMatchObject({ portrait: true, visibility: 'public' });
    const { items } = (await ask(ada, 'GET', '/me/photos')).body;
    expect(items.filter(({ portrait }: { portrait: boolean }) => portrait)).toHaveLength(1);
    expect((await publicProfiles(ctx, [{ id: ada.userId, role: 'member' }])).get(ada.userId)?.portrait).toBe(second.url);
    expect((await ask(ada, 'GET', '/me')).body.user.public.portrait).toBe(second.url);
  });

  it('is none once it is hidden, and nobody’s while it waits', async () => {
    const ada = principal();
    const { id } = await add(ada, '?portrait=true');
    expect((await ask(ada, 'PATCH', `/me/photos/${id}`, { visibility: 'private' })).body.photo).toMatchObject({ portrait: false });
    expect(await faceOf(ada)).toBe(null);
    expect((await ask(ada, 'PATCH', `/me/photos/${id}`, { visibility: 'private', portrait: true })).status).toBe(400);
    passes = false;
    const waiting = await add(ada, '?portrait=true');
    passes = true;
    expect(waiting).toMatchObject({ portrait: true, state: 'pending' });
    expect(await faceOf(ada)).toBe(null);
  });
});

describe('comfort and wishes', () => {
  it('follow the person; null goes back to the default; two devices at once lose nothing of each other', async () => {
    const ada = principal();
    await ask(ada, 'PATCH', '/me', { private: { birthDate: '1940-01-01' } });
    const changes = [{ textSize: 150 }, { view: 'full' }, { oneTap: { on: true } }, { onboarding: { name: 'done' } }, { language: 'de' }];
    await Promise.all(changes.map((comfort) => ask(ada, 'PATCH', '/me', { comfort })));
    const { user } = (await ask(ada, 'GET', '/me')).body;
    expect(user.comfort).toMatchObject({ textSize: 150, view: 'full', captions: true, language: 'de', contrast: 'normal' });
    expect(user.comfort.oneTap).toEqual({ on: true, companions: [], autoAnswer: false, consentedAt: null });
    expect(user.comfort.onboarding.steps).toMatchObject({ name: 'done', comfort: 'open' });
    const back = await ask(ada, 'PATCH', '/me', {
      comfort: { textSize: null, captions: false },
      wishes: { gender: 'woman', media: 'audio' },
    });
    expect(back.body.user.comfort).toMatchObject({ textSize: 100, captions: false, view: 'full' });
    expect(back.body.user.wishes).toEqual({ media: 'audio', gender: 'woman', ageBand: null });
    const forgot = await ask(ada, 'PATCH', '/me', { wishes: { gender: null } });
    expect(forgot.body.user.wishes).toEqual({ media: 'audio', gender: null, ageBand: null });
  });

  it('answer no call by themselves without the person’s word', async () => {
    const ada = principal();
    const refused = await ask(ada, 'PATCH', '/me', { comfort: { textSize: 200, oneTap: { autoAnswer: true } } });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ path: 'comfort.oneTap.consent' }] } });
    expect((await ask(ada, 'GET', '/me')).body.user.comfort.textSize).toBe(100);
    const { body } = await ask(ada, 'PATCH', '/me', { comfort: { oneTap: { autoAnswer: true, consent: true } } });
    expect(body.user.comfort.oneTap).toMatchObject({ autoAnswer: true, consentedAt: '2027-01-15T08:00:00.000Z' });
  });

  it.each([
    { textSize: 99 },
    { textSize: 201 },
    { ringVolume: 101 },
    { view: 'tiny' },
    { language: 'fr' },
    { unknown: 1 },
    { onboarding: { eighth: 'done' } },
  ])('%j is refused', async (comfort) => {
    expect((await ask(principal(), 'PATCH', '/me', { comfort })).status).toBe(400);
  });
});
