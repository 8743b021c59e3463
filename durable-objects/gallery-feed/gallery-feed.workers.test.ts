/** The feed inside workerd. */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testEnv } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { newId } from '../../worker/platform/ids.ts';
import type { GalleryFeedStub } from '../../worker/platform/stubs.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { PresenceState } from '../../worker/protocol/people.ts';
import { changeOf, inBatches, WATCH_MS } from './feed.ts';
import type { GalleryFeed } from './gallery-feed.ts';

const START = Date.UTC(2040, 0, 1);
const grace = newId('usr');
type Feed = GalleryFeedStub & DurableObjectStub<GalleryFeed>;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const feedOf = (name: string): Feed => testEnv.GALLERY_FEED.getByName(name) as Feed;
const newFeed = (): Feed => feedOf(crypto.randomUUID());
const now = (presence: PresenceState, at: number, onShift = true, userId: UserId = grace) => ({ userId, presence, onShift, since: at, at });

/** Puts listeners in the place of hubs; what they hear is `viewer presence`. */
async function listen(feed: Feed, hear: (viewer: UserId, word: string) => void | Promise<void>): Promise<void> {
  await runInDurableObject(feed, (object) => {
    const inside = object as unknown as { env: object };
    const getByName = (viewer: UserId) => ({ personChanged: async ({ presence }: { presence: string }) => hear(viewer, presence) });
    Object.defineProperty(object, 'env', { value: { ...inside.env, USER_HUB: { getByName } } });
  });
}

describe('the feed', () => {
  it('keeps the latest word of each person, across evictions, whatever the order', async () => {
    const feed = newFeed();
    const hugo = newId('usr');
    await feed.changed(now('online', START + 2));
    await feed.changed(now('offline', START + 1));
    await feed.changed(now('on_break', START, false, hugo));
    await evictDurableObject(feed);
    expect(await feed.list()).toEqual(
      [
        { userId: grace, presence: 'online', onShift: true, since: START + 2 },
        { userId: hugo, presence: 'on_break', onShift: false, since: START },
      ].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    );
  });

  it('tells watchers of each difference once, and nobody else', async () => {
    const feed = newFeed();
    const [ada, ben, cora] = [newId('usr'), newId('usr'), newId('usr')];
    for (const viewerId of [ada, ben, cora]) await feed.watch({ viewerId, watching: true, now: START });
    await feed.watch({ viewerId: cora, watching: false, now: START });
    const heard: string[] = [];
    await listen(feed, (viewer, word) => void heard.push(`${viewer} ${word}`));
    await feed.changed(now('online', START));
    await feed.changed(now('online', START));
    await eventually(() => expect(heard.sort()).toEqual([`${ada} online`, `${ben} online`].sort()));
    await feed.changed(now('offline', START - 1));
    await feed.changed(now('in_call', START + 1));
    await eventually(() => expect(heard).toHaveLength(4));
    expect(heard.slice(2).sort()).toEqual([`${ada} in_call`, `${ben} in_call`].sort());
  });

  it('answers a companion’s hub without waiting for a viewer’s, and tells what changed meanwhile', async () => {
    const feed = newFeed();
    await feed.watch({ viewerId: newId('usr'), watching: true, now: START });
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const heard: string[] = [];
    await listen(feed, async (_viewer, word) => {
      await gate;
      heard.push(word);
    });
    await feed.changed(now('online', START));
    await feed.changed(now('away', START + 1));
    await feed.changed(now('in_call', START + 2));
    expect(heard).toEqual([]);
    release();
    await eventually(() => expect(heard).toEqual(['online', 'in_call']));
  });

  it('goes on by alarm where it was cut off, and drops a hub that does not answer', async () => {
    const name = crypto.randomUUID();
    let feed = feedOf(name);
    const [ada, gone] = [newId('usr'), newId('usr')];
    for (const viewerId of [gone, ada]) await feed.watch({ viewerId, watching: true, now: START });
    await listen(feed, () => new Promise<void>(() => {}));
    await feed.changed(now('online', START));
    const due = await runInDurableObject(feed, (_feed, state) => state.storage.getAlarm());
    expect(due).toBeLessThanOrEqual(START + 2_000);
    // The process ends in the middle of telling: another begins with what is stored.
    await abortAllDurableObjects();
    feed = feedOf(name);
    const heard: string[] = [];
    await listen(feed, (viewer, word) => {
      if (viewer === gone) throw new Error('no such hub');
      heard.push(`${viewer} ${word}`);
    });
    vi.setSystemTime(START + 2_000);
    await runDurableObjectAlarm(feed);
    expect(heard).toEqual([`${ada} online`]);
    vi.setSystemTime(START + 60_000);
    await runDurableObjectAlarm(feed);
    expect(heard).toHaveLength(1);
  });

  it('forgets a watcher who does not ask again', async () => {
    const feed = newFeed();
    const [ada, ben] = [newId('usr'), newId('usr')];
    await feed.watch({ viewerId: ada, watching: true, now: START });
    await feed.watch({ viewerId: ben, watching: true, now: START });
    await feed.watch({ viewerId: ben, watching: true, now: START + 1_000 });
    const heard: string[] = [];
    await listen(feed, (viewer) => void heard.push(viewer));
    vi.setSystemTime(START + WATCH_MS);
    await feed.changed(now('online', START));
    await eventually(() => expect(heard).toEqual([ben]));
  });

  it('says who is looking, and since when they have been without a gap', async () => {
    const feed = newFeed();
    const [ada, ben] = [newId('usr'), newId('usr')];
    for (const at of [START, START + 60_000]) await feed.watch({ viewerId: ada, watching: true, now: at });
    await feed.watch({ viewerId: ben, watching: true, now: START });
    await feed.watch({ viewerId: ben, watching: false, now: START + 1_000 });
    await evictDurableObject(feed);
    expect(await feed.watching(START + 70_000)).toEqual([{ userId: ada, since: START }]);
    const back = START + 60_000 + WATCH_MS;
    await feed.watch({ viewerId: ada, watching: true, now: back });
    expect(await feed.watching(back)).toEqual([{ userId: ada, since: back }]);
    expect(await feed.watching(back + WATCH_MS)).toEqual([]);
  });
});

describe('what viewers are told', () => {
  it.each([
    ['online', true, true],
    ['offline', true, true],
    ['away', true, true],
    ['in_call', true, false],
    ['on_break', false, false],
    ['online', false, false],
  ] as const)('%s, on shift %s: available %s', (presence, onShift, available) => {
    expect(changeOf(now(presence, START, onShift))).toEqual({ userId: grace, presence, available });
  });
  it('goes out some hubs at a time', () => {
    expect(inBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(inBatches([], 2)).toEqual([]);
  });
});
