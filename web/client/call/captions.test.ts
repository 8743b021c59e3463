import { describe, expect, test } from 'vitest';
import {
  type CaptionEffect,
  type CaptionEvent,
  type CaptionState,
  captionStep,
  LINE_LENGTH,
  languageOf,
  noCaptions,
  withRegion,
} from './captions.ts';

/** One side, and all that it was made to do. */
function side(...events: CaptionEvent[]) {
  const did: CaptionEffect[] = [];
  let state: CaptionState = noCaptions;
  const take = (event: CaptionEvent): void => {
    const step = captionStep(state, event);
    state = step.state;
    did.push(...step.effects);
  };
  for (const event of events) take(event);
  return {
    take,
    did,
    kinds: () => did.map((effect) => (effect.type === 'send' ? effect.message.type : effect.type)),
    get state() {
      return state;
    },
  };
}

const speaks: CaptionEvent = { type: 'preferred', reads: null, speaks: ['en-GB', 'de-DE'] };
const live: CaptionEvent = { type: 'live', live: true };
const opened: CaptionEvent = { type: 'opened' };
const asked: CaptionEvent = { type: 'told', message: { type: 'reads', langs: ['de-AT'] } };
const able: CaptionEvent = { type: 'ability', lang: 'de-DE', mine: 'able' };
const heard = (text: string, n = 0, final = true): CaptionEvent => ({ type: 'heard', line: { n, text, final } });

describe('the speaker', () => {
  test('writes only while the other reads, the device can, the talk is live and they reach each other', () => {
    const all = [speaks, live, opened, asked, able];
    expect(side(...all).state).toMatchObject({ listening: true, lang: 'de-DE' });
    for (const missing of [live, opened, asked, able])
      expect(side(...all.filter((event) => event !== missing)).state.listening).toBe(false);
    for (const end of [
      { type: 'live', live: false },
      { type: 'closed' },
      { type: 'broken' },
      { type: 'told', message: { type: 'reads', langs: null } },
    ] as const) {
      const one = side(...all, end);
      expect([one.state.listening, one.kinds().at(-1)]).toEqual([false, 'stop']);
    }
  });

  test('sends nothing of what it hears after they stopped reading', () => {
    const one = side(speaks, live, opened, asked, able, heard('Guten Tag'));
    expect(one.did.at(-1)).toEqual({ type: 'send', message: { type: 'line', n: 0, text: 'Guten Tag', final: true } });
    one.take({ type: 'told', message: { type: 'reads', langs: null } });
    const before = one.did.length;
    one.take(heard('Das hört keiner'));
    expect(one.did).toHaveLength(before);
  });

  test('says whether it can, asks the device once, and begins again by itself for a reader who comes back', () => {
    const one = side(speaks, live, opened, asked, able);
    expect(one.kinds()).toEqual(['reads', 'ask', 'writes', 'listen']);
    one.take({ type: 'told', message: { type: 'reads', langs: null } });
    one.take(asked);
    expect(one.kinds().slice(4)).toEqual(['stop', 'writes', 'listen']);
  });

  test.each([
    ['unable', 'no'],
    ['fetchable', 'not_yet'],
  ] as const)('%s is told as %s, and nothing is listened to', (mine, can) => {
    const one = side(speaks, live, opened, asked, { ...able, mine });
    expect([one.did.at(-1), one.state.listening]).toEqual([{ type: 'send', message: { type: 'writes', can } }, false]);
  });

  test('fetches a language only when it is allowed, and writes then', () => {
    const one = side(speaks, live, opened, asked, { ...able, mine: 'fetchable' });
    expect(one.kinds()).not.toContain('fetch');
    one.take({ type: 'fetch' });
    one.take({ type: 'fetch' });
    expect(one.kinds().filter((kind) => kind === 'fetch')).toHaveLength(1);
    one.take(able);
    expect([one.state.listening, one.kinds().slice(-2)]).toEqual([true, ['writes', 'listen']]);
  });

  test('an answer about another language than the one asked for is no answer', () => {
    expect(side(speaks, live, opened, asked, { ...able, lang: 'en-GB' }).state.mine).toBe('unknown');
  });

  test('keeps the end of a sentence that is too long', () => {
    const one = side(speaks, live, opened, asked, able, heard(`${'a'.repeat(LINE_LENGTH)}END`));
    expect(one.did.at(-1)).toMatchObject({ message: { text: `${'a'.repeat(LINE_LENGTH - 3)}END` } });
  });
});

describe('the reader', () => {
  const reads: CaptionEvent = { type: 'preferred', reads: ['en-US'], speaks: ['en-US'] };
  const line = (n: number, text: string, final = true): CaptionEvent => ({ type: 'told', message: { type: 'line', n, text, final } });

  test('an interim line is replaced, and the last three stay', () => {
    const one = side(reads, opened, line(0, 'Good', false), line(0, 'Good morning'), line(1, 'b'), line(2, 'c'), line(3, 'd', false));
    expect(one.state.lines.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
    expect(side(reads, opened, line(0, 'Good', false), line(0, 'Good morning')).state.lines).toEqual([
      { n: 0, text: 'Good morning', final: true },
    ]);
  });

  test('without captions, nothing that comes is kept; turned off, all of it goes', () => {
    expect(side(speaks, opened, line(0, 'a')).state.lines).toEqual([]);
    const one = side(reads, opened, line(0, 'a'), { type: 'preferred', reads: null, speaks: [] });
    expect([one.state.lines, one.did.at(-1)]).toEqual([[], { type: 'send', message: { type: 'reads', langs: null } }]);
  });

  test('a device that says nothing is one that can’t, and may still say otherwise later', () => {
    const one = side(reads, opened, { type: 'waited' });
    expect(one.state.theirs).toBe('no');
    one.take({ type: 'told', message: { type: 'writes', can: 'yes' } });
    expect(one.state.theirs).toBe('yes');
    one.take({ type: 'waited' });
    expect(one.state.theirs).toBe('yes');
  });

  test('a new connection is told again what is read, and the other is asked anew', () => {
    const one = side(reads, opened, { type: 'told', message: { type: 'writes', can: 'yes' } }, { type: 'closed' }, opened);
    expect([one.kinds(), one.state.theirs]).toEqual([['reads', 'reads'], 'unknown']);
  });
});

test('the language that is written is one that both know, in the speaker’s form; else the speaker’s first', () => {
  expect(languageOf(['en-GB', 'de-CH'], ['de-DE', 'en-US'])).toBe('de-CH');
  expect(languageOf(['fi-FI'], ['de-DE'])).toBe('fi-FI');
  expect(languageOf([], ['de-DE'])).toBe('en');
});

test('a recogniser gets a region: the device’s own, else the usual one', () => {
  expect(withRegion('de', ['en-GB', 'de-AT'])).toBe('de-AT');
  expect(withRegion('de', ['en-GB'])).toBe('de-DE');
  expect(withRegion('pt-PT', ['pt-BR'])).toBe('pt-PT');
});
