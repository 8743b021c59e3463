import { describe, expect, it } from 'vitest';
import type { Tariff, TariffTerms } from '../../protocol/http/tariffs.ts';
import type { TariffId } from '../../protocol/ids.ts';
import { goldenTariff } from './golden-tariff.ts';
import { type ReplayedCall, replay } from './replay.ts';

const id = (name: string) => `tar_${name}` as TariffId;
const version = (name: string, terms: TariffTerms): Tariff => ({
  ...terms,
  id: id(name),
  lineId: id(name),
  version: 1,
  state: 'published',
  createdAt: '2026-01-01T00:00:00.000Z',
  publishedAt: '2026-01-01T00:00:00.000Z',
  effectiveAt: '2026-01-01T00:00:00.000Z',
});
const golden = version('golden', goldenTariff);
const had = new Map([[golden.id as string, golden]]);
const call = (connectedSeconds: number, more: Partial<ReplayedCall> = {}): ReplayedCall => ({
  tariffId: golden.id,
  media: 'audio',
  kind: 'direct',
  direction: 'member_to_companion',
  connectedSeconds,
  calls: 1,
  ...more,
});
/** Ten coins a minute from the first second, nothing for the companion before the second minute. */
const cheap: TariffTerms = {
  name: 'Cheap',
  match: { kind: 'direct' },
  parties: [
    {
      party: 'payer',
      unit: 'COIN',
      direction: 'debit',
      checkpoints: [{ atSeconds: 0, amount: 10 }],
      then: { everySeconds: 60, amount: 10 },
    },
    { party: 'payee', unit: 'EARN', direction: 'credit', checkpoints: [{ atSeconds: 120, amount: 7 }], then: null },
  ],
};

describe('a replay', () => {
  it('sums both sides by schedule, a checkpoint at the last second among them, times the calls alike', () => {
    const { before, after, calls, applies } = replay([call(120, { calls: 3 }), call(59)], had, [golden], {
      terms: cheap,
      lineId: golden.lineId,
    });
    expect({ calls, applies }).toEqual({ calls: 4, applies: 4 });
    expect(before).toEqual({ paid: 3 * 189 + 69, earned: 3 * 90 + 30 });
    expect(after).toEqual({ paid: 3 * 30 + 10, earned: 3 * 7 });
  });

  it('puts each call into the band of its length, and the bands add up', () => {
    const { bands, ...total } = replay(
      [0, 59, 60, 299, 300, 3_600, 80_000].map((seconds) => call(seconds)),
      had,
      [golden],
      {
        terms: cheap,
        lineId: golden.lineId,
      },
    );
    expect(bands.map(({ fromSeconds, calls }) => [fromSeconds, calls])).toEqual([
      [0, 2],
      [60, 2],
      [300, 1],
      [900, 0],
      [1800, 0],
      [3600, 2],
    ]);
    expect(bands.reduce((sum, { after }) => sum + after.paid, 0)).toBe(total.after.paid);
    expect(bands.reduce((sum, { before }) => sum + before.earned, 0)).toBe(total.before.earned);
  });

  it('leaves calls as they were that the draft would not apply to', () => {
    const video = { ...cheap, match: { kind: 'direct', media: 'video' } } as const;
    const { applies, before, after } = replay([call(120), call(120, { media: 'video' })], had, [golden], { terms: video, lineId: null });
    expect(applies).toBe(1);
    expect(before.paid).toBe(378);
    expect(after.paid).toBe(189 + 30);
  });

  it('loses to a more specific tariff in force, but not to the version it would replace', () => {
    const audio = version('audio', { ...goldenTariff, match: { kind: 'direct', media: 'audio' } });
    expect(replay([call(120)], had, [golden, audio], { terms: cheap, lineId: null }).applies).toBe(0);
    expect(replay([call(120)], had, [golden, audio], { terms: cheap, lineId: audio.lineId }).applies).toBe(1);
  });

  it('stops at the longest call the tariff allows, and counts an unknown tariff as nothing', () => {
    const short = replay([call(600)], had, [golden], { terms: { ...cheap, maxSeconds: 60 }, lineId: golden.lineId });
    expect(short.after.paid).toBe(20);
    expect(replay([call(600, { tariffId: 'tar_lost' })], had, [golden], { terms: cheap, lineId: golden.lineId }).before.paid).toBe(0);
  });
});
