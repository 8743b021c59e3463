import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Held, type Kept, type Manners, nothingKept, SPARE_MS } from './renewal.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const apns: Manners = { soonestMs: 20 * MINUTE, beforeMs: 20 * MINUTE };
const held: Held = { token: 't1', madeWith: 'k', madeAt: NOW, expiresAt: NOW + 60 * MINUTE };
const kept: Kept = { held, failures: 0, failedAt: 0 };
const ask = (minutes: number, more: { madeWith?: string; refused?: string | null } = {}) => ({
  madeWith: 'k',
  refused: null,
  now: NOW + minutes * MINUTE,
  ...more,
});

describe('a token', () => {
  it('is made when there is none, and again when the key is another', () => {
    expect(decide(nothingKept, ask(0), apns)).toEqual({ do: 'renew', meanwhile: null });
    expect(decide(kept, ask(1, { madeWith: 'k2' }), apns)).toEqual({ do: 'renew', meanwhile: null });
  });

  it('is used until it is due, and while it is renewed for as long as it lives', () => {
    expect(decide(kept, ask(39.9), apns)).toEqual({ do: 'use', held });
    expect(decide(kept, ask(40), apns)).toEqual({ do: 'renew', meanwhile: held });
    expect(decide(kept, ask(58.9), apns)).toEqual({ do: 'renew', meanwhile: held });
    expect(decide(kept, ask(59), apns)).toEqual({ do: 'renew', meanwhile: null });
  });

  it('that is refused is renewed, but not before its time', () => {
    expect(decide(kept, ask(19.9, { refused: 't1' }), apns)).toEqual({ do: 'wait', until: NOW + 20 * MINUTE });
    expect(decide(kept, ask(20, { refused: 't1' }), apns)).toEqual({ do: 'renew', meanwhile: null });
  });

  it('another had already renewed is used by who was refused the old one', () => {
    expect(decide(kept, ask(1, { refused: 't0' }), apns)).toEqual({ do: 'use', held });
  });

  it('is asked for with growing pauses while nothing comes, the old one used meanwhile', () => {
    const failing = (failures: number, of: Held | null): Kept => ({ held: of, failures, failedAt: NOW + 45 * MINUTE });
    expect(decide(failing(3, held), { ...ask(45), now: NOW + 45 * MINUTE + 3_999 }, apns)).toEqual({ do: 'use', held });
    expect(decide(failing(3, held), { ...ask(45), now: NOW + 45 * MINUTE + 4_000 }, apns)).toEqual({ do: 'renew', meanwhile: held });
    expect(decide(failing(3, null), ask(45), apns)).toEqual({ do: 'wait', until: NOW + 45 * MINUTE + 4_000 });
    expect(decide(failing(99, null), ask(46), apns)).toEqual({ do: 'renew', meanwhile: null });
  });
});

it('whoever asks when, no token is made within 20 minutes of the last, none used that is older than 59', () => {
  const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 40 * MINUTE }), refuse: fc.boolean(), fails: fc.boolean() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      let now = NOW;
      let state = nothingKept;
      let made = 0;
      let lastMadeAt = Number.NEGATIVE_INFINITY;
      for (const { afterMs, refuse, fails } of all) {
        now += afterMs;
        const decision = decide(state, { madeWith: 'k', refused: refuse ? (state.held?.token ?? null) : null, now }, apns);
        if (decision.do === 'use') expect(now - decision.held.madeAt).toBeLessThan(60 * MINUTE - SPARE_MS);
        if (decision.do !== 'renew') continue;
        if (fails) {
          state = { ...state, failures: state.failures + 1, failedAt: now };
          continue;
        }
        expect(now - lastMadeAt).toBeGreaterThanOrEqual(20 * MINUTE);
        made += 1;
        lastMadeAt = now;
        state = { held: { token: `t${made}`, madeWith: 'k', madeAt: now, expiresAt: now + 60 * MINUTE }, failures: 0, failedAt: 0 };
      }
    }),
  );
});
