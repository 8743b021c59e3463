import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { ok } from '../../platform/result.ts';
import type { UserId } from '../../protocol/ids.ts';
import { isTimeZone } from '../profile/rules.ts';
import { mountShifts } from './routes.ts';
import { onShift, spansAhead } from './service.ts';

const { DB } = env as unknown as Env;
const told: { working: boolean; now: number }[] = [];
const hub = {
  shiftChanged: async (order: { working: boolean; now: number }) => {
    told.push(order);
    return ok(null);
  },
  presence: async () => ({ presence: 'on_break', since: 0 }),
};
const bindings = { DB, USER_HUB: { getByName: () => hub } } as unknown as Env;
/** Friday, 15 January 2027, 08:00 in UTC: 17:00 in Tokyo. */
const NOW = 1_800_000_000_000;
const zones = new Map<UserId, string>();
const house = {
  timeZoneOf: async (_: unknown, id: UserId) => zones.get(id) ?? 'UTC',
  isTimeZone,
  talkedOf: async () => ({ calls: 2, seconds: 90 }),
  earnedOf: async () => 60,
};
const askAt = (ms: number) => appAs(bindings, (app) => mountShifts(app, house), NOW + ms);
const companion = () => principal({ role: 'companion', permissions: new Set(['shift.work']) });
const working = async (id: UserId) => (await onShift(contextOf(bindings, { now: NOW, requestId: 'r', waitUntil: () => {} }), [id])).has(id);

describe('a break', () => {
  it('takes a companion out of reach until they are back, once however often it is said', async () => {
    const grace = companion();
    await askAt(0)(grace, 'POST', '/me/shift/start');
    expect(await working(grace.userId)).toBe(true);
    const first = await askAt(1_000)(grace, 'POST', '/me/shift/break');
    expect(first.body.shift).toMatchObject({ breakSince: '2027-01-15T08:00:01.000Z', endedAt: null });
    expect((await askAt(2_000)(grace, 'POST', '/me/shift/break')).body).toEqual(first.body);
    expect(await working(grace.userId)).toBe(false);
    expect(told.at(-1)).toEqual({ working: false, onBreak: true, now: NOW + 2_000 });
    // Starting again, on another device, is not coming back.
    expect((await askAt(3_000)(grace, 'POST', '/me/shift/start')).body.shift.breakSince).toBe('2027-01-15T08:00:01.000Z');
    expect(told.at(-1)).toEqual({ working: false, onBreak: true, now: NOW + 3_000 });
    for (const ms of [4_000, 5_000]) expect((await askAt(ms)(grace, 'POST', '/me/shift/resume')).body.shift.breakSince).toBe(null);
    expect(await working(grace.userId)).toBe(true);
    expect(told.at(-1)).toEqual({ working: true, onBreak: false, now: NOW + 5_000 });
    const { results } = await DB.prepare("SELECT type FROM event WHERE subject = ? AND type LIKE 'shift.break%' ORDER BY seq")
      .bind(first.body.shift.id)
      .all();
    expect(results.map(({ type }) => type)).toEqual(['shift.break_started', 'shift.break_ended']);
  });

  it('is one when two devices say so at once', async () => {
    const grace = companion();
    await askAt(0)(grace, 'POST', '/me/shift/start');
    const both = await Promise.all([1, 2].map((ms) => askAt(ms)(grace, 'POST', '/me/shift/break')));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const { n } = (await DB.prepare('SELECT count(*) AS n FROM shift_break WHERE shift_id = ?').bind(both[0]?.body.shift.id).first()) as {
      n: number;
    };
    expect(n).toBe(1);
  });

  it('is of a shift, and ends with it', async () => {
    const grace = companion();
    for (const path of ['/me/shift/break', '/me/shift/resume'])
      expect(await askAt(0)(grace, 'POST', path)).toMatchObject({ status: 409, body: { code: 'not_working' } });
    await askAt(0)(grace, 'POST', '/me/shift/start');
    await askAt(1_000)(grace, 'POST', '/me/shift/break');
    expect((await askAt(5_000)(grace, 'POST', '/me/shift/end')).body.shift.breakSince).toBe(null);
    expect((await askAt(9_000)(grace, 'GET', '/me/shift')).body.today).toMatchObject({ workedSeconds: 1, breakSeconds: 4 });
  });

  it('can’t begin on a shift that has ended meanwhile', async () => {
    const grace = companion();
    const { shift } = (await askAt(0)(grace, 'POST', '/me/shift/start')).body;
    await askAt(1_000)(grace, 'POST', '/me/shift/end');
    await expect(DB.prepare('INSERT INTO shift_break (shift_id, started_at) VALUES (?, ?)').bind(shift.id, NOW).run()).rejects.toThrow(
      'shift_is_over',
    );
  });
});

