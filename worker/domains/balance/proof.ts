/**
 * Proves the books (money.md, "Proof"): sums are 0, balances equal the fold of their transfers and of their events, no
 * owner is below the floor, no half of a pair is missing, every seal holds.
 *
 * Small books are proved from the first transfer on whenever somebody asks. Large ones are proved from the start once a
 * day, step by step, by a job; asked in between, the answer is that fold and everything that came since.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { ledgerShard, ledgerShards } from '../../platform/shards.ts';
import type { readProof } from '../../protocol/http/admin.ts';
import type { AnswerOf } from '../../protocol/http/endpoint.ts';
import type { Unit } from '../../protocol/money.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { countWaiting } from './outbox-store.ts';
import {
  beginProof,
  type Comparison,
  compareBooks,
  foldStep,
  keysHere,
  lastPosting,
  noteProof,
  noteStep,
  orphansHere,
  progressOf,
  STEP,
  unpairedHere,
} from './proof-store.ts';
import { sealedDays } from './seal-store.ts';
import { checkSeals } from './seals.ts';

export type Proof = AnswerOf<typeof readProof>;

/** Books with no more postings than this in a shard are proved whole on the spot. */
const WHOLE_UP_TO = 20_000;
const DAY_MS = 86_400_000;
/** Steps of one run of the job, for each shard. */
const STEPS_A_RUN = 40;
const SEALS_A_STEP = 2;
const SHOWN = 20;
const UNITS: readonly Unit[] = ['COIN', 'MOMENT', 'EARN'];

/** What the last full proof of a shard found. */
const lastProof = z.object({ at: z.int(), unpaired: z.int(), sealsBroken: z.int(), wrong: z.int() });

interface ShardProof extends Comparison {
  readonly missing: number;
  readonly missingKeys: readonly string[];
  readonly sealsBroken: number;
  readonly provedAt: number;
}

/** Proves all shards; those of at most `wholeUpTo` postings from the first one on. */
export async function prove(ctx: Context, { wholeUpTo = WHOLE_UP_TO }: { wholeUpTo?: number } = {}): Promise<Proof> {
  const shards = await Promise.all(ledgerShards(ctx.env).map((_, shard) => proveShard(ctx, shard, wholeUpTo)));
  const waiting = await Promise.all(ledgerShards(ctx.env).map(countWaiting));
  const days = new Set((await Promise.all(ledgerShards(ctx.env).map(sealedDays))).flat());
  const orphans = (await Promise.all(ledgerShards(ctx.env).map(orphansHere))).flat();
  const missingKeys = shards.flatMap((shard) => shard.missingKeys);
  const missing = shards.reduce((sum, shard) => sum + shard.missing, 0) + orphans.length;
  const broken = shards.reduce((sum, shard) => sum + shard.sealsBroken, 0);
  return {
    units: UNITS.map((name) => unitOf(name, shards)),
    seals: { days: days.size, broken },
    outbox: { waiting: total(waiting, 'waiting'), parked: total(waiting, 'parked') },
    pairs: { missing },
    violations: [
      ...shards.flatMap((shard, at) => shardViolations(shard, at)),
      ...missingKeys.map((key) => `the other half of ${key} is nowhere`),
      ...orphans.map((key) => `${key} waits in an outbox, but nobody paid for it`),
      ...(broken > 0 ? [`${broken} seals are broken`] : []),
    ].slice(0, SHOWN),
    provedAt: toTimestamp(Math.min(...shards.map((shard) => shard.provedAt))),
    transfersSince: shards.reduce((sum, shard) => sum + shard.fresh, 0),
  };
}

/** True where nothing is wrong with the books. */
export const holds = (proof: Proof): boolean =>
  proof.violations.length === 0 &&
  proof.pairs.missing === 0 &&
  proof.seals.broken === 0 &&
  proof.units.every(({ sum, mismatches, belowFloor }) => sum === 0 && mismatches === 0 && belowFloor === 0);

const total = (rows: readonly { waiting: number; parked: number }[], name: 'waiting' | 'parked') =>
  rows.reduce((sum, row) => sum + row[name], 0);

/** One unit over all shards. Each shard's sum must be 0 by itself, so they are added without their signs. */
function unitOf(name: Unit, shards: readonly ShardProof[]): Proof['units'][number] {
  const all = { unit: name, sum: 0, accounts: 0, transfers: 0, mismatches: 0, belowFloor: 0 };
  for (const row of shards.flatMap((shard) => shard.units.filter((one) => one.unit === name))) {
    all.sum += Math.abs(row.sum);
    all.accounts += row.accounts;
    all.transfers += row.transfers;
    all.mismatches += row.mismatches;
    all.belowFloor += row.belowFloor;
  }
  return all;
}

function shardViolations(shard: ShardProof, at: number): string[] {
  return [
    ...shard.units.filter(({ sum }) => sum !== 0).map((row) => `the ${row.unit} of shard ${at} sums to ${row.sum}, not 0`),
    ...shard.wrong.map((account) => `${account} in shard ${at} differs from its transfers or events, or is below its floor`),
    ...(shard.stray > 0 ? [`${shard.stray} transfers of shard ${at} have no posting or no account of their unit`] : []),
  ];
}

