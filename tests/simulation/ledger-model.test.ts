import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargeOrder } from '../../worker/domains/pricing/port.ts';
import { spendingOf, waysOf } from '../../worker/domains/pricing/ways.ts';
import type { CallId, TariffId, UserId } from '../../worker/protocol/ids.ts';
import { Books } from './books.ts';
import { LedgerModel } from './ledger-model.ts';

const people: { userId: UserId; shard: number }[] = [
  { userId: 'usr_a', shard: 0 },
  { userId: 'usr_b', shard: 1 },
  { userId: 'usr_c', shard: 0 },
];

type Operation =
  | { do: 'credit' | 'claw'; who: number; amount: number; key: number }
  | { do: 'charge'; call: number; n: number; amount: number; grace: number | null; outage: boolean }
  | { do: 'drain'; shard: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    do: fc.constantFrom('credit' as const, 'claw' as const),
    who: fc.nat(2),
    amount: fc.integer({ min: 1, max: 99 }),
    key: fc.nat(9),
  }),
  fc.record({
    do: fc.constant('charge' as const),
    call: fc.nat(2),
    n: fc.nat(3),
    amount: fc.integer({ min: 1, max: 60 }),
    grace: fc.option(fc.nat(2)),
    outage: fc.boolean(),
  }),
  fc.record({ do: fc.constant('drain' as const), shard: fc.nat(1) }),
);

const coinsAlone = { spending: spendingOf('tokens', false), planDay: null, company: null };

function pay(ledger: LedgerModel, of: ChargeOrder): unknown {
  return ledger.charge(of, of.payerCheckpoint ? waysOf(of, of.payerCheckpoint, coinsAlone) : [], 5);
}

function perform(ledger: LedgerModel, operation: Operation): unknown {
  if (operation.do === 'drain') return ledger.drain(operation.shard);
  if (operation.do === 'charge') return pay(ledger, order(operation));
  const who = people[operation.who] as (typeof people)[number];
  const of = {
    owner: who.userId,
    shard: who.shard,
    unit: 'COIN' as const,
    amount: operation.amount,
    key: `${operation.do}:${who.userId}:${operation.key}`,
    now: 5,
  };
  return operation.do === 'credit' ? ledger.credit({ ...of, from: 'house:issuance' }) : ledger.clawBack({ ...of, to: 'house:issuance' });
}

function order(of: Extract<Operation, { do: 'charge' }>): ChargeOrder {
  return {
    callId: `call_${of.call}` as CallId,
    payer: people[of.call] as (typeof people)[number],
    payee: people[(of.call + 1) % 3] as (typeof people)[number],
    tariffId: 'tar_x' as TariffId,
    coversSeconds: 60,
    media: 'audio',
    atSeconds: of.n * 20,
    payerCheckpoint: { n: of.n, unit: 'COIN', amount: of.amount },
    payeeCheckpoint: { n: of.n, unit: 'EARN', amount: of.amount },
    grace: of.grace === null ? null : { perDay: of.grace },
    outage: of.outage,
    eventAt: 1,
  };
}

describe('the ledger model', () => {
  it('keeps the laws of the books whatever is asked of it', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ledger = new LedgerModel(2);
        const books = new Books(ledger);
        for (const operation of operations) {
          perform(ledger, operation);
          books.read(() => {});
        }
        books.fold();
      }),
      { numRuns: 300 },
    );
  });

  it('answers a repeated operation as the first time and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), (operations) => {
        const ledger = new LedgerModel(2);
        for (const operation of operations) {
          const first = perform(ledger, operation);
          const batches = ledger.batches;
          const posted = (first as { outcome?: string })?.outcome === 'posted' || first === 'posted';
          if (!posted) continue;
          const again = perform(ledger, operation);
          expect(ledger.batches).toBe(batches);
          if (operation.do === 'charge') expect(again).toMatchObject({ outcome: 'posted' });
          else expect(again).toBe('repeated');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes no payer’s coins without the payee’s posting or its outbox row', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ledger = new LedgerModel(2);
        for (const operation of operations) perform(ledger, operation);
        for (const { journal } of ledger.shards) {
          for (const posting of journal) {
            if (posting.checkpoint?.party !== 'payer') continue;
            const earning = posting.key.replace(':payer:', ':payee:');
            const there = ledger.shards.some((shard) => shard.postings.has(earning) || shard.outbox.has(earning));
            expect(there, earning).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
