import { describe, expect, it } from 'vitest';
import { pushPayload } from '../../protocol/push.ts';
import type { PushOrder } from './push.ts';
import { retryAfterMs } from './push-answers.ts';
import { topicOf, uuidOf } from './push-ids.ts';
import { fitting, payloadOf, secondsLeft } from './push-rules.ts';

const NOW = 1_800_000_000_000;
const order: PushOrder = {
  id: 'ntf_01kap000000000000000000001',
  kind: 'chat.message',
  words: { title: 'Grace', body: 'Hello' },
  link: '/go/chat/x',
  callId: null,
  collapseKey: 'chat:x',
  urgency: 'high',
  expiresAt: NOW + 90_500,
};

describe('words on a locked screen', () => {
  it('stay as they are where they fit', () =>
    expect(fitting({ title: ' Grace ', body: 'One\nTwo' })).toEqual({ title: 'Grace', body: 'One\nTwo' }));

  it('are cut between characters, never inside of one', () => {
    const family = '👩‍👩‍👧‍👦';
    const cut = fitting({ title: family.repeat(20), body: 'e\u0301'.repeat(1000) });
    expect(cut?.title).toBe(`${family.repeat(10)}…`);
    expect(cut?.body).toBe(`${'e\u0301'.repeat(239)}…`);
  });

  it('hold no control characters', () =>
    expect(fitting({ title: 'a\u0000b\u001b\tc', body: '\u0007' })).toEqual({ title: 'a b  c', body: '' }));

  it('are none for a ring', () => expect(fitting(null)).toBeNull());
});

it('a push waits for whole seconds, at least one, at most four weeks', () => {
  expect(secondsLeft(order, NOW)).toBe(90);
  expect(secondsLeft(order, NOW + 90_400)).toBe(1);
  expect(secondsLeft({ expiresAt: NOW + 1e12 }, NOW)).toBe(2_419_200);
});

it('what a device is given is in the shape of the contract, a ring without words', () => {
  expect(pushPayload.parse(payloadOf(order))).toEqual({
    id: order.id,
    kind: 'chat.message',
    title: 'Grace',
    body: 'Hello',
    link: '/go/chat/x',
    tag: 'chat:x',
    expiresAt: '2027-01-15T08:01:30.500Z',
  });
  expect(Object.keys(payloadOf({ ...order, words: null, callId: 'call_x' }))).toEqual(['id', 'kind', 'link', 'tag', 'callId', 'expiresAt']);
});

describe('ids for providers', () => {
  const device = { id: 'dev_01kap000000000000000000001' } as const;
  it('are the same for every try, and another for each device and each notification', async () => {
    const ids = [await uuidOf(order, device), await uuidOf(order, { id: 'dev_2' }), await uuidOf({ id: 'ntf_2' }, device)];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(3);
    expect(await uuidOf(order, device)).toBe(ids[0]);
  });
  it('a topic has 32 letters that may stand in a header', async () => {
    for (const key of ['chat:x', 'call:y', '🌷', '']) expect(await topicOf(key)).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(await topicOf('chat:x')).not.toBe(await topicOf('chat:y'));
  });
});

it.each([
  ['7', 7_000],
  [' 0 ', 0],
  [new Date(NOW + 60_000).toUTCString(), 60_000],
  [new Date(NOW - 60_000).toUTCString(), 0],
  ['999999', 3_600_000],
  ['soon', undefined],
  ['', undefined],
])('Retry-After: %s is %s ms', (text, ms) => expect(retryAfterMs(new Headers({ 'Retry-After': text }), NOW)).toBe(ms));
