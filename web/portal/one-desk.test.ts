import { expect, test } from 'vitest';
import { type Locks, OneDesk } from './one-desk.ts';

/** The browser's locks in small: one holder, a queue, stealing, aborting. */
class FakeLocks implements Locks {
  #holder: { lost: (reason: Error) => void } | null = null;
  readonly #queue: (() => void)[] = [];

  request(
    _name: string,
    { ifAvailable, steal, signal }: Parameters<Locks['request']>[1],
    held: Parameters<Locks['request']>[2],
  ): Promise<unknown> {
    return new Promise((done, fail) => {
      const grant = (): void => {
        if (signal?.aborted) {
          this.#next();
          return;
        }
        const me = { lost: fail };
        this.#holder = me;
        void Promise.resolve(held({})).then((value) => {
          done(value);
          if (this.#holder === me) this.#next();
        });
      };
      if (steal) {
        this.#holder?.lost(new Error('stolen'));
        grant();
      } else if (!this.#holder) grant();
      else if (ifAvailable) done(held(null));
      else {
        this.#queue.push(grant);
        signal?.addEventListener('abort', () => fail(new Error('aborted')));
      }
    });
  }

  #next(): void {
    this.#holder = null;
    this.#queue.shift()?.();
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const desk = (locks: Locks | null): OneDesk => {
  const made = new OneDesk(locks);
  made.begin();
  return made;
};

test('the first tab is the desk, the second waits and gets it when the first closes', async () => {
  const locks = new FakeLocks();
  const first = desk(locks);
  const second = desk(locks);
  await settled();
  expect([first.place.get(), second.place.get()]).toEqual(['here', 'elsewhere']);
  first.close();
  await settled();
  expect(second.place.get()).toBe('here');
});

test('a take-over leaves one desk, and can be taken back', async () => {
  const locks = new FakeLocks();
  const first = desk(locks);
  const second = desk(locks);
  await settled();
  second.take();
  await settled();
  expect([first.place.get(), second.place.get()]).toEqual(['elsewhere', 'here']);
  first.take();
  await settled();
  expect([first.place.get(), second.place.get()]).toEqual(['here', 'elsewhere']);
});

test('a closed desk takes nothing any more', async () => {
  const locks = new FakeLocks();
  const first = desk(locks);
  const second = desk(locks);
  await settled();
  second.close();
  first.close();
  await settled();
  expect(second.place.get()).toBe('elsewhere');
  expect(desk(locks).place.get()).toBe('here');
});

test('without locks every tab is a desk', () => {
  expect(desk(null).place.get()).toBe('here');
});
