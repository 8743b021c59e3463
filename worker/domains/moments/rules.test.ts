import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companyAhead, messagesFrom, PIECE, type PieceTerms, partsOfCall, partsOfMessage, secondsFrom } from './rules.ts';

const terms: PieceTerms = { audioSeconds: 600, videoSeconds: 300, messages: 20, restMs: 86_400_000 };

describe('a piece of company', () => {
  it('is ten minutes by voice, five by video, twenty messages', () => {
    expect(partsOfCall(terms, 'audio', 600)).toBe(PIECE);
    expect(partsOfCall(terms, 'video', 300)).toBe(PIECE);
    expect(20 * partsOfMessage(terms)).toBe(PIECE);
    expect([secondsFrom(terms, 'audio', PIECE), secondsFrom(terms, 'video', PIECE), messagesFrom(terms, PIECE)]).toEqual([600, 300, 20]);
  });

  it('goes on by another medium with what is left of it', () => {
    const rest = PIECE - partsOfCall(terms, 'audio', 300);
    expect([secondsFrom(terms, 'video', rest), messagesFrom(terms, rest)]).toEqual([150, 10]);
  });

  it('never gives more than was bought, however it is cut up', () => {
    const any = fc.record({ audioSeconds: fc.integer({ min: 60, max: 86_400 }), videoSeconds: fc.integer({ min: 60, max: 86_400 }) });
    fc.assert(
      fc.property(any, fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1 }), (seconds, cuts) => {
        const odd = { ...terms, ...seconds };
        const whole = cuts.reduce((sum, cut) => sum + cut, 0);
        const parts = cuts.reduce((sum, cut) => sum + partsOfCall(odd, 'audio', cut), 0);
        expect(parts).toBeGreaterThanOrEqual(Math.floor((PIECE * whole) / odd.audioSeconds));
      }),
    );
  });
});

describe('what moments pay of a call that begins now', () => {
  const ahead = (
    lots: [left: number, expiresInSeconds: number][],
    rests: [parts: number, usedSecondsAgo: number][] = [],
    after = 0,
    pace = { wait: 0, longest: 0 },
  ) =>
    companyAhead({
      pieces: rests.map(([rest, ago]) => ({ parts: PIECE, used: PIECE - rest, usedAt: -ago * 1000 })),
      lots: lots.map(([left, seconds]) => ({ amount: left + 1, used: 1, expiresAt: seconds * 1000 })),
      terms,
      media: 'audio',
      now: 0,
      pace,
      after,
    });

  it('is the rests with this companion and all moments that are left', () => {
    expect(
      ahead(
        [
          [2, 1e6],
          [3, 2e6],
        ],
        [[PIECE / 2, 60]],
      ),
    ).toEqual({ seconds: 300 + 5 * 600, restSeconds: 300, secondsEach: 600 });
  });

  it('counts no moment that expires before its turn comes', () => {
    expect(ahead([[5, 601]]).seconds).toBe(2 * 600);
    expect(ahead([[5, 600]]).seconds).toBe(600);
    expect(ahead([[5, 1]]).seconds).toBe(600);
    expect(ahead([[1, 500]], [[PIECE, 0]]).seconds).toBe(600);
    expect(
      ahead(
        [
          [2, 500],
          [1, 1e6],
        ],
        [[PIECE, 0]],
      ).seconds,
    ).toBe(1_200);
    expect(ahead([[2, 1_000]], [], 1_000).seconds).toBe(0);
    const paced = (wait: number, longest = 0) => ahead([[2, 1_000]], [], 0, { wait, longest }).seconds;
    expect([paced(0), paced(399), paced(400), paced(1_000), paced(390, 20)]).toEqual([1_200, 1_200, 600, 0, 600]);
  });

  it('counts no rest that is gone before its turn comes', () => {
    const day = terms.restMs / 1000;
    expect(ahead([], [[PIECE, day - 100]]).seconds).toBe(600);
    expect(ahead([], [[PIECE, day - 100]], 100).seconds).toBe(0);
  });
});