async function proveShard(ctx: Context, shard: number, wholeUpTo: number): Promise<ShardProof> {
  const db = ledgerShard(ctx.env, shard);
  const [progress, size] = await Promise.all([progressOf(db), lastPosting(db)]);
  const last = parseLast(progress.lastProof);
  if (size <= wholeUpTo || !last) {
    const pairs = await checkPairs(ctx, shard, 0, size);
    let sealsBroken = 0;
    for (let at = 0, done = false; !done; ) {
      const checked = await checkSeals(ctx, shard, at, SEALS_A_STEP);
      sealsBroken += checked.broken;
      at = checked.upTo;
      done = checked.done;
    }
    return { ...(await compareBooks(db, false)), fresh: 0, ...pairs, sealsBroken, provedAt: ctx.now };
  }
  const pairs = await checkPairs(ctx, shard, progress.pairCursor, size);
  return {
    ...(await compareBooks(db, true)),
    missing: Math.max(progress.unpaired, last.unpaired) + pairs.missing,
    missingKeys: pairs.missingKeys,
    sealsBroken: Math.max(progress.sealsBroken, last.sealsBroken),
    provedAt: last.at,
  };
}

/** Postings of `seq` in (after, upTo] whose other half is neither in a shard nor waiting in an outbox. */
async function checkPairs(ctx: Context, shard: number, after: number, upTo: number): Promise<{ missing: number; missingKeys: string[] }> {
  const missingKeys: string[] = [];
  for (let at = after; at < upTo; at += STEP) {
    let open = (await unpairedHere(ledgerShard(ctx.env, shard), at, Math.min(at + STEP, upTo))).filter((row) => !row.waiting);
    // This shard was read first: what it knew to be handed over is in the other by now.
    for (const [other, db] of ledgerShards(ctx.env).entries()) {
      if (other === shard || open.length === 0) continue;
      const there = await keysHere(
        db,
        open.map((row) => row.pairKey),
      );
      open = open.filter((row) => !there.has(row.pairKey));
    }
    missingKeys.push(...open.map((row) => row.key));
  }
  return { missing: missingKeys.length, missingKeys: missingKeys.slice(0, SHOWN) };
}

/** One run of the proving job, of at least two steps: goes on with each shard's full proof, or begins the day's. */
export async function proveFurther(ctx: Context, steps = STEPS_A_RUN): Promise<void> {
  for (const shard of ledgerShards(ctx.env).keys()) await proveShardFurther(ctx, shard, steps);
}

async function proveShardFurther(ctx: Context, shard: number, steps: number): Promise<void> {
  const db = ledgerShard(ctx.env, shard);
  const found = await progressOf(db);
  const last = parseLast(found.lastProof);
  const running = found.startedAt > 0 && (!last || last.at < found.startedAt);
  // Once a day; without a pause while something is wrong, so that it is seen when it is mended.
  if (!running && last && !isWrong(last) && ctx.now - last.at < DAY_MS) return;
  if (!running) await beginProof(db, ctx.now);
  let folded = false;
  for (let step = 0; step < steps; step++) {
    if (!folded) {
      folded = (await foldStep(db)).done;
      continue;
    }
    const progress = await progressOf(db);
    const upTo = await lastPosting(db);
    const pairs = await checkPairs(ctx, shard, progress.pairCursor, Math.min(progress.pairCursor + STEP, upTo));
    const seals = await checkSeals(ctx, shard, progress.sealCursor, SEALS_A_STEP);
    const now = {
      pairCursor: Math.min(progress.pairCursor + STEP, upTo),
      unpaired: progress.unpaired + pairs.missing,
      sealCursor: seals.upTo,
      sealsBroken: progress.sealsBroken + seals.broken,
    };
    await noteStep(db, now);
    if (now.pairCursor < upTo || !seals.done) continue;
    await finish(ctx, shard, now);
    return;
  }
}

async function finish(ctx: Context, shard: number, found: { unpaired: number; sealsBroken: number }): Promise<void> {
  const db = ledgerShard(ctx.env, shard);
  const books = await compareBooks(db, true);
  const wrong = books.wrong.length + books.stray + books.units.filter(({ sum }) => sum !== 0).length;
  // Not before it began, even where the clock stepped back: `at` is also how the next run sees that this one is over.
  await noteProof(db, JSON.stringify({ at: Math.max(ctx.now, (await progressOf(db)).startedAt), ...found, wrong }));
  if (wrong + found.unpaired + found.sealsBroken > 0) ctx.log.error('the books do not hold', { shard, wrong, ...found });
  else ctx.log.info('the books hold', { shard, transfers: books.units.reduce((sum, row) => sum + row.transfers, 0) });
}

/** @throws Error where the last whole proof of a shard found the books wrong */
export async function mustHold(ctx: Context): Promise<void> {
  for (const [shard, db] of ledgerShards(ctx.env).entries()) {
    const last = parseLast((await progressOf(db)).lastProof);
    if (last && isWrong(last))
      throw new Error(
        `books of shard ${shard} do not hold: ${last.wrong} wrong, ${last.unpaired} unpaired, ${last.sealsBroken} seals broken`,
      );
  }
}

const isWrong = ({ wrong, unpaired, sealsBroken }: z.infer<typeof lastProof>): boolean => wrong + unpaired + sealsBroken > 0;

function parseLast(text: string | null): z.infer<typeof lastProof> | null {
  const parsed = z.safeParse(lastProof, text ? JSON.parse(text) : null);
  return parsed.success ? parsed.data : null;
}
