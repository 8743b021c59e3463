/**
 * Posts facts (SPEC.md). Nothing here reads a balance in order to write one: the database decides, and the outcome is
 * read back.
 */
import type { Context } from '../../platform/context.ts';
import { causeOf } from '../../platform/log.ts';
import { ledgerShard } from '../../platform/shards.ts';
import { userHub } from '../../platform/stubs.ts';
import type { MeansUse } from './means-store.ts';
import { markPosted } from './outbox-store.ts';
import { type BatchRefusal, type RefusalReason, refusalOf } from './refusals.ts';
import { assertFact, type Fact, hashOf, type Owner } from './rules.ts';
import { batchOf, type GraceRow, graceStatement, type Posted, postedOf, readStanding, type Write } from './store.ts';

export type PostAnswer =
  | { readonly outcome: 'posted'; readonly posting: Posted }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason }
  /** The key is taken by another intent; no effect. */
  | { readonly outcome: 'conflict' }
  /** It may or may not be in the books; tell the same again to find out. */
  | { readonly outcome: 'unknown' };

export type PairAnswer =
  /** `second` is null while it waits in the outbox of the first one's shard. */
  { readonly outcome: 'posted'; readonly first: Posted; readonly second: Posted | null } | Exclude<PostAnswer, { outcome: 'posted' }>;

/** Counts a checkpoint that the house carries against the day's limits, in the payer's batch. */
export interface GraceUse {
  readonly payer: Owner;
  readonly payee: Owner;
  /** The tariff's limit for one payer a day; payee and pair have theirs in the first migration. */
  readonly perDay: number;
}

/** A batch is told this often before its outcome is called unknown. */
const TELLINGS = 3;
/** Facts in one batch; more gain little and make a refusal dearer to split. */
const FACTS_A_BATCH = 20;

/**
 * Posts facts, each for itself: one that is refused stops no other. Facts of one shard share a D1 batch.
 * @returns an answer for each fact, in the order given
 */
export async function post(ctx: Context, facts: readonly Fact[]): Promise<PostAnswer[]> {
  for (const fact of facts) assertFact(fact);
  const answers = new Map<Fact, PostAnswer>();
  const shards = [...Map.groupBy(facts, (fact) => fact.owner.shard)];
  await Promise.all(
    shards.map(async ([shard, own]) => {
      for (const batch of batchesOf(own)) for (const [fact, answer] of await postBatch(ctx, shard, batch)) answers.set(fact, answer);
    }),
  );
  return facts.map((fact) => answers.get(fact) ?? { outcome: 'unknown' });
}

/** `post` for one fact. */
export async function postOne(ctx: Context, fact: Fact): Promise<PostAnswer> {
  const [answer] = await post(ctx, [fact]);
  return answer ?? { outcome: 'unknown' };
}

/**
 * Posts a fact about two people, all or nothing: `first` pays, `second` receives. In one shard that is one batch; in two,
 * the first one's batch also stores the second posting whole, which is then posted at once or by the drainer.
 * `second` may be null where the fact has one side only. `grace` counts the first posting against the day's limits; `use`
 * is what pays it beside coins, used up in its batch or not at all.
 */
export async function postPair(
  ctx: Context,
  first: Fact,
  second: Fact | null,
  { grace, use }: { readonly grace?: GraceUse | undefined; readonly use?: MeansUse | undefined } = {},
): Promise<PairAnswer> {
  const payer: Fact = second ? { ...first, pairKey: second.key } : first;
  const payee: Fact | null = second ? { ...second, pairKey: first.key } : null;
  assertFact(payer);
  if (payee) assertFact(payee);
  const { shard } = payer.owner;
  const apart = payee !== null && payee.owner.shard !== shard;
  const graceRow = grace ? graceRowOf(payer, grace) : undefined;
  if (graceRow && !graceRow.countsPayee) {
    const refused = await countForPayee(ctx, graceRow);
    if (refused) return refused;
  }
  const answer = await commit(ctx, shard, {
    facts: payee && !apart ? [payer, payee] : [payer],
    now: ctx.now,
    ...(graceRow ? { grace: graceRow } : {}),
    ...(use ? { use } : {}),
    ...(payee && apart ? { outbox: { fact: payee } } : {}),
  });
  if (answer.outcome !== 'committed') return answer;
  const posted = answer.postings.get(payer.key);
  if (!posted) throw new Error(`the books answered without ${payer.key}`);
  if (!payee) return { outcome: 'posted', first: posted, second: null };
  return { outcome: 'posted', first: posted, second: apart ? await handOver(ctx, shard, payee) : (answer.postings.get(payee.key) ?? null) };
}

/** Posts the second half of a pair where it belongs, best effort: what fails here waits in the outbox. */
async function handOver(ctx: Context, from: number, second: Fact): Promise<Posted | null> {
  const answer = await postOne(ctx, second);
  if (answer.outcome !== 'posted') return null;
  // Whoever finds it posted already need not write that down again.
  if (!answer.posting.replayed) ctx.later(markPosted(ledgerShard(ctx.env, from), [second.key], ctx.now));
  return answer.posting;
}

