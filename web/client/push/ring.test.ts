import { expect, it } from 'vitest';
import type { Call } from '../../../worker/protocol/call/call.ts';
import { FakeServer, problemOf } from '../fake-server.ts';
import { askForRing, ringAmong } from './ring.ts';

const id = 'call_01m7xz2gcdfvm8xwv1ha7afe0s';
const callerId = 'usr_01m7xz2gcdfvm8xwv1ha7afe0s';
const item = (more: Partial<Call>) => {
  const caller = { id: callerId, displayName: 'Ada', portrait: null } as const;
  return { call: { id, callerId, state: 'ringing', media: 'video', endReason: null, ...more } as Call, caller, callee: caller };
};

it.each([
  [{ state: 'ringing' }, { state: 'ringing', name: 'Ada', media: 'video' }],
  [{ state: 'placing' }, { state: 'ringing', name: 'Ada', media: 'video' }],
  [
    { state: 'ended', endReason: 'no_answer' },
    { state: 'missed', name: 'Ada', callerId },
  ],
  [
    { state: 'ended', endReason: 'cancelled' },
    { state: 'missed', name: 'Ada', callerId },
  ],
  [{ state: 'ended', endReason: 'declined' }, { state: 'over' }],
  [{ state: 'ended', endReason: 'hangup' }, { state: 'over' }],
  [{ state: 'connecting' }, { state: 'over' }],
  [{ state: 'active' }, { state: 'over' }],
] as const)('a call that is %o is %o to a device it rang on', (call, ring) => expect(ringAmong([item(call)], id)).toEqual(ring));

it('is unknown where the list says nothing of it, or there is no answer', async () => {
  expect(ringAmong([], id)).toEqual({ state: 'unknown' });
  const server = new FakeServer(() => problemOf(503, 'overloaded'));
  expect(await askForRing(server.api, id)).toEqual({ state: 'unknown' });
  server.answerWith(() => ({ body: { items: [item({})], nextCursor: null, unseen: 0 } }));
  expect(await askForRing(server.api, id)).toMatchObject({ state: 'ringing', name: 'Ada' });
});
