/** Hands over what waits in the outboxes: posts each row by its key in its own shard until it is there. */
import type { Context } from '../../platform/context.ts';
import { causeOf } from '../../platform/log.ts';
import { ledgerShards } from '../../platform/shards.ts';
import { countWaiting, markFailed, markPosted, type WaitingRow, waitingRows } from './outbox-store.ts';
import { type PostAnswer, post } from './posting.ts';

/** After so many tries a row is parked: an alert is raised, and it is tried once an hour. */
export const PARK_AFTER = 10;
const HOUR_MS = 3_600_000;
const ROWS_A_ROUND = 100;
const ROUNDS = 50;

/** Empties the outboxes as far as they can be emptied now. Answers what became of the rows it tried. */
export async function drainOutboxes(ctx: Context): Promise<{ posted: number; failed: number }> {
  const done = await Promise.all(ledgerShards(ctx.env).map((db) => drainOne(ctx, db)));
  return { posted: done.reduce((sum, one) => sum + one.posted, 0), failed: done.reduce((sum, one) => sum + one.failed, 0) };
}

async function drainOne(ctx: Context, db: D1Database): Promise<{ posted: number; failed: number }> {
  const sum = { posted: 0, failed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const rows = await waitingRows(db, ctx.now, ROWS_A_ROUND);
    if (rows.length === 0) break;
    const told = await tell(ctx, rows);
    const posted = told.filter(({ answer }) => answer.outcome === 'posted').map(({ row }) => row.key);
    const failed = told.filter(({ answer }) => answer.outcome !== 'posted').map(({ row, answer }) => failedRow(ctx, row, answer));
    if (posted.length > 0) await markPosted(db, posted, ctx.now);
    if (failed.length > 0) await markFailed(db, failed, ctx.now);
    sum.posted += posted.length;
    sum.failed += failed.length;
    if (rows.length < ROWS_A_ROUND) break;
  }
  return sum;
}

/** @throws Error while anything is parked: it will not pass by waiting */
export async function mustNotBeParked(ctx: Context): Promise<void> {
  const counts = await Promise.all(ledgerShards(ctx.env).map(countWaiting));
  const parked = counts.reduce((sum, shard) => sum + shard.parked, 0);
  if (parked > 0) throw new Error(`postings parked in the outboxes: ${parked}`);
}

interface Told {
  readonly row: WaitingRow;
  readonly answer: PostAnswer | { readonly outcome: 'broken' };
}

/** Posts rows together; where one among them is such that no books can take it, each alone, so that it holds up no other. */
async function tell(ctx: Context, rows: readonly WaitingRow[]): Promise<Told[]> {
  try {
    const answers = await post(
      ctx,
      rows.map((row) => row.fact),
    );
    return rows.map((row, at) => ({ row, answer: answers[at] ?? { outcome: 'unknown' } }));
  } catch (thrown) {
    if (rows.length === 1) {
      ctx.log.error('a posting in the ledger outbox is broken', { cause: causeOf(thrown) });
      return rows.map((row) => ({ row, answer: { outcome: 'broken' } }));
    }
    const alone: Told[] = [];
    for (const row of rows) alone.push(...(await tell(ctx, [row])));
    return alone;
  }
}

/** A refusal or a conflict will not pass by waiting, so it is parked at once. */
function failedRow(ctx: Context, row: WaitingRow, answer: Told['answer']): { key: string; nextAt: number; park: boolean } {
  const attempts = row.attempts + 1;
  const park = answer.outcome !== 'unknown' || attempts >= PARK_AFTER;
  if (park) ctx.log.error('a posting is parked in the ledger outbox', { key: row.key, attempts, outcome: answer.outcome });
  const waitMs = park ? HOUR_MS : Math.min(HOUR_MS, 1_000 * 2 ** attempts);
  return { key: row.key, nextAt: ctx.now + waitMs, park };
}
