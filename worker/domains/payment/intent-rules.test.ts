import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IntentEvent, type IntentState, intentTable, isOpen, nextState } from './intent-rules.ts';

const events: readonly IntentEvent[] = ['asks', 'paid', 'declined', 'lapsed', 'given_back'];
const states = Object.keys(intentTable) as IntentState[];
const ends = (heard: readonly IntentEvent[], from: IntentState = 'created') => heard.reduce(nextState, from);
const histories = fc.array(fc.constantFrom(...events), { maxLength: 10 });

describe('a payment that was begun', () => {
  it('ends alike for what was paid and given back, in whatever order and however often it is heard', () => {
    fc.assert(
      fc.property(histories, (heard) => {
        const state = ends(heard);
        if (heard.includes('given_back')) expect(state).toBe('refunded');
        else if (heard.includes('paid')) expect(state).toBe('succeeded');
        else expect(['succeeded', 'refunded']).not.toContain(state);
      }),
    );
  });

  it('hears nothing twice', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(...events), (heard, event) => {
        const once = ends([...heard, event]);
        expect(nextState(once, event)).toBe(once);
      }),
    );
  });

  it('is never open again once it was closed', () => {
    fc.assert(fc.property(fc.constantFrom(...states), histories, (state, heard) => isOpen(state) || !isOpen(ends(heard, state))));
  });

  it.each([
    [['asks', 'paid'], 'succeeded'],
    [['asks', 'declined'], 'failed'],
    [['lapsed', 'paid'], 'succeeded'],
    [['declined', 'lapsed'], 'failed'],
    [['asks', 'asks'], 'requires_action'],
  ] as const)('%j: %s', (heard, state) => {
    expect(ends(heard)).toBe(state);
  });
});
