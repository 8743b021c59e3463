import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { balanceOfAccount, bindings, desk, failing, NOON, person, personWith } from '../balance/ledger-desk.workers.ts';
import { drainOutboxes } from '../balance/outbox.ts';
import { draftTariff, publishTariff } from '../billing/service.ts';
import type { MessageCharge, Owner } from './port.ts';
import { quoteMessage } from './service.ts';
import { tokens } from './tokens.ts';

const coins = (of: Owner) => balanceOfAccount(of.shard, `${of.userId}:COIN`);
const earned = (of: Owner) => balanceOfAccount(of.shard, `${of.userId}:EARN`);

const charge = (payer: Owner, payee: Owner | null, over: Partial<MessageCharge> = {}): MessageCharge => ({
  chatId: newId('chat'),
  sender: payer.userId,
  clientId: 'message-1',
  tariffId: newId('tar'),
  payer,
  payee,
  price: { unit: 'COIN', amount: 5 },
  earning: { unit: 'EARN', amount: 3 },
  eventAt: NOON,
  ...over,
});

describe.each([
  ['one shard', 0],
  ['two shards', 1],
] as const)('a message, %s', (_, shard) => {
  it('takes its price and pays its earning once, however often it is told', async () => {
    const payer = await personWith(20);
    const payee = person(shard);
    const order = charge(payer, payee);
    expect(await tokens.chargeMessage(desk(), order)).toEqual({ outcome: 'posted' });
    expect(await tokens.chargeMessage(desk(), order)).toEqual({ outcome: 'posted' });
    expect(await coins(payer)).toBe(15);
    expect(await earned(payee)).toBe(3);
  });

  it('is refused where it can’t be paid, and nobody earns', async () => {
    const payer = await personWith(4);
    const payee = person(shard);
    expect(await tokens.chargeMessage(desk(), charge(payer, payee))).toEqual({ outcome: 'refused', reason: 'insufficient_funds' });
    expect(await coins(payer)).toBe(4);
    expect((await earned(payee)) ?? 0).toBe(0);
  });

  it('is given up for good where it was not posted: a later charge moves nothing', async () => {
    const payer = await personWith(20);
    const payee = person(shard);
    const order = charge(payer, payee);
    expect(await tokens.voidMessage(desk(), order)).toEqual({ outcome: 'refused', reason: 'voided' });
    expect(await tokens.chargeMessage(desk(), order)).toEqual({ outcome: 'refused', reason: 'voided' });
    await drainOutboxes(desk());
    expect(await coins(payer)).toBe(20);
    expect((await earned(payee)) ?? 0).toBe(0);
  });

  it('stays posted where it was, although it is given up', async () => {
    const payer = await personWith(20);
    const payee = person(shard);
    const order = charge(payer, payee);
    await tokens.chargeMessage(desk(), order);
    expect(await tokens.voidMessage(desk(), order)).toEqual({ outcome: 'posted' });
    expect(await coins(payer)).toBe(15);
    expect(await earned(payee)).toBe(3);
  });
});

it('does not know what became of it where the books do not answer', async () => {
  const payer = await personWith(20);
  const away = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, 'before', 3) } });
  expect(await tokens.chargeMessage(away, charge(payer, null, { earning: null }))).toEqual({ outcome: 'unknown' });
  expect(await coins(payer)).toBe(20);
});

it('pays a companion whose member writes for nothing', async () => {
  const payee = person();
  expect(await tokens.chargeMessage(desk(), charge(person(), payee, { price: null }))).toEqual({ outcome: 'posted' });
  expect(await earned(payee)).toBe(3);
});

it('costs nothing without a tariff for it, and what the tariff says with one', async () => {
  const free = await quoteMessage(desk());
  expect(free).toBeNull();
  const actor = newId('usr');
  const draft = await draftTariff(desk(), {
    actor,
    terms: {
      name: 'Messages',
      match: { media: 'text' },
      parties: [
        { party: 'payer', unit: 'COIN', direction: 'debit', checkpoints: [], then: null, perMessage: { free: 3, amount: 5 } },
        { party: 'payee', unit: 'EARN', direction: 'credit', checkpoints: [], then: null, perMessage: { free: 0, amount: 2 } },
      ],
    },
  });
  await publishTariff(desk(), { id: draft.id, actor });
  expect(await quoteMessage(desk())).toEqual({
    tariffId: draft.id,
    payer: { unit: 'COIN', free: 3, amount: 5 },
    payee: { unit: 'EARN', free: 0, amount: 2 },
  });
});
