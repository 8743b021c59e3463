/** “This is wrong”, of a purchase. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import type { AnswerOf, BodyOf, QueryOf } from '../../protocol/http/endpoint.ts';
import type {
  complainOfPurchase as complainEndpoint,
  listPurchaseComplaints as listEndpoint,
  PurchaseComplaint,
} from '../../protocol/http/purchase-complaints.ts';
import { type CaseId, caseId as caseIdShape, type Id, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { isPurchaseOf } from '../payment/service.ts';
import { raise } from './raising.ts';
import { type CaseRow, ownCaseRows } from './store.ts';

const DEFAULT_PAGE = 100;
/** Subjects of cases about purchases begin with it. */
const PURCHASES = 'pur_';

/**
 * Opens a case. Again of the same purchase: the same complaint, as it was first said.
 * @throws Problem `not_found` for a purchase that is not there or not theirs
 */
export async function complainOfPurchase(
  ctx: Context,
  userId: UserId,
  { id, reason, text }: BodyOf<typeof complainEndpoint> & { id: Id<'pur'> },
): Promise<PurchaseComplaint> {
  if (!(await isPurchaseOf(ctx, userId, id))) throw new Problem('not_found', 'There is no such purchase.');
  const raised = { source: 'complaint', subject: id, raisedBy: userId, reason, text } as const;
  const row = await raise(ctx, raised, { type: 'purchase.complained_of', payload: { reason } });
  return toWire(row);
}

/** Newest first. */
export async function purchaseComplaintsOf(
  ctx: Context,
  userId: UserId,
  asked: QueryOf<typeof listEndpoint>,
): Promise<AnswerOf<typeof listEndpoint>> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, caseIdShape) ?? undefined;
  const wish = { source: 'complaint', raisedBy: userId, subjects: PURCHASES, before, limit: limit + 1 } as const;
  const rows = await ownCaseRows(ctx.env.DB, wish);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor(last.id) : null };
}

const toWire = (row: CaseRow): PurchaseComplaint => ({
  id: row.id as CaseId,
  purchaseId: row.subject as Id<'pur'>,
  reason: row.reason as PurchaseComplaint['reason'],
  text: row.text ?? '',
  state: row.state,
  at: toTimestamp(row.createdAt),
});