async function postBatch(ctx: Context, shard: number, facts: readonly Fact[]): Promise<[Fact, PostAnswer][]> {
  const answer = await commit(ctx, shard, { facts, now: ctx.now });
  if (answer.outcome === 'committed')
    return facts.map((fact) => {
      const posting = answer.postings.get(fact.key);
      return [fact, posting ? { outcome: 'posted', posting } : { outcome: 'unknown' }];
    });
  if (answer.outcome === 'unknown' || facts.length === 1) return facts.map((fact) => [fact, answer]);
  // One of them was refused and took all with it: ask each alone, under the same keys.
  const alone: [Fact, PostAnswer][] = [];
  for (const fact of facts) alone.push(...(await postBatch(ctx, shard, [fact])));
  return alone;
}

type Committed =
  | { readonly outcome: 'committed'; readonly postings: ReadonlyMap<string, Posted> }
  | Exclude<PostAnswer, { outcome: 'posted' }>;

/**
 * Runs one batch. A failure that is no refusal leaves it open whether the batch was committed, so it is told again: a
 * key that got through answers with its posting. Owners hear of what this telling changed.
 */
async function commit(ctx: Context, shard: number, order: Omit<Write, 'hashes'>): Promise<Committed> {
  const write: Write = { ...order, hashes: await Promise.all(order.facts.map(hashOf)) };
  const db = ledgerShard(ctx.env, shard);
  const ours = new Set<string>();
  for (let telling = 1; telling <= TELLINGS; telling++) {
    const { statements, ids } = batchOf(db, write);
    for (const id of ids) ours.add(id);
    try {
      const results = await db.batch(statements);
      let postings = postedOf(results[0]?.results ?? [], ours);
      // Should the database ever return rows as they were before their trigger ran, it is asked what stands.
      const keys = write.facts.map((fact) => fact.key);
      if (!keys.every((key) => postings.has(key))) postings = postedOf((await readStanding(db, keys).all()).results, ours);
      ctx.later(tellOwners(ctx, [...postings.values()]));
      return { outcome: 'committed', postings };
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      if (refusal) return refused(refusal);
      ctx.log.warn('the ledger did not answer', { shard, telling, cause: causeOf(thrown) });
    }
  }
  return { outcome: 'unknown' };
}

const refused = (refusal: BatchRefusal): Exclude<PostAnswer, { outcome: 'posted' }> =>
  refusal === 'idempotency_conflict' ? { outcome: 'conflict' } : { outcome: 'refused', reason: refusal };

const graceRowOf = (first: Fact, use: GraceUse): GraceRow => ({
  key: first.key,
  at: first.eventAt,
  payer: use.payer,
  payee: use.payee,
  perDay: use.perDay,
  countsPayer: true,
  countsPayee: use.payer.shard === use.payee.shard,
});

/**
 * A payee's limit is kept where the payee is. With the payer in another shard it is counted first, under the same key,
 * so that it can only ever be counted too early, never missed. Null: go on.
 */
async function countForPayee(ctx: Context, row: GraceRow): Promise<Exclude<PostAnswer, { outcome: 'posted' }> | null> {
  const db = ledgerShard(ctx.env, row.payee.shard);
  const own: GraceRow = { ...row, countsPayer: false, countsPayee: true };
  for (let telling = 1; telling <= TELLINGS; telling++) {
    try {
      await graceStatement(db, own, ctx.now, null).run();
      return null;
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      if (refusal) return refused(refusal);
      ctx.log.warn('the ledger did not answer', { shard: row.payee.shard, telling, cause: causeOf(thrown) });
    }
  }
  return { outcome: 'unknown' };
}

/** Tells each owner's devices what changed. Best effort: whoever misses one sees the hole at the next (`prevEventId`). */
async function tellOwners(ctx: Context, postings: readonly Posted[]): Promise<void> {
  const fresh = Map.groupBy(
    postings.filter((posting) => !posting.replayed),
    (posting) => posting.owner,
  );
  await Promise.all(
    [...fresh].map(async ([owner, own]) => {
      try {
        const hub = userHub(ctx.env, owner);
        for (const { change, ref } of own.flatMap((posting) => posting.changes.map((change) => ({ change, ref: posting.ref })))) {
          const { unit, amount: delta, balanceAfter: amount, eventId, prevEventId } = change;
          await hub.balanceChanged({ type: 'balance.changed', unit, amount, delta, eventId, prevEventId }, ref);
        }
      } catch (thrown) {
        ctx.log.warn('an owner could not be told of a new balance', { owner, cause: causeOf(thrown) });
      }
    }),
  );
}

/** Claw-backs go alone: what is available is decided by their own statement, after everything before them. */
function batchesOf(facts: readonly Fact[]): Fact[][] {
  const batches: Fact[][] = [];
  let open: Fact[] = [];
  for (const fact of facts) {
    const alone = fact.moves.some((move) => move.mode === 'claw_back');
    if (alone || open.length === FACTS_A_BATCH || open.some((other) => other.key === fact.key)) {
      if (open.length > 0) batches.push(open);
      open = [];
    }
    if (alone) batches.push([fact]);
    else open.push(fact);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}
