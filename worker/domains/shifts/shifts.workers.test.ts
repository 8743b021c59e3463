import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { UserHubStub } from '../../platform/stubs.ts';
import { endShift, onShift, openShift, startShift } from './service.ts';

const bindings = env as unknown as Env;
const START = 1_800_000_000_000;

/** A hub that only hears about shifts. */
function workplace(answer: () => Promise<Result<null>> = async () => ok(null)) {
  const told: { working: boolean; now: number }[] = [];
  const hub = {
    shiftChanged: (order: { working: boolean; now: number }) => {
      told.push(order);
      return answer();
    },
  } as unknown as UserHubStub;
  const at = (ms: number): Context =>
    contextOf({ DB: bindings.DB, USER_HUB: { getByName: () => hub } } as unknown as Env, {
      now: START + ms,
      requestId: 'req-1',
      waitUntil: () => {},
    });
  return { at, told };
}

const events = async (shiftId: string) =>
  (await bindings.DB.prepare('SELECT type FROM event WHERE subject = ? ORDER BY seq').bind(shiftId).all()).results.map(({ type }) => type);

describe('a shift', () => {
  it('is one, however often it is started', async () => {
    const { at, told } = workplace();
    const companion = newId('usr');
    const first = await startShift(at(0), companion);
    expect(first).toEqual({ id: first.id, startedAt: new Date(START).toISOString(), endedAt: null, breakSince: null });
    expect(await startShift(at(50), companion)).toEqual(first);
    expect(await openShift(at(60), companion)).toEqual(first);
    expect(told).toEqual([
      { working: true, onBreak: false, now: START },
      { working: true, onBreak: false, now: START + 50 },
    ]);
    expect(await events(first.id)).toEqual(['shift.started']);
  });

  it('is one when two devices start it at once', async () => {
    const { at } = workplace();
    const companion = newId('usr');
    const shifts = await Promise.all([1, 2, 3, 4].map((ms) => startShift(at(ms), companion)));
    expect(new Set(shifts.map(({ id }) => id)).size).toBe(1);
  });

  it('ends once and keeps the time of it; a new start is a new shift', async () => {
    const { at, told } = workplace();
    const companion = newId('usr');
    const first = await startShift(at(0), companion);
    const ended = await endShift(at(1_000), companion);
    expect(ended).toEqual({ ...first, endedAt: new Date(START + 1_000).toISOString() });
    expect(await endShift(at(9_000), companion)).toEqual(ended);
    expect(told.at(-1)).toEqual({ working: false, onBreak: false, now: START + 9_000 });
    expect(await events(first.id)).toEqual(['shift.started', 'shift.ended']);
    expect((await startShift(at(10_000), companion)).id).not.toBe(first.id);
  });

  it('ended twice at once ends once', async () => {
    const { at } = workplace();
    const companion = newId('usr');
    const { id } = await startShift(at(0), companion);
    const [a, b] = await Promise.all([endShift(at(1), companion), endShift(at(2), companion)]);
    expect(a).toEqual(b);
    expect(await events(id)).toEqual(['shift.started', 'shift.ended']);
  });

  it('can end on a clock that stepped back', async () => {
    const { at } = workplace();
    const companion = newId('usr');
    await startShift(at(0), companion);
    expect(await endShift(at(-5_000), companion)).toMatchObject({ endedAt: new Date(START).toISOString() });
  });

  it('that never was is null', async () => {
    const { at } = workplace();
    const companion = newId('usr');
    expect(await endShift(at(0), companion)).toBeNull();
    expect(await openShift(at(0), companion)).toBeNull();
  });

  it.each([
    ['refuses', async () => ({ ok: false, code: 'overloaded', detail: '' }) as const],
    ['is away', async () => Promise.reject(new Error('no hub'))],
  ])('holds when the hub %s', async (_, answer) => {
    const { at } = workplace(answer);
    const companion = newId('usr');
    await startShift(at(0), companion);
    expect(await onShift(at(1), [companion])).toEqual(new Set([companion]));
  });
});

it('those on shift are those with an open one', async () => {
  const { at } = workplace();
  const [working, done, never] = [newId('usr'), newId('usr'), newId('usr')];
  await startShift(at(0), working);
  await startShift(at(0), done);
  await endShift(at(1), done);
  expect(await onShift(at(2), [working, done, never])).toEqual(new Set([working]));
  expect(await onShift(at(2), [])).toEqual(new Set());
});
