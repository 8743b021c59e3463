import { expect, it } from 'vitest';
import type { Listed, Push } from '../outbox.ts';
import { screensOf } from './screens.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
let made = 0;
/** Made in the order in which they are sent; lists are newest first. */
function push(to: string, more: Partial<Push> = {}): Listed {
  made += 1;
  const push: Push = { platform: 'fcm', shows: 'card', tag: null, data: {}, sealed: false, urgency: 'high', until: null, ...more };
  const at = new Date(NOW + made).toISOString();
  return { id: `m${made}`, at, channel: 'push', to, from: 'Hearthline', subject: '', text: '', html: '', times: 1, push };
}
const screens = (sent: readonly Listed[], now = NOW) => screensOf(sent.toReversed(), now);

it('each device has a screen, the one that was told last first; mail has none', () => {
  const mail: Listed = { ...push('ada@demo.test'), channel: 'email', push: undefined } as never;
  const [a, b] = [push('a'), push('b', { platform: 'webpush' })];
  expect(screens([a, mail, b, push('a')])).toMatchObject([
    { to: 'a', platform: 'fcm', cards: [{}, {}] },
    { to: 'b', platform: 'webpush', cards: [{}] },
  ]);
});

it('a newer one takes the place of those with its tag, and of no other', () => {
  const [first, second, other, third] = [
    push('a', { tag: 'x' }),
    push('a', { tag: 'x' }),
    push('a', { tag: 'y' }),
    push('a', { tag: 'x' }),
  ];
  const [screen] = screens([first, second, other, push('a'), third, push('a')]);
  const held = screen?.cards.map(({ message, replaced }) => [message.push?.tag, replaced]);
  expect(held).toEqual([
    [null, 0],
    ['x', 2],
    [null, 0],
    ['y', 0],
  ]);
  expect(screen?.cards[1]?.message).toBe(third);
});

it('a call rings until its end, or until the device is told that it is over', () => {
  const ring = push('a', { shows: 'ring', tag: 'call:1', until: new Date(NOW + 30_000).toISOString() });
  const over = (sent: readonly Listed[], now: number) => screens(sent, now)[0]?.cards[0]?.over;
  expect([over([ring], NOW), over([ring], NOW + 29_999), over([ring], NOW + 30_000)]).toEqual([false, false, true]);
  expect(over([ring, push('a', { shows: 'nothing', tag: 'call:2' })], NOW)).toBe(false);
  expect(over([ring, push('a', { shows: 'nothing', tag: 'call:1' })], NOW)).toBe(true);
  // Told before it rang: that was another.
  expect(over([push('a', { shows: 'nothing', tag: 'call:1' }), ring], NOW)).toBe(false);
});

it('what shows nothing is kept apart', () => {
  const silent = push('a', { shows: 'nothing' });
  expect(screens([silent])).toMatchObject([{ cards: [], silent: [silent] }]);
});
