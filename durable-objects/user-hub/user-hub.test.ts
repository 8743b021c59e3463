/** What the hub decides, without the hub. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { isNews, rings } from './calls.ts';
import { isSilent, tooEarly } from './device.ts';
import { HiddenPeople } from './hidden.ts';
import { decideLock, freesLock } from './lock.ts';
import { derivePresence, OFFLINE_AFTER_MS, type PresenceFacts, presenceDueAt } from './presence.ts';
import { planResume } from './sequence.ts';

const a = 'call_a' as CallId;
const b = 'call_b' as CallId;
const lockOf = (callId: CallId) => ({ callId, peerId: 'usr_x' as UserId, takenAt: 0 });

describe('busy lock', () => {
  it.each([
    ['nobody holds it', null, false, 'free'],
    ['its own call asks again', lockOf(a), false, 'own'],
    ['another call holds it', lockOf(b), false, 'contested'],
    ['the call gave it up before', null, true, 'over'],
    ['the call gave it up and another holds it', lockOf(b), true, 'over'],
  ] as const)('[HL1] %s', (_what, held, gaveUp, is) => {
    expect(decideLock(held, a, gaveUp).is).toBe(is);
  });

  it('[HL2] is freed by the word of the call alone', () => {
    expect([freesLock('running'), freesLock('ended'), freesLock('unknown')]).toEqual([false, true, true]);
  });
});

describe('presence', () => {
  const facts: PresenceFacts = {
    devices: [{ away: false }],
    goneAt: null,
    wasAway: false,
    inCall: false,
    companion: false,
    working: false,
    onBreak: false,
  };
  const left: PresenceFacts = { ...facts, devices: [], goneAt: 1_000 };

  it.each([
    ['a device is here', facts, 'online'],
    ['all are away', { ...facts, devices: [{ away: true }, { away: true }] }, 'away'],
    ['one is not', { ...facts, devices: [{ away: true }, { away: false }] }, 'online'],
    ['the lock is held', { ...facts, inCall: true, devices: [{ away: true }] }, 'in_call'],
    ['the lock is held without a device', { ...left, goneAt: 0, inCall: true }, 'in_call'],
    ['a companion works', { ...facts, companion: true, working: true }, 'online'],
    ['a companion does not work', { ...facts, companion: true }, 'offline'],
    ['a companion is on a break', { ...facts, companion: true, onBreak: true }, 'on_break'],
    ['a companion is on a break without a device', { ...left, goneAt: 0, companion: true, onBreak: true }, 'offline'],
    ['a companion works without a device', { ...left, goneAt: 0, companion: true, working: true }, 'offline'],
    ['nobody ever came', { ...left, goneAt: 0 }, 'offline'],
  ] as const)('[HP1] %s: %s', (_what, given, presence) => {
    expect(derivePresence(given, 1_000_000)).toBe(presence);
  });

  it('[HP1] stays for 20 s as it was when the last device left', () => {
    const end = 1_000 + OFFLINE_AFTER_MS;
    expect(derivePresence(left, end - 1)).toBe('online');
    expect(derivePresence({ ...left, wasAway: true }, end - 1)).toBe('away');
    expect(derivePresence(left, end)).toBe('offline');
    expect(presenceDueAt(left)).toBe(end);
    expect(presenceDueAt(facts)).toBeNull();
  });
});

describe('sequence', () => {
  const kept = { newest: 10, oldest: 4 };

  it.each([
    [10, { after: 10, gapFrom: null }],
    [7, { after: 7, gapFrom: null }],
    [3, { after: 3, gapFrom: null }],
    [2, { after: 3, gapFrom: 4 }],
    [0, { after: 3, gapFrom: 4 }],
    [11, { after: 3, gapFrom: 4 }],
  ])('[HQ2] a device that has %i', (lastSeq, resume) => {
    expect(planResume(lastSeq, kept)).toEqual(resume);
  });
  it('[HQ2] a first device of a new person misses nothing', () => {
    expect(planResume(0, { newest: 0, oldest: 1 })).toEqual({ after: 0, gapFrom: null });
  });
  it('[HQ2] after everything was dropped, only who has the newest misses nothing', () => {
    expect(planResume(10, { newest: 10, oldest: 11 })).toEqual({ after: 10, gapFrom: null });
    expect(planResume(9, { newest: 10, oldest: 11 })).toEqual({ after: 10, gapFrom: 11 });
  });
  it('[HQ2] is contiguous from what the device has, or says where it begins', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(60), (newest, dropped, lastSeq) => {
        const oldest = Math.min(dropped, newest) + 1;
        const { after, gapFrom } = planResume(lastSeq, { newest, oldest });
        expect(after + 1).toBeGreaterThanOrEqual(oldest);
        expect(after).toBeLessThanOrEqual(newest);
        expect(gapFrom).toBe(after === lastSeq ? null : after + 1);
      }),
    );
  });
});

describe('calls heard of', () => {
  const at = (state: Parameters<typeof rings>[0]['state'], settled = false) => ({ state, settled });

  it('[HQ4] never go back', () => {
    expect(isNews(null, at('ringing'))).toBe(true);
    expect(isNews(at('ringing'), at('connecting'))).toBe(true);
    expect(isNews(at('active'), at('reconnecting'))).toBe(true);
    expect(isNews(at('reconnecting'), at('active'))).toBe(true);
    expect(isNews(at('connecting'), at('ringing'))).toBe(false);
    expect(isNews(at('ended'), at('active'))).toBe(false);
    expect(isNews(at('ended'), at('ended', true))).toBe(true);
    expect(isNews(at('ended', true), at('ended'))).toBe(false);
  });
  it('[HQ3] ring until answered or over', () => {
    expect(['placing', 'ringing'].every((state) => rings({ state: state as 'ringing' }))).toBe(true);
    expect(['connecting', 'active', 'reconnecting', 'ended'].some((state) => rings({ state: state as 'ended' }))).toBe(false);
  });
});

describe('devices', () => {
  it('[HS2] say hello first', () => {
    expect(tooEarly({ greeted: false }, { type: 'ack' })).toBe(true);
    expect(tooEarly({ greeted: false }, { type: 'hello' })).toBe(false);
    expect(tooEarly({ greeted: true }, { type: 'presence.set' })).toBe(false);
  });
  it('[HS5] are silent only if they ever pinged', () => {
    expect(isSilent(null, 1_000_000)).toBe(false);
    expect(isSilent(1_000_000 - 90_000, 1_000_000)).toBe(false);
    expect(isSilent(1_000_000 - 90_001, 1_000_000)).toBe(true);
  });
});

describe('hidden people', () => {
  const who = 'usr_1' as UserId;

  it('[HG1] are read once for a burst of changes, and anew before two seconds are over', async () => {
    let hidden = new Set<UserId>();
    let reads = 0;
    const people = new HiddenPeople(async () => {
      reads += 1;
      return hidden;
    });
    expect(await people.has(who, 1_000)).toBe(false);
    hidden = new Set([who]);
    expect(await people.has(who, 1_100)).toBe(false);
    expect(reads).toBe(1);
    expect(await people.has(who, 2_999)).toBe(true);
  });
  it('are read again after a read that failed', async () => {
    let broken = true;
    const people = new HiddenPeople(async () => {
      if (broken) throw new Error('no database');
      return new Set([who]);
    });
    await expect(people.has(who, 0)).rejects.toThrow();
    broken = false;
    expect(await people.has(who, 1)).toBe(true);
  });
});
