/**
 * Who of the companions is here, and who wants to know. Hubs of companions tell it, hubs of members watch it. A change
 * is stored before it is answered and told to the watchers afterwards, so that no hub ever waits for another.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../worker/env.ts';
import { causeOf, logWith } from '../../worker/platform/log.ts';
import { type GalleryFeedStub, userHub } from '../../worker/platform/stubs.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { NamedAlarms } from '../kit/alarms.ts';
import { migrate } from '../kit/migrations.ts';
import { changeOf, differs, FAN_OUT, inBatches, isLater, type PersonNow, WATCH_MS } from './feed.ts';
import { FeedStore, feedTables } from './store.ts';

/** When to try again if the process dies while watchers are told, ms. */
const AGAIN_MS = 2_000;

export class GalleryFeed extends DurableObject<Env> implements GalleryFeedStub {
  readonly #store: FeedStore;
  readonly #alarms: NamedAlarms<'fan_out'>;
  readonly #log = logWith({ object: 'gallery_feed' });
  #telling = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, feedTables);
    this.#store = new FeedStore(state.storage.sql);
    this.#alarms = new NamedAlarms(state.storage, { fan_out: () => this.#fanOut() }, (name, thrown) =>
      this.#log.error('an alarm failed', { name, cause: causeOf(thrown) }),
    );
    this.#alarms.wake(state);
  }

  override async alarm(): Promise<void> {
    await this.#alarms.fire(Date.now());
  }

  async changed(person: PersonNow): Promise<void> {
    const known = this.#store.person(person.userId);
    if (!isLater(known, person)) return;
    const news = differs(known, person);
    this.#store.put(person, news);
    if (!news) return;
    this.#alarms.setAtLatest('fan_out', Date.now() + AGAIN_MS);
    this.ctx.waitUntil(this.#fanOut());
  }

  async list(): Promise<readonly Omit<PersonNow, 'at'>[]> {
    return this.#store.people().map(({ at: _at, ...person }) => person);
  }

  async watching(now: number): Promise<readonly { userId: UserId; since: number }[]> {
    return this.#store.watchers(now);
  }

  async watch(order: { viewerId: UserId; watching: boolean; now: number }): Promise<void> {
    if (order.watching) this.#store.watch(order.viewerId, order.now + WATCH_MS, order.now);
    else this.#store.unwatch(order.viewerId);
  }

  /** Tells watchers of every untold change, some hubs at a time. One run at once; what comes meanwhile is told by it too. */
  async #fanOut(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let news = this.#store.untold(); news.length > 0; news = this.#store.untold()) {
        const changes = news.map(({ person }) => changeOf(person));
        for (const viewers of inBatches(this.#store.watchers(Date.now()), FAN_OUT)) {
          // A hub that can't be reached misses a word: the latest wins, and its gallery is read over HTTP anyway.
          await Promise.allSettled(viewers.map(({ userId }) => this.#tell(userId, changes)));
        }
        for (const { person, mark } of news) this.#store.told(person.userId, mark);
      }
      this.#alarms.clear('fan_out');
    } finally {
      this.#telling = false;
    }
  }

  async #tell(viewer: UserId, changes: readonly ReturnType<typeof changeOf>[]): Promise<void> {
    const hub = userHub(this.env, viewer);
    for (const change of changes) await hub.personChanged(change);
  }
}
