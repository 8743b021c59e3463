import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callSettingsOf, catalogue, isSettingKey, settingKeys, settingValue } from './rules.ts';

describe('the catalogue', () => {
  it('has the defaults of calls.md', () => {
    expect(callSettingsOf(new Map())).toEqual({
      ringWebMs: 30_000,
      ringMobileMs: 45_000,
      connectMs: 20_000,
      heartbeatMs: 5_000,
      deadMs: 15_000,
      reconnectMs: 30_000,
      soloMs: 60_000,
      frozenMs: 90_000,
      maxSeconds: 28_800,
      resumeMs: 120_000,
    });
  });

  it.each(settingKeys)('%s has a default that its own rule allows', (key) => {
    const { schema, default: value } = catalogue[key];
    expect(z.safeParse(schema, value)).toEqual({ success: true, data: value });
  });

  it.each(['toString', '__proto__', 'call', 'call.ringms', ''])('does not know the key %j', (key) => {
    expect(isSettingKey(key)).toBe(false);
  });
});

describe('a stored value', () => {
  it('counts each for its own setting', () => {
    const stored = new Map([
      ['call.deadMs', '2000'],
      ['call.ringMs', '1000'],
    ]);
    expect(callSettingsOf(stored)).toMatchObject({ deadMs: 2000, ringWebMs: 1000, ringMobileMs: 45_000, reconnectMs: 30_000 });
  });

  it.each(['-1', '0', '"30000"', '1.5', 'null', '99999999999'])('gives way to the default when the rule refuses it: %s', (stored) => {
    expect(settingValue('call.ringMs', stored)).toBe(30_000);
  });
});
