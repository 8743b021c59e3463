import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Call, CallParty, Receipt, TimelineItem } from '../../protocol/call/call.ts';
import { storyItem } from '../../protocol/http/calls.ts';
import type { CallId, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { itemsOf, summaryOf, type Told } from './story.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => toTimestamp(START + seconds * 1000);
const id = 'call_01h455vb4pex5vsknk084sn02q' as CallId;
const [ada, grace] = ['usr_01h455vb4pex5vsknk084sn02q', 'usr_01h455vb4pex5vsknk084sn02r'] as UserId[] as [UserId, UserId];
const card = { id: grace, displayName: 'Grace', portrait: null };

const call: Call = {
  id,
  state: 'ended',
  media: 'video',
  kind: 'direct',
  callerId: ada,
  calleeId: grace,
  createdAt: at(0),
  endReason: 'hangup',
  connectedMs: 65_000,
  endedAt: at(80),
  settled: true,
  resumes: null,
};
const line = (seconds: number, type: string, detail: TimelineItem['detail'] = {}, party?: CallParty): TimelineItem => ({
  at: at(seconds),
  type,
  detail,
  ...(party ? { party } : {}),
});
const timeline = [
  line(0, 'placed', { media: 'audio' }, 'caller'),
  line(1, 'ringing'),
  line(1, 'rung', { devices: 1 }),
  line(4, 'accepted', {}, 'callee'),
  line(4, 'connecting'),
  line(6, 'connected', { offsetMs: 0 }),
  line(20, 'media.change.asked', { media: 'video' }, 'callee'),
  line(22, 'media.changed', { media: 'video', tariffId: 'tar_x', fromMs: 16_000 }),
  line(40, 'reconnecting', { silent: ['caller'] }),
  line(49, 'reconnected', { frozenMs: 9_000 }),
  line(80, 'ended', { reason: 'hangup' }, 'caller'),
  line(81, 'settled'),
];
const receipt: Receipt = {
  callId: id,
  connectedMs: 65_000,
  settled: true,
  checkpoints: [
    { party: 'payer', n: 0, atSeconds: 0, unit: 'COIN', amount: 9, paidBy: 'coins', at: at(6) },
    { party: 'payer', n: 1, atSeconds: 20, unit: 'COIN', amount: 60, paidBy: 'grace', at: at(26) },
    { party: 'payee', n: 0, atSeconds: 20, unit: 'EARN', amount: 30, paidBy: 'house', at: at(26) },
  ],
  totals: { payer: [{ unit: 'COIN', amount: 9 }], payee: [{ unit: 'EARN', amount: 30 }] },
};
const told = (reader: CallParty): Told => ({ call, reader, payer: 'caller', timeline, receipt });
const said = (reader: CallParty) => itemsOf(told(reader)).map(({ key, params }) => [key, ...Object.values(params)].join(' '));

describe('a call, to the one who called and paid', () => {
  it('is told in the order it went, money behind its end', () => {
    expect(said('caller')).toEqual([
      'rang you',
      'answered them',
      'connected',
      'medium_asked video them',
      'medium_changed video',
      'interrupted',
      'went_on 9',
      'ended hangup you',
      'paid COIN 9',
      'house_paid COIN 60',
      'settled',
    ]);
  });

  it('comes to what they paid and what the house paid for them', () => {
    expect(summaryOf(told('caller'), card)).toEqual({
      with: card,
      media: 'video',
      connectedMs: 65_000,
      paid: [{ unit: 'COIN', amount: 9 }],
      earned: [],
      housePaid: [{ unit: 'COIN', amount: 60 }],
      endReason: 'hangup',
      settled: true,
    });
  });
});

describe('a call, to the one who was called and earned', () => {
  it('says nothing of the other’s money', () => {
    expect(said('callee').filter((words) => /COIN|EARN/.test(words))).toEqual(['earned EARN 30']);
    expect(said('callee').slice(0, 2)).toEqual(['rang them', 'answered you']);
    expect(summaryOf(told('callee'), card)).toMatchObject({ paid: [], earned: [{ unit: 'EARN', amount: 30 }], housePaid: [] });
  });
});

it('nobody ended what timed out', () => {
  const items = itemsOf({ ...told('caller'), timeline: [line(1, 'ringing'), line(31, 'ended', { reason: 'no_answer' })] });
  expect(items.find(({ key }) => key === 'ended')?.params).toEqual({ reason: 'no_answer', by: 'none' });
});

it('whatever stands in a timeline, the story fits the wire and its order', () => {
  const types = [...new Set(timeline.map(({ type }) => type)), 'media.change.refused', 'something.new'];
  const lines = fc.array(
    fc.record({ type: fc.constantFrom(...types), after: fc.nat(100), party: fc.constantFrom('caller', 'callee', undefined) }),
  );
  fc.assert(
    fc.property(lines, fc.constantFrom<CallParty>('caller', 'callee'), (list, reader) => {
      let seconds = 0;
      const written = list.map(({ type, after, party }) => {
        seconds += after;
        return line(seconds, type, { media: 'video', reason: 'lost' }, party as CallParty | undefined);
      });
      const items = itemsOf({ ...told(reader), call: { ...call, endedAt: null }, timeline: written });
      for (const item of items) expect(z.safeParse(storyItem, item).success).toBe(true);
      const told_ = items.filter(({ key }) => !['paid', 'house_paid', 'earned'].includes(key)).map((item) => item.at);
      expect(told_).toEqual(told_.toSorted());
    }),
  );
});
