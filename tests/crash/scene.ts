/** One run: calls begin, the runtime is killed, starts again, everybody does what they mean to, and all is checked. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../simulation/random.ts';
import { copyDatabases, readBooks } from './books.ts';
import { type CallFacts, checkBooks, checkCall, checkEar, checkProof } from './checks.ts';
import type { Client } from './client.ts';
import { drawPlan, isSteady, MIN_RUNNING } from './plan.ts';
import { Talk } from './talk.ts';
import type { Town } from './town.ts';

export interface RunOutcome {
  readonly calls: readonly CallFacts[];
  /** Calls that were active when the runtime was killed. */
  readonly running: number;
  /** From the kill until the Worker answered again, ms. */
  readonly downMs: number;
  readonly violations: readonly string[];
}

/** Limits for what hangs, ms: a machine with other work to do may be ten times slower. */
const SETTLE_LIMIT_MS = 300_000;
const BEGIN_LIMIT_MS = 60_000;

/**
 * Leaves the Worker killed, so that its files can be read.
 * @param charged faults are going to be planted in what it leaves
 */
export async function crashOnce(town: Town, random: Random, charged: boolean): Promise<RunOutcome> {
  const { stack, pairs } = town;
  const plan = drawPlan(random, pairs.length, charged);
  const talks = pairs.map((pair, n) => {
    const own = plan.pairs[n];
    if (!own) throw new Error('a pair without a plan');
    return new Talk(stack.origins.api, pair, own);
  });
  await Promise.all(talks.map(({ pair, plan: { funds } }) => fund(pair.member, funds)));
  const before = await Promise.all(talks.map(balancesOf));

  for (const { ear } of pairs) ear.forget();
  await Promise.all(pairs.map(({ ear }) => ear.open()));

  const begun = talks.map((talk) => talk.begin());
  await untilRunning(talks);
  await pause(plan.killAfterMs);
  const running = talks.filter((talk) => talk.running).length;
  if (plan.jobsUnderWay) void stack.tick().catch(() => {});
  await stack.kill9();
  const killedAt = performance.now();
  for (const talk of talks) talk.cut();
  for (const { ear } of pairs) ear.cut();
  await Promise.allSettled(begun);

  await stack.restartWorker();
  const downMs = performance.now() - killedAt;
  await pause(plan.backAfterMs);
  await Promise.all([stack.tick().catch(() => {}), ...talks.map((talk) => talk.goOn()), ...pairs.map(({ ear }) => ear.open())]);
  const violations = refusals(talks);
  await untilSettled(town, talks);
  for (const talk of talks) talk.leave();

  const calls = await Promise.all(talks.flatMap((talk, n) => (talk.callId ? [factsOf(talk, before[n] ?? { payer: 0, payee: 0 })] : [])));
  violations.push(...calls.flatMap(checkCall));
  for (const { pair, callId } of talks) {
    violations.push(...checkEar(pair.ear.heard(), calls.find(({ id }) => id === callId) ?? null));
    pair.ear.cut();
  }
  violations.push(...checkProof(await town.admin.must(town.admin.get('/admin/ledger/proof'))));
  if (running < MIN_RUNNING - 5) violations.push(`only ${running} calls ran when the runtime was killed`);

  await stack.kill9();
  const copy = copyDatabases(stack.state);
  violations.push(...checkBooks(readBooks(copy.folder), calls, Date.now()));
  copy.dispose();
  return { calls, running, downMs, violations };
}

/**
 * Orders that were cut off and never sent again leave a row without a call: two rounds of the jobs, a minute apart, must
 * have swept them. Called with the Worker killed, and leaves it so.
 */
export async function checkSweep({ stack }: Town): Promise<string[]> {
  await stack.restartWorker();
  for (let round = 0; round < 2; round++) {
    await pause(61_000);
    await stack.tick();
  }
  await stack.kill9();
  const copy = copyDatabases(stack.state);
  const { unsettled } = readBooks(copy.folder);
  copy.dispose();
  return unsettled.map(({ id, state }) => `${id} is ${state} and not settled two minutes later`);
}

/** Brings a member's coins up to `amount`, or leaves what is more. */
async function fund(member: Client, amount: number): Promise<void> {
  const { payer } = await coins(member);
  if (payer < amount) await member.must(member.post('/wallet/topups', { amount: amount - payer }));
}

const unitOf = async (client: Client, unit: string): Promise<number> => {
  const { balances } = await client.must(client.get('/me/balance'));
  return (balances as { unit: string; amount: number }[]).find((balance) => balance.unit === unit)?.amount ?? 0;
};
const coins = async (member: Client): Promise<{ payer: number }> => ({ payer: await unitOf(member, 'COIN') });
const balancesOf = async ({ pair }: Talk): Promise<CallFacts['before']> => ({
  ...(await coins(pair.member)),
  payee: await unitOf(pair.companion, 'EARN'),
});

/** Until every steady call runs, or it has had time enough. */
async function untilRunning(talks: readonly Talk[]): Promise<void> {
  const steady = talks.filter(({ plan }) => isSteady(plan));
  for (const end = performance.now() + BEGIN_LIMIT_MS; performance.now() < end; await pause(50)) {
    if (steady.every((talk) => talk.running || talk.refusal)) return;
  }
}

/** A fresh call of a pair that is in no other must never find a lock. */
const refusals = (talks: readonly Talk[]): string[] =>
  talks.flatMap(({ callId, refusal, plan }) =>
    callId === null && refusal && refusal.status > 0 && refusal.body?.code !== 'insufficient_funds'
      ? [`a call (${plan.fate}) was refused: ${refusal.status} ${JSON.stringify(refusal.body)}`]
      : [],
  );

async function untilSettled({ stack, admin }: Town, talks: readonly Talk[]): Promise<void> {
  const open = new Set(talks.filter(({ callId }) => callId));
  for (const end = performance.now() + SETTLE_LIMIT_MS; performance.now() < end; await pause(250)) {
    await Promise.all(
      [...open].map(async (talk) => {
        const { body } = await talk.pair.member.get(`/calls/${talk.callId}`);
        if (body?.call?.settled) open.delete(talk);
      }),
    );
    if (open.size > 0) continue;
    // The second half of a fact across two shards may be waiting for the job that hands it over.
    const proof = await admin.must(admin.get('/admin/ledger/proof'));
    if (proof.outbox.waiting === 0) return;
    await stack.tick();
  }
}

async function factsOf(talk: Talk, before: CallFacts['before']): Promise<CallFacts> {
  const { member, companion } = talk.pair;
  const { call } = await member.must(member.get(`/calls/${talk.callId}`));
  const receipt = await member.must(member.get(`/calls/${talk.callId}/receipt`));
  const total = (side: 'payer' | 'payee'): number =>
    receipt.totals[side].reduce((sum: number, each: { amount: number }) => sum + each.amount, 0);
  return {
    id: call.id,
    fate: talk.plan.fate,
    state: call.state,
    endReason: call.endReason,
    settled: call.settled,
    connectedMs: receipt.connectedMs,
    lines: receipt.checkpoints,
    totals: { payer: total('payer'), payee: total('payee') },
    payerId: member.userId,
    payeeId: companion.userId,
    before,
    after: await balancesOf(talk),
    spans: talk.spans(),
  };
}
