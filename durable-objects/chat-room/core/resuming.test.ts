import { describe, expect, it } from 'vitest';
import { ADA, GRACE, newRoom, Rehearsal } from './rehearsal.ts';
import { FRAME_CHARACTERS, inFrames, newestThatFit, planResume, textFor, WELCOME_EVENTS } from './resuming.ts';
import type { Person, Room } from './state.ts';

const at = (lastSeq: number): Room => newRoom({ lastSeq });
const ada = (fromSeq = 1): Person => ({ ...(newRoom().people[0] as Person), fromSeq });

describe('resuming', () => {
  it('[RQ2] at every cut point goes on right after what the device has', () => {
    for (let lastSeq = 0; lastSeq <= 150; lastSeq++)
      expect(planResume(at(150), ada(), { epoch: 'first', lastSeq })).toEqual({ after: lastSeq, gap: false });
  });

  it('[RQ2] says so where there is more than one welcome carries', () => {
    expect(planResume(at(WELCOME_EVENTS), ada(), { lastSeq: 0 })).toEqual({ after: 0, gap: false });
    expect(planResume(at(WELCOME_EVENTS + 1), ada(), { lastSeq: 0 })).toEqual({ after: 1, gap: true });
    expect(planResume(at(10_000), ada(), { epoch: 'first', lastSeq: 9_000 })).toEqual({ after: 10_000 - WELCOME_EVENTS, gap: true });
    expect(planResume(at(10_000), ada(), { epoch: 'first', lastSeq: 9_990 })).toEqual({ after: 9_990, gap: false });
  });

  it('[RQ2] trusts no copy of another storage, and no seq that was never given', () => {
    expect(planResume(at(5), ada(), { epoch: 'other', lastSeq: 3 })).toEqual({ after: 0, gap: false });
    expect(planResume(at(5), ada(), { epoch: 'first', lastSeq: 6 })).toEqual({ after: 0, gap: true });
    expect(planResume(at(0), ada(), { epoch: 'first', lastSeq: 6 })).toEqual({ after: 0, gap: true });
  });

  it('[RQ4] begins where a person’s time begins', () => {
    expect(planResume(at(50), ada(40), { lastSeq: 0 })).toEqual({ after: 39, gap: true });
    expect(planResume(at(50), ada(40), { epoch: 'first', lastSeq: 39 })).toEqual({ after: 39, gap: false });
    expect(planResume(at(50), ada(40), { epoch: 'first', lastSeq: 45 })).toEqual({ after: 45, gap: false });
    expect(planResume(at(39), ada(40), { lastSeq: 0 })).toEqual({ after: 39, gap: true });
  });

  it('[RQ4] shows nothing of what lies before it', () => {
    const chat = new Rehearsal();
    const { id: messageId } = chat.said(ADA, 'before');
    chat.said(ADA, 'after');
    chat.do({ type: 'edit', by: ADA, messageId, text: 'still before' });
    chat.do({ type: 'react', by: GRACE, messageId: chat.said(ADA, 'more').id, emoji: '👍' });
    const seen = chat
      .events()
      .filter(({ seq }) => seq >= 2)
      .map((event) => JSON.parse(textFor({ fromSeq: 2 }, event)));
    expect(seen.map(({ seq, type }) => [seq, type])).toEqual([
      [2, 'message'],
      [3, 'hidden'],
      [4, 'message'],
      [5, 'reaction'],
    ]);
    expect(JSON.stringify(seen)).not.toContain('before');
  });
});

describe('frames', () => {
  const texts = (count: number, length: number) => Array.from({ length: count }, (_, n) => String(n).padEnd(length, 'x'));

  it('carry everything in order, each of a bearable size', () => {
    const all = texts(100, 10_000);
    const frames = inFrames(all);
    expect(frames.flat()).toEqual(all);
    expect(frames.length).toBeGreaterThan(3);
    for (const frame of frames) expect(frame.join(',').length).toBeLessThanOrEqual(FRAME_CHARACTERS);
    expect(inFrames([])).toEqual([]);
  });

  it('carry one event that is larger by itself', () => {
    const large = 'x'.repeat(FRAME_CHARACTERS + 1);
    expect(inFrames([large, 'a', large])).toEqual([[large], ['a'], [large]]);
    expect(newestThatFit(['a', large])).toEqual([large]);
  });

  it('[RQ3] welcome with the newest that fit', () => {
    const all = texts(60, 10_000);
    const some = newestThatFit(all);
    expect(some).toEqual(all.slice(60 - some.length));
    expect(some.length).toBeLessThan(60);
    expect(some.join(',').length).toBeLessThanOrEqual(FRAME_CHARACTERS);
    expect(newestThatFit(texts(10, 10))).toHaveLength(10);
    expect(newestThatFit([])).toEqual([]);
  });
});
