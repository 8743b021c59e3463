/** The steps that calls are made of, as people take them: by what they read on the screen. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { TariffTerms } from '../../worker/protocol/http/tariffs.ts';
import { eventually, PATIENCE_MS } from './harness.ts';
import type { Person } from './person.ts';

/**
 * A tariff in seconds for voice calls, so that journeys need no minutes; video stays with the default one.
 * 5 coins at once and every 2 s, 2 earning coins every 2 s, and the house may carry what falls due before 3 s.
 */
export const quickTariff: TariffTerms = {
  name: 'Voice in seconds',
  match: { kind: 'direct', media: 'audio' },
  parties: [
    { party: 'payer', unit: 'COIN', direction: 'debit', checkpoints: [{ atSeconds: 0, amount: 5 }], then: { everySeconds: 2, amount: 5 } },
    { party: 'payee', unit: 'EARN', direction: 'credit', checkpoints: [], then: { everySeconds: 2, amount: 2 } },
  ],
  grace: { seconds: 3, perDay: 3 },
  maxSeconds: 1_800,
};

export async function ring(member: Page, name: string, media: 'voice' | 'video' = 'voice'): Promise<void> {
  await member.getByRole('link', { name: `Talk to ${name}` }).click();
  await member.getByRole('button', { name: media === 'voice' ? `Call ${name}` : `Video call with ${name}`, exact: true }).click();
  await member.getByRole('button', { name: 'Stop calling' }).waitFor();
}

export async function answer(companion: Page): Promise<void> {
  await companion.getByRole('alertdialog').getByRole('button', { name: 'Answer' }).click();
}

/** Both read that they are connected. */
export async function connected(...pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.getByText('You are connected', { exact: true }).waitFor()));
}

/** The clock on the screen stands at this many seconds or more. */
export async function talkedFor(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const parts = document.querySelector('[data-testid="call-time"]')?.textContent?.split(':').map(Number) ?? [0, 0];
      return parts.reduce((sum, part) => sum * 60 + part, 0) >= least;
    },
    seconds,
    // Not with every frame, for which the page would have to be drawn.
    { timeout: seconds * 1000 + PATIENCE_MS, polling: 200 },
  );
}

export async function hangUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Hang up' }).click();
}

/** Both see the end and why, in words. */
export async function over(page: Page, words: string | RegExp): Promise<void> {
  await page.getByTestId('end-reason').getByText(words).waitFor();
}

/** The person's last call once all of it is posted. */
export function settledCall(person: Person) {
  return eventually('the call is settled', async () => {
    const call = await person.lastCall();
    return call.settled && call;
  });
}

export interface Outcome {
  readonly paid: number;
  readonly earned: number;
}

/**
 * Receipt, balances, event streams and the proof of the books tell the same story of the last call.
 * @param before what each had before it
 */
export async function booksAgree(
  people: { payer: Person; payee: Person; staff: Person },
  before: { payer: number; payee: number },
  expected: Outcome,
  callIds?: readonly string[],
): Promise<void> {
  const { payer, payee, staff } = people;
  const ids = callIds ?? [(await settledCall(payer)).id];
  const last = await payer.receipt(ids.at(-1) ?? '');
  assert.equal(last.settled, true, 'the receipt is final');
  assert.deepEqual(await payee.receipt(ids.at(-1) ?? ''), last, 'both read the same receipt');
  const sum = (amounts: readonly { amount: number }[]): number => amounts.reduce((total, { amount }) => total + amount, 0);
  assert.deepEqual({ paid: sum(last.totals.payer), earned: sum(last.totals.payee) }, expected, 'the receipt adds up');

  const earnedBy = async (): Promise<number> => (await payee.balance('EARN')) - before.payee;
  await eventually('the companion has what they earned', async () => (await earnedBy()) === expected.earned);
  const coins = await payer.events('COIN');
  const earnings = await payee.events('EARN');
  for (const [events, balance] of [
    [coins, await payer.balance('COIN')],
    [earnings, await payee.balance('EARN')],
  ] as const) {
    assert.equal(sum(events), balance, 'the balance is the sum of its events');
    assert.equal(events.at(-1)?.balanceAfter ?? 0, balance, 'the last event tells the balance');
  }
  assert.equal(before.payer - (await payer.balance('COIN')), expected.paid, 'the member paid what the receipt says');
  await proofHolds(staff);
}

export async function proofHolds(staff: Person): Promise<void> {
  const { units, seals, pairs } = await staff.proof();
  assert.ok(units.length >= 2, 'the proof covers the units');
  for (const unit of units)
    assert.deepEqual(
      { sum: unit.sum, mismatches: unit.mismatches, belowFloor: unit.belowFloor },
      { sum: 0, mismatches: 0, belowFloor: 0 },
      `the books of ${unit.unit}`,
    );
  assert.equal(seals.broken, 0);
  assert.equal(pairs.missing, 0);
}
