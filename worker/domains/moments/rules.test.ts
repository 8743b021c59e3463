import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesFrom, PIECE, type PieceTerms, partsOfCall, partsOfMessage, secondsFrom } from './rules.ts';

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
