/** The SQL of `adjustment` and `approval`, in the main database. */
import { and, desc, eq, isNull, lt, ne, or } from 'drizzle-orm';
import { adjustment, approval } from '../../../db/schema/balance.ts';
import { database, statementOf } from '../../platform/database.ts';

export type AdjustmentRow = typeof adjustment.$inferSelect;
export type ApprovalRow = typeof approval.$inferSelect;
export interface AdjustmentWithApproval {
  readonly adjustment: AdjustmentRow;
  readonly approval: ApprovalRow | null;
}

/** A new order, with the approval it needs, if any. UNIQUE refuses the batch where the key is taken. */
export function newAdjustment(binding: D1Database, row: AdjustmentRow, approvalId: string | null): D1PreparedStatement[] {
  const statements = [statementOf(binding, database(binding).insert(adjustment).values(row))];
  if (approvalId) {
    const waiting = { id: approvalId, adjustmentId: row.id, state: 'waiting', createdAt: row.createdAt } as const;
    statements.push(statementOf(binding, database(binding).insert(approval).values(waiting)));
  }
  return statements;
}

/** The order under a key of this person. */
export async function findAdjustment(
  binding: D1Database,
  by: { requestedBy: string; idempotencyKey: string },
): Promise<AdjustmentWithApproval | null> {
  const [found] = await withApproval(binding)
    .where(and(eq(adjustment.requestedBy, by.requestedBy), eq(adjustment.idempotencyKey, by.idempotencyKey)))
    .limit(1);
  return found ?? null;
}

const withApproval = (binding: D1Database) =>
  database(binding)
    .select({ adjustment, approval })
    .from(adjustment)
    .leftJoin(approval, eq(approval.adjustmentId, adjustment.id))
    .$dynamic();

export async function findApproval(binding: D1Database, id: string): Promise<(AdjustmentWithApproval & { approval: ApprovalRow }) | null> {
  const [found] = await withApproval(binding).where(eq(approval.id, id)).limit(1);
  return found?.approval ? { adjustment: found.adjustment, approval: found.approval } : null;
}

/** Newest first, older than `before` where that is given. */
export async function approvalsPage(
  binding: D1Database,
  asked: { state?: ApprovalRow['state'] | undefined; before?: number | undefined; limit: number },
): Promise<(AdjustmentWithApproval & { approval: ApprovalRow })[]> {
  return database(binding)
    .select({ adjustment, approval })
    .from(approval)
    .innerJoin(adjustment, eq(approval.adjustmentId, adjustment.id))
    .where(
      and(
        asked.state === undefined ? undefined : eq(approval.state, asked.state),
        asked.before === undefined ? undefined : lt(approval.seq, asked.before),
      ),
    )
    .orderBy(desc(approval.seq))
    .limit(asked.limit);
}

/** The ledger has it. What it answered stands, whatever was written here before. */
export const posted = (binding: D1Database, id: string, postingId: string): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(adjustment)
      .set({ state: 'posted', postingId })
      .where(and(eq(adjustment.id, id), ne(adjustment.state, 'posted'))),
  );

export const closed = (binding: D1Database, id: string, state: 'refused' | 'rejected'): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(adjustment)
      .set({ state })
      .where(and(eq(adjustment.id, id), eq(adjustment.state, 'open'))),
  );

/** The second person's word. Triggers refuse the batch: `own_approval` from the same person, `already_decided` after another. */
export const decided = (
  binding: D1Database,
  id: string,
  by: { state: 'approved' | 'rejected'; decidedBy: string; decidedAt: number },
): D1PreparedStatement => statementOf(binding, database(binding).update(approval).set(by).where(eq(approval.id, id)));

/** An approved order that the balance could not give waits again. */
export async function backToWaiting(binding: D1Database, id: string): Promise<void> {
  await database(binding)
    .update(approval)
    .set({ state: 'waiting', decidedBy: null, decidedAt: null })
    .where(and(eq(approval.id, id), eq(approval.state, 'approved')));
}

/** Orders that should be in the ledger and were left on the way: open, older than `before`, and approved if they must be. */
export async function leftOpen(binding: D1Database, before: number, limit: number): Promise<AdjustmentWithApproval[]> {
  return withApproval(binding)
    .where(and(eq(adjustment.state, 'open'), lt(adjustment.createdAt, before), or(isNull(approval.id), eq(approval.state, 'approved'))))
    .limit(limit);
}
