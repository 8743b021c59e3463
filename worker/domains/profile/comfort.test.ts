import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type ComfortChange, comfort, comfortChange, onboardingStep } from '../../protocol/http/comfort.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type Chosen, comfortErrors, comfortOf, comfortPatch, isAtLeast, wishesOf } from './comfort.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const nobody = { birthDate: null, ageBand: null };

describe('defaults', () => {
  it.each([
    [{ birthDate: '1956-11-21', ageBand: null }, true],
    [{ birthDate: '1956-11-22', ageBand: null }, false],
    [{ birthDate: null, ageBand: '75+' }, true],
    [{ birthDate: null, ageBand: '60-74' }, false],
    [{ birthDate: '1990-01-01', ageBand: '75+' }, false],
    [nobody, false],
  ])('captions for %j: %s', (age, on) => {
    expect(comfortOf({}, age, NOW).captions).toBe(on);
    expect(isAtLeast(70, age, NOW)).toBe(on);
  });

  it('give way to what was chosen, false and 0 included', () => {
    const chosen = comfortOf({ captions: false, ringVolume: 0, vibration: false }, { birthDate: '1940-01-01', ageBand: null }, NOW);
    expect(chosen).toMatchObject({ captions: false, ringVolume: 0, vibration: false });
  });
});

describe('one-tap mode', () => {
  const ada = 'usr_01h455vb4pex5vsknk084sn02q' as UserId;

  it('answers nothing by itself without the person’s word', () => {
    expect(comfortErrors({ oneTap: { autoAnswer: true } })).toHaveLength(1);
    expect(comfortErrors({ oneTap: { autoAnswer: true, consent: true } })).toEqual([]);
    expect(comfortErrors({ oneTap: { autoAnswer: false } })).toEqual([]);
    expect(comfortErrors({ oneTap: { on: true } })).toEqual([]);
  });

  it('keeps when it was agreed to, and forgets it when it is turned off', () => {
    expect(comfortPatch({ oneTap: { autoAnswer: true, consent: true, companions: [ada, ada] } }, NOW)).toEqual({
      oneTap: { autoAnswer: true, consentedAt: NOW, companions: [ada] },
    });
    expect(comfortPatch({ oneTap: { autoAnswer: false } }, NOW)).toEqual({ oneTap: { autoAnswer: false, consentedAt: null } });
    expect(comfortPatch({ oneTap: { on: true } }, NOW)).toEqual({ oneTap: { on: true } });
  });
});

it('the first visit is over when no step is open, however it was taken', () => {
  const marks = Object.fromEntries(onboardingStep.options.map((step, n) => [step, n % 2 ? 'done' : 'skipped']));
  expect(comfortOf({ onboarding: marks } as Chosen, nobody, NOW).onboarding.finished).toBe(true);
  expect(comfortOf({ onboarding: { ...marks, device: 'open' } } as Chosen, nobody, NOW).onboarding.finished).toBe(false);
});

/** What `json_patch` of SQLite does with flat objects of objects (RFC 7396). */
function merge(target: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else if (typeof value === 'object' && !Array.isArray(value))
      merged[key] = merge((merged[key] ?? {}) as Record<string, unknown>, value as Record<string, unknown>);
    else merged[key] = value;
  }
  return merged;
}

describe('whatever is changed in whatever order', () => {
  const changes: fc.Arbitrary<ComfortChange> = fc.record(
    {
      textSize: fc.option(fc.integer({ min: 100, max: 200 })),
      contrast: fc.option(fc.constantFrom('normal' as const, 'high' as const)),
      captions: fc.option(fc.boolean()),
      ringVolume: fc.option(fc.integer({ min: 0, max: 100 })),
      language: fc.option(fc.constantFrom('en' as const, 'de' as const)),
      oneTap: fc.record({ on: fc.boolean(), autoAnswer: fc.boolean(), consent: fc.constant(true as const) }, { requiredKeys: [] }),
      onboarding: fc.dictionary(fc.constantFrom(...onboardingStep.options), fc.constantFrom('open' as const, 'done' as const)),
    },
    { requiredKeys: [] },
  );

  it('is a whole comfort on the wire, and the last word of each field holds', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 6 }), (list) => {
        let kept: Record<string, unknown> = {};
        for (const change of list) {
          expect(z.safeParse(comfortChange, change).success).toBe(true);
          kept = merge(kept, comfortPatch(change, NOW));
        }
        const whole = comfortOf(kept as Chosen, nobody, NOW);
        expect(z.parse(comfort, whole)).toEqual(whole);
        const lastSize = list.findLast(({ textSize }) => textSize !== undefined)?.textSize;
        expect(whole.textSize).toBe(lastSize ?? 100);
        expect(whole.oneTap.consentedAt !== null).toBe(whole.oneTap.autoAnswer);
      }),
    );
  });
});

it('wishes not made are for anybody', () => {
  expect(wishesOf({ media: 'audio' })).toEqual({ media: 'audio', gender: null, ageBand: null });
});
