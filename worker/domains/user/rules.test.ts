import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { permission } from '../../protocol/permissions.ts';
import { permissionsOf, permissionsOfRole } from './permissions.ts';
import {
  ADDRESS_PATIENCE,
  type Attempts,
  keyTimes,
  languageIn,
  NETWORK_PATIENCE,
  nextKeyFrom,
  shardFor,
  signerAt,
  waitMs,
} from './rules.ts';

const now = 1_800_000_000_000;
const attempts = (some: Partial<Attempts>): Attempts => ({ wrong: 0, lastWrongAt: now, started: 0, lastStartedAt: now, ...some });

describe('how long an attempt must wait', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 10_000],
    [6, 20_000],
    [8, 80_000],
    [60, 900_000],
  ])('after %i wrong codes: %i ms', (wrong, ms) => expect(waitMs(attempts({ wrong }), ADDRESS_PATIENCE, now)).toBe(ms));

  it.each([
    [9, 0],
    [10, 15_000],
    [12, 60_000],
  ])('after %i codes that nobody entered: %i ms', (started, ms) => expect(waitMs(attempts({ started }), ADDRESS_PATIENCE, now)).toBe(ms));

  it('counts from the last failure and ends', () => {
    expect(waitMs(attempts({ wrong: 5, lastWrongAt: now - 9_999 }), ADDRESS_PATIENCE, now)).toBe(1);
    expect(waitMs(attempts({ wrong: 5, lastWrongAt: now - 10_000 }), ADDRESS_PATIENCE, now)).toBe(0);
  });

  it('bears more from a network, where many people live', () =>
    expect(waitMs(attempts({ wrong: 49, started: 199 }), NETWORK_PATIENCE, now)).toBe(0));
});

describe('shards', () => {
  it('gives the same id the same shard, and spreads many evenly', () => {
    const id = newId('usr');
    expect(shardFor(id, 2)).toBe(shardFor(id, 2));
    const counts = [0, 0, 0];
    for (let made = 0; made < 3000; made++) {
      const shard = shardFor(newId('usr'), 3);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });
});

describe('signing keys', () => {
  const first = keyTimes(now);

  it('need no next one until a day before the last one ends, and then exactly one', () => {
    expect(nextKeyFrom([first], first.signsUntil - 86_400_001)).toBeNull();
    expect(nextKeyFrom([first], first.signsUntil - 86_400_000)).toBe(first.signsUntil);
    expect(nextKeyFrom([first, keyTimes(first.signsUntil)], first.signsUntil - 1)).toBeNull();
  });

  it('begin now where there is none, or none that lives', () => {
    expect(nextKeyFrom([], now)).toBe(now);
    expect(nextKeyFrom([first], first.signsUntil + 5)).toBe(first.signsUntil + 5);
  });

  it('sign one after the other without a gap', () => {
    const keys = [first, keyTimes(first.signsUntil)];
    expect(signerAt(keys, first.signsUntil - 1)).toBe(keys[0]);
    expect(signerAt(keys, first.signsUntil)).toBe(keys[1]);
    expect(signerAt(keys, now - 1)).toBeNull();
  });

  it('stay published longer than the last token they signed lives', () =>
    expect(first.publishedUntil - first.signsUntil).toBeGreaterThan(15 * 60_000));
});

describe('permissions', () => {
  it('are all held by somebody, and none twice', () => {
    const held = new Set(Object.values(permissionsOfRole).flat());
    expect([...held].sort()).toEqual([...permission.options].sort());
    for (const list of Object.values(permissionsOfRole)) expect(new Set(list).size).toBe(list.length);
  });

  it('keep members and companions away from everything of staff, and staff away from paid calls', () => {
    const own =
      /^(call\.(place|take|rate|wrap_up)|wallet\.top_up|shift\.work|earnings\.read|chat\.use|favorite\.keep|note\.(read|write)|desk\.work|reply\.read)$/;
    for (const role of ['member', 'companion'] as const) for (const granted of permissionsOf(role)) expect(granted).toMatch(own);
    for (const companionOnly of ['note.read', 'note.write', 'desk.work'] as const)
      expect(permissionsOf('member').has(companionOnly)).toBe(false);
    for (const role of ['supervisor', 'admin', 'superadmin'] as const) expect(permissionsOf(role).has('call.take')).toBe(false);
  });

  it('let members say how it was, and companions keep what they noticed: neither for the other', () => {
    expect([permissionsOf('member').has('call.rate'), permissionsOf('member').has('call.wrap_up')]).toEqual([true, false]);
    expect([permissionsOf('companion').has('call.rate'), permissionsOf('companion').has('call.wrap_up')]).toEqual([false, true]);
  });

  it('let a supervisor look, stop a call, judge a picture and word the house’s replies, and change nothing else', () => {
    for (const granted of permissionsOf('supervisor'))
      expect(granted).toMatch(/\.(read|read_any)$|^(call\.stop|media\.decide|reply\.edit_house)$/);
  });
});

describe('the language a browser asks in', () => {
  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fi, en-GB;q=0.7', 'en'],
    ['EN', 'en'],
    ['fi', undefined],
    ['', undefined],
    [undefined, undefined],
    [`${'x'.repeat(5_000)},de`, undefined],
  ])('%j: %j', (header, language) => {
    expect(languageIn(header)).toBe(language);
  });
});
