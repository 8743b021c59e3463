import { describe, expect, it } from 'vitest';
import { MANY_CHARACTERS, PATIENCE_MS, TOO_MANY_CHARACTERS, Unconfirmed } from './device.ts';

describe('[RK7] what a device has not confirmed', () => {
  it('is too much when it is much for long', () => {
    const way = new Unconfirmed();
    way.sent(10, MANY_CHARACTERS + 1, 0);
    expect(way.isTooMuch(PATIENCE_MS)).toBe(false);
    expect(way.isTooMuch(PATIENCE_MS + 1)).toBe(true);
    way.confirmed(9);
    expect(way.isTooMuch(PATIENCE_MS + 1)).toBe(true);
    way.confirmed(10);
    expect(way.isTooMuch(PATIENCE_MS + 1)).toBe(false);
  });

  it('is too much at once when it is far too much', () => {
    const way = new Unconfirmed();
    for (let n = 1; n <= 17; n++) way.sent(n, TOO_MANY_CHARACTERS / 16, 0);
    expect(way.isTooMuch(0)).toBe(true);
  });

  it('may be little for ever', () => {
    const way = new Unconfirmed();
    for (let n = 1; n <= 100; n++) way.sent(n, 100, n * PATIENCE_MS);
    expect(way.isTooMuch(1_000 * PATIENCE_MS)).toBe(false);
  });

  it('counts from the oldest piece that is still on its way', () => {
    const way = new Unconfirmed();
    way.sent(1, MANY_CHARACTERS, 0);
    way.sent(2, MANY_CHARACTERS, PATIENCE_MS);
    way.confirmed(1);
    way.sent(3, MANY_CHARACTERS, 2 * PATIENCE_MS);
    expect(way.isTooMuch(2 * PATIENCE_MS)).toBe(false);
    expect(way.isTooMuch(2 * PATIENCE_MS + 1)).toBe(true);
  });
});
