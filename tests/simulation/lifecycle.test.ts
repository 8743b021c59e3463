/** The lifecycle is total: whatever happens to whatever state, something definite follows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, decide, nextWake } from '../../durable-objects/call-session/core/decide.ts';
import type { CallEvent } from '../../durable-objects/call-session/core/events.ts';
import { lifecycle } from '../../durable-objects/call-session/core/lifecycle.ts';
import { limits } from '../../durable-objects/call-session/core/rehearsal.ts';
import { type CallRecord, isOver, phases } from '../../durable-objects/call-session/core/state.ts';
import type { ChargeOrder, PostedCheckpoint } from '../../worker/domains/pricing/port.ts';
import type { CallPerson, PlaceOrder } from '../../worker/platform/stubs.ts';
import type { SessionId, UserId } from '../../worker/protocol/ids.ts';
import { golden } from './tariffs.ts';

const NOW = 1_800_000_000_000;

const person = (id: UserId): CallPerson => ({ id, displayName: id, portrait: null, role: 'member', ledgerShard: 0 });
const order: PlaceOrder = {
  callId: 'call_x',
  caller: person('usr_a'),
  callee: person('usr_b'),
  payer: 'caller',
  media: 'audio',
  kind: 'direct',
  now: NOW,
  sessionId: 'ses_a',
  resumes: null,
  carried: null,
  tariff: golden,
  quote: { tariffId: golden.id, unit: 'COIN', firstAmount: 9, then: null, checkpoints: [], secondsAffordable: null },
  payerVersion: 'tokens',
  means: { seconds: 0, amount: 200 },
  limits: { ...limits, maxSeconds: 600 },
};

const party = fc.constantFrom('caller' as const, 'callee' as const);
const media = fc.constantFrom('audio' as const, 'video' as const);
const atSeconds = fc.constantFrom(0, 20, 60, 120, 999);
/** A step of time, proofs that arrive with it, and what happens. `settling` answers the order under way as the ledger would. */
type Move = { readonly ms: number; readonly heard: readonly [boolean, boolean]; readonly event: CallEvent | 'answer' };

const event: fc.Arbitrary<CallEvent | 'answer'> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('answer' as const) },
  { weight: 6, arbitrary: fc.constant<CallEvent>({ type: 'tick' }) },
  { weight: 6, arbitrary: party.map((party): CallEvent => ({ type: 'media.connected', party })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<SessionId>('ses_b', 'ses_c').map((sessionId): CallEvent => ({ type: 'accept', party: 'callee', sessionId })),
  },
  { weight: 3, arbitrary: fc.constant<CallEvent>({ type: 'locks.taken' }) },
  { weight: 3, arbitrary: party.map((party): CallEvent => ({ type: 'socket.opened', party })) },
  party.map((party): CallEvent => ({ type: 'socket.closed', party })),
  party.map((party): CallEvent => ({ type: 'hangup', party })),
  party.map((party): CallEvent => ({ type: 'decline', party })),
  party.map((party): CallEvent => ({ type: 'accept', party, sessionId: 'ses_d' })),
  fc.constantFrom('blocked' as const, 'moderated' as const).map((reason): CallEvent => ({ type: 'stop', reason })),
  party.map((party): CallEvent => ({ type: 'media.failed', party, provider: 'direct', reason: 'no' })),
  fc.tuple(party, media).map(([party, media]): CallEvent => ({ type: 'media.change', party, media })),
  media.map((media): CallEvent => ({ type: 'tariff.found', media, tariff: golden, means: null })),
  media.map((media): CallEvent => ({ type: 'tariff.found', media, tariff: null, means: null })),
  party.map((party): CallEvent => ({ type: 'signal', party, data: {} })),
  fc.tuple(atSeconds, fc.boolean()).map(([atSeconds, outage]): CallEvent => ({ type: 'charge.refused', atSeconds, outage })),
  atSeconds.map((atSeconds): CallEvent => ({ type: 'charge.unknown', atSeconds })),
  atSeconds.map((atSeconds): CallEvent => ({ type: 'charge.posted', atSeconds, items: [] })),
  fc.record({ seconds: fc.nat(900), amount: fc.nat(500) }).map((means): CallEvent => ({ type: 'funds', means })),
  fc.constant<CallEvent>({ type: 'rung', devices: 1 }),
  fc.constant<CallEvent>({ type: 'locks.refused', code: 'callee_busy', joined: null }),
  fc.constant<CallEvent>({ type: 'drained' }),
);

const move: fc.Arbitrary<Move> = fc.record({
  ms: fc.constantFrom(-40_000, 0, 1, 300, 2_500, 5_000, 9_000, 14_999, 15_001, 40_000),
  heard: fc.tuple(fc.boolean(), fc.boolean()),
  event,
});
/** How a call goes if all is well, so that what happens by chance strikes it everywhere. */
const well: readonly Move[] = [
  { type: 'locks.taken' } as const,
  { type: 'accept', party: 'callee', sessionId: 'ses_b' } as const,
  { type: 'media.connected', party: 'caller' } as const,
  { type: 'media.connected', party: 'callee' } as const,
  'answer' as const,
].map((event) => ({ ms: 300, heard: [true, true], event }));
const life = fc.tuple(fc.nat(well.length), fc.array(move, { maxLength: 60 })).map(([so, moves]) => [...well.slice(0, so), ...moves]);