it('today is the day where the companion lives', async () => {
  const grace = companion();
  zones.set(grace.userId, 'Asia/Tokyo');
  // Begun 20 hours ago: the day in Tokyo is 17 hours old.
  await askAt(-20 * 3_600_000)(grace, 'POST', '/me/shift/start');
  expect((await askAt(0)(grace, 'GET', '/me/shift')).body).toEqual({
    shift: { id: expect.any(String), startedAt: '2027-01-14T12:00:00.000Z', endedAt: null, breakSince: null },
    presence: 'on_break',
    today: {
      date: '2027-01-15',
      timeZone: 'Asia/Tokyo',
      workedSeconds: 17 * 3600,
      breakSeconds: 0,
      calls: 2,
      talkedSeconds: 90,
      earned: { unit: 'EARN', amount: 60 },
    },
  });
});

describe('usual hours', () => {
  const hour = { weekday: 1, from: '09:00', to: '17:00' };

  it('are kept, replaced whole, and begin in the companion’s own time zone', async () => {
    const grace = companion();
    zones.set(grace.userId, 'Europe/Helsinki');
    expect((await askAt(0)(grace, 'GET', '/me/hours')).body).toEqual({ hours: { timeZone: 'Europe/Helsinki', items: [] } });
    const changed = await askAt(0)(grace, 'PATCH', '/me/hours', { items: [hour, { ...hour, weekday: 3 }, hour] });
    expect(changed.body).toEqual({ hours: { timeZone: 'Europe/Helsinki', items: [hour, { ...hour, weekday: 3 }] } });
    await askAt(0)(grace, 'PATCH', '/me/hours', { timeZone: 'UTC' });
    expect((await askAt(0)(grace, 'PATCH', '/me/hours', { items: [hour] })).body).toEqual({ hours: { timeZone: 'UTC', items: [hour] } });
    const ctx = contextOf(bindings, { now: NOW, requestId: 'r', waitUntil: () => {} });
    const spans = await spansAhead(ctx, [grace.userId, newId('usr')], 7);
    expect([...spans]).toEqual([[grace.userId, [{ at: Date.parse('2027-01-18T09:00Z'), until: Date.parse('2027-01-18T17:00Z') }]]]);
  });

  it.each([
    { timeZone: 'Middle/Earth' },
    { items: [{ ...hour, weekday: 8 }] },
    { items: [{ ...hour, from: '24:00' }] },
    { items: [{ ...hour, to: '9:00' }] },
    { items: Array.from({ length: 29 }, () => hour) },
    { every: 'day' },
  ])('can’t be %j', async (body) => {
    expect((await askAt(0)(companion(), 'PATCH', '/me/hours', body)).status).toBe(400);
  });

  it('are a companion’s', async () => {
    for (const [method, path] of [
      ['GET', '/me/hours'],
      ['PATCH', '/me/hours'],
      ['POST', '/me/shift/break'],
      ['POST', '/me/shift/resume'],
    ] as const) {
      expect((await askAt(0)(principal(), method, path, method === 'GET' ? undefined : {})).status).toBe(403);
      expect((await askAt(0)(undefined, method, path, method === 'GET' ? undefined : {})).status).toBe(401);
    }
  });
});
