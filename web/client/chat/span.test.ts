import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import { ada, grace, messageId, moment, text, written } from './fake-room.ts';
import { extend, join, marksOf, precede, type Span, spanAfter, touched } from './span.ts';

const talk: ChatEvent[] = [
  written(text(1, ada, 'one')),
  written(text(2, grace, 'two')),
  { type: 'read', seq: 3, at: moment(3), by: grace, upTo: 1 },
  { type: 'edited', seq: 4, at: moment(4), by: grace, messageId: messageId(2), body: { text: 'zwei' } },
  written(text(5, ada, 'three')),
  { type: 'reaction', seq: 6, at: moment(6), by: grace, messageId: messageId(5), emoji: '❤️' },
  { type: 'reaction', seq: 7, at: moment(7), by: grace, messageId: messageId(5), emoji: '👍' },
  { type: 'deleted', seq: 8, at: moment(8), by: ada, messageId: messageId(1) },
  { type: 'delivered', seq: 9, at: moment(9), by: grace, upTo: 5 },
];
const whole = extend(spanAfter(0), talk) as Span;
const said = (span: Span | null) => span?.messages.map(({ body }) => (body && 'text' in body ? body.text : null));

describe('a piece of a conversation', () => {
  test('is what its events add up to', () => {
    expect(said(whole)).toEqual([null, 'zwei', 'three']);
    expect(whole.messages[2]?.reactions).toEqual([{ userId: grace, emoji: '👍' }]);
    expect(marksOf(whole, grace)).toEqual({ delivered: 5, read: 1 });
    expect([whole.first, whole.last]).toEqual([1, 9]);
  });

  test('takes nothing that leaves a hole, and passes over what it has', () => {
    expect(extend(spanAfter(0), talk.slice(1))).toBeNull();
    expect(extend(whole, talk)).toBe(whole);
    const half = extend(spanAfter(0), talk.slice(0, 4)) as Span;
    expect(extend(half, talk.slice(2))).toEqual(whole);
    expect(extend(half, [...talk.slice(4, 5), ...talk.slice(6)])).toBeNull();
  });

  test('is the same wherever it was cut and from whichever end it was read', () => {
    for (let cut = 1; cut < talk.length; cut += 1) {
      const newer = extend(spanAfter(cut), talk.slice(cut)) as Span;
      expect(precede(newer, talk.slice(0, cut))).toEqual(whole);
      expect(join(extend(spanAfter(0), talk.slice(0, cut)) as Span, newer)).toEqual(whole);
    }
    const end = extend(spanAfter(5), talk.slice(5)) as Span;
    expect(precede(end, talk.slice(0, 4))).toBeNull();
  });

  test('an event of a kind that is not known takes its place', () => {
    const odd = { type: 'sung', seq: 10, at: moment(10) } as unknown as ChatEvent;
    expect(extend(whole, [odd, written(text(11, ada, 'four'))])?.last).toBe(11);
  });

  test('an older piece follows the changes of what is in it, and nothing else', () => {
    const old = extend(spanAfter(0), talk.slice(0, 2)) as Span;
    expect(said(touched(old, talk.slice(3)))).toEqual([null, 'zwei']);
    expect(touched(old, talk.slice(3)).last).toBe(2);
  });
});