const items = (order: ChargeOrder): PostedCheckpoint[] =>
  (['payer', 'payee'] as const).flatMap((party) => {
    const due = party === 'payer' ? order.payerCheckpoint : order.payeeCheckpoint;
    return due === null
      ? []
      : [
          {
            party,
            ...due,
            atSeconds: order.atSeconds,
            paidBy: party === 'payer' ? ('coins' as const) : ('house' as const),
            took: null,
            had: null,
            postingId: null,
            balance: null,
            at: NOW,
          },
        ];
  });

/** Lives through the moves; `each` sees every decision. */
function live(moves: readonly Move[], each: (before: CallRecord, after: CallRecord, clock: number) => void): CallRecord {
  let record = begin(order).state;
  let clock = NOW;
  for (const { ms, heard, event } of moves) {
    clock += ms;
    const pending = record.money.pending?.order;
    const happened: CallEvent =
      event !== 'answer'
        ? event
        : pending
          ? { type: 'charge.posted', atSeconds: pending.atSeconds, items: items(pending) }
          : { type: 'tick' };
    const proofs = { caller: heard[0] ? clock : null, callee: heard[1] ? clock : null };
    const before = record;
    record = decide(before, { ...happened, proofs }, clock).state;
    each(before, record, clock);
  }
  return record;
}

const runs = { numRuns: 2_000 };

describe('the lifecycle', () => {
  it('has a rule for every event in every state', () => {
    const events = Object.keys(lifecycle.placing).sort();
    for (const phase of phases) expect(Object.keys(lifecycle[phase]).sort()).toEqual(events);
    expect(events.length).toBeGreaterThan(15);
  });

  it('answers every event in every state it can get into', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(life, (moves) => {
        live(moves, (before, after) => {
          seen.add(before.phase);
          expect(phases).toContain(after.phase);
        });
      }),
      runs,
    );
    expect([...seen].sort()).toEqual([...phases].sort());
  });

  it('never leaves an end, nor changes why it ended', () => {
    fc.assert(
      fc.property(life, (moves) => {
        live(moves, (before, after) => {
          if (!isOver(before)) return;
          expect(isOver(after)).toBe(true);
          if (before.phase === 'settled') expect(after.phase).toBe('settled');
          expect([after.endReason, after.endedAt, after.clock?.connectedMs]).toEqual([
            before.endReason,
            before.endedAt,
            before.clock?.connectedMs,
          ]);
        });
      }),
      runs,
    );
  });

  it('means to wake as long as it is not over, and wakes in time for its deadline', () => {
    fc.assert(
      fc.property(life, (moves) => {
        live(moves, (_before, after) => {
          const wake = nextWake(after, after.lastNow);
          if (isOver(after)) return;
          expect(wake).not.toBeNull();
          expect(Number.isFinite(wake)).toBe(true);
          if (after.until !== null) expect(wake).toBeLessThanOrEqual(Math.max(after.until, after.lastNow + 2_500));
        });
      }),
      runs,
    );
  });

  it('ends by itself when nobody is heard any more', () => {
    fc.assert(
      fc.property(life, (moves) => {
        let record = live(moves, () => {});
        for (let wakes = 0; !isOver(record); wakes++) {
          expect(wakes).toBeLessThan(200);
          const wake = nextWake(record, record.lastNow) ?? 0;
          record = decide(record, { type: 'tick' }, Math.max(wake, record.lastNow + 1)).state;
        }
      }),
      runs,
    );
  });

  it('has its time and its connected time only grow, and never counts more than went by', () => {
    fc.assert(
      fc.property(life, (moves) => {
        live(moves, (before, after) => {
          expect(after.lastNow).toBeGreaterThanOrEqual(before.lastNow);
          if (after.clock === null) return;
          expect(after.clock.connectedMs).toBeGreaterThanOrEqual(before.clock?.connectedMs ?? 0);
          expect(after.clock.connectedMs).toBeLessThanOrEqual(after.lastNow - after.clock.startedAt);
        });
      }),
      runs,
    );
  });

  it('has at most one order under way, in order of seconds, each once', () => {
    fc.assert(
      fc.property(life, (moves) => {
        const ordered: string[] = [];
        live(moves, (before, after) => {
          const [old, now] = [before.money.pending?.order, after.money.pending?.order];
          if (now && (old?.payerCheckpoint?.n !== now.payerCheckpoint?.n || old?.payeeCheckpoint?.n !== now.payeeCheckpoint?.n))
            ordered.push(`${now.payerCheckpoint?.n}:${now.payeeCheckpoint?.n}`);
        });
        expect(new Set(ordered).size).toBe(ordered.length);
      }),
      runs,
    );
  });
});
