import { beforeEach, expect, test, vi } from 'vitest';
import { fetchOrEarly } from './early.ts';

const asked: string[] = [];
const late = new Response('late');

/** The page has asked for `/api/v1/me` already; its answer comes to this. */
function page(answer: Promise<Response>): void {
  answer.catch(() => undefined);
  vi.stubGlobal('window', { hearthlineEarly: { '/api/v1/me': answer } });
}
beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    return late;
  });
  // The page is a second old.
  vi.spyOn(performance, 'now').mockReturnValue(1_000);
});

test('the first question takes the answer over that is on its way; the next one asks', async () => {
  const early = new Response('early');
  page(Promise.resolve(early));
  expect(await fetchOrEarly('/api/v1/me', { method: 'POST' })).toBe(late);
  expect(await fetchOrEarly('/api/v1/gallery', { method: 'GET' })).toBe(late);
  expect(await fetchOrEarly('/api/v1/me', { method: 'GET' })).toBe(early);
  expect(await fetchOrEarly('/api/v1/me', { method: 'GET' })).toBe(late);
  expect(asked).toEqual(['/api/v1/me', '/api/v1/gallery', '/api/v1/me']);
});

test('where it did not come, or has become old, it is asked for anew', async () => {
  page(Promise.reject(new TypeError('no network')));
  expect(await fetchOrEarly('/api/v1/me', { method: 'GET' })).toBe(late);
  page(Promise.resolve(new Response('of another minute')));
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  expect(await fetchOrEarly('/api/v1/me', { method: 'GET' })).toBe(late);
});
