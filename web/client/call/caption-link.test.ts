import { expect, test } from 'vitest';
import { FakeClock, settle } from '../fake-clock.ts';
import { ANSWER_MS, CaptionLink } from './caption-link.ts';
import type { Recognizer } from './recognizer.ts';

type Heard = Parameters<Recognizer['listen']>[2];
const track = {} as MediaStreamTrack;

/** A recogniser that says what the test makes it say. */
function fakeRecognizer(ability: 'able' | 'unable' | 'fetchable' = 'able', fetches = true) {
  const asked: string[] = [];
  const running: Heard[] = [];
  let can = ability;
  const recognizer: Recognizer = {
    ability: async (lang) => {
      asked.push(lang);
      return can;
    },
    fetch: async () => {
      if (fetches) can = 'able';
      return fetches;
    },
    listen: (_lang, _track, on) => {
      running.push(on);
      return () => void running.splice(running.indexOf(on), 1);
    },
  };
  return { recognizer, asked, running };
}

/** A member who reads, a companion whose device may write, and the way between them. */
function pair(recognizer: Recognizer | null) {
  const clock = new FakeClock();
  const carried: string[] = [];
  const reader: CaptionLink = new CaptionLink({ clock, recognizer: null, send: (text) => speaker.told(text) });
  const speaker: CaptionLink = new CaptionLink({
    clock,
    recognizer,
    send: (text) => {
      carried.push(text);
      reader.told(text);
    },
  });
  reader.prefer(['en-US'], ['en-US']);
  speaker.prefer(null, ['en-GB']);
  const open = (): void => {
    speaker.opened(true);
    reader.opened(true);
    for (const each of [reader, speaker]) each.speaking(track);
  };
  return { clock, reader, speaker, carried, open };
}

test('what one device hears is read on the other, and on nothing else', async () => {
  const { recognizer, asked, running } = fakeRecognizer();
  const { reader, speaker, open } = pair(recognizer);
  open();
  await settle();
  expect([asked, reader.state.get().theirs]).toEqual([['en-GB'], 'yes']);
  running[0]?.heard({ n: 0, text: 'Good mor', final: false });
  running[0]?.heard({ n: 0, text: 'Good morning', final: true });
  expect(reader.state.get().lines).toEqual([{ n: 0, text: 'Good morning', final: true }]);
  expect(speaker.state.get().lines).toEqual([]);
});

test('muted or frozen, the recogniser stands; afterwards lines are counted on', async () => {
  const { recognizer, running } = fakeRecognizer();
  const { reader, speaker, open } = pair(recognizer);
  open();
  await settle();
  running[0]?.heard({ n: 0, text: 'One', final: true });
  speaker.speaking(null);
  expect(running).toEqual([]);
  speaker.speaking(track);
  running[0]?.heard({ n: 0, text: 'Two', final: true });
  expect(reader.state.get().lines.map(({ n, text }) => [n, text])).toEqual([
    [0, 'One'],
    [1, 'Two'],
  ]);
});

test('a browser that can’t says so at once', async () => {
  for (const recognizer of [null, fakeRecognizer('unable').recognizer]) {
    const { reader, open } = pair(recognizer);
    open();
    await settle();
    expect(reader.state.get().theirs).toBe('no');
  }
});

test('a device that never answers counts as one that can’t, after a while of live talk', async () => {
  const clock = new FakeClock();
  const reader = new CaptionLink({ clock, recognizer: null, send: () => undefined });
  reader.prefer(['en-US'], ['en-US']);
  await clock.advance(ANSWER_MS);
  expect(reader.state.get().theirs).toBe('unknown');
  reader.speaking(track);
  await clock.advance(ANSWER_MS - 1);
  expect(reader.state.get().theirs).toBe('unknown');
  await clock.advance(1);
  expect(reader.state.get().theirs).toBe('no');
});

test('a language is fetched when the person allows it; where that fails, the other is told', async () => {
  for (const [works, told] of [
    [true, 'yes'],
    [false, 'no'],
  ] as const) {
    const { reader, speaker, open } = pair(fakeRecognizer('fetchable', works).recognizer);
    open();
    await settle();
    expect(reader.state.get().theirs).toBe('not_yet');
    speaker.fetch();
    await settle();
    expect(reader.state.get().theirs).toBe(told);
  }
});

test('a recogniser that breaks, a leaving, and words that are none of ours', async () => {
  const { recognizer, running } = fakeRecognizer();
  const { reader, speaker, open, clock } = pair(recognizer);
  open();
  await settle();
  reader.told('{"type":"line","n":"x"}');
  reader.told('nonsense');
  expect(reader.state.get().lines).toEqual([]);
  running[0]?.broken();
  expect([reader.state.get().theirs, running]).toEqual(['no', []]);
  speaker.leave();
  reader.leave();
  expect(clock.waiting).toBe(0);
});
