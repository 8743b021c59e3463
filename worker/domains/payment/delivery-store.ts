/** The only SQL for `payment_delivery`, `payment_event` and `payment_ref`. */
import { and, desc, eq, getTableColumns, isNull, lt, ne, type SQL, sql } from 'drizzle-orm';
import { paymentDelivery, paymentEvent, paymentRef, price, product } from '../../../db/schema/payment.ts';
import { database, refusedWith, statementOf } from '../../platform/database.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { CustomerRef, CustomerRefKind, PaymentEvent, PaymentSource, Store } from './payment-event.ts';
import type { DeliveryState, PaymentEventId, StoredEvent } from './till.ts';

export type DeliveryRow = typeof paymentDelivery.$inferSelect;
export type EventRow = typeof paymentEvent.$inferSelect;

// ── deliveries ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Keeps a delivery under the source's name of it; the one that was kept before, where it is told again. */
export async function keepDelivery(
  binding: D1Database,
  row: Pick<DeliveryRow, 'id' | 'source' | 'sourceEventId' | 'sentBy' | 'raw' | 'receivedAt'>,
): Promise<DeliveryRow> {
  const [, kept] = await binding.batch<DeliveryRow>([
    statementOf(
      binding,
      database(binding)
        .insert(paymentDelivery)
        .values({ ...row, state: 'stored', changedAt: row.receivedAt })
        .onConflictDoNothing({ target: [paymentDelivery.source, paymentDelivery.sourceEventId] }),
    ),
    binding
      .prepare(`SELECT ${DELIVERY} FROM payment_delivery WHERE source = ? AND source_event_id = ?`)
      .bind(row.source, row.sourceEventId),
  ]);
  const [found] = kept?.results ?? [];
  if (!found) throw new Error('a delivery just kept is not there');
  return found;
}

const DELIVERY = `id, source, source_event_id AS sourceEventId, sent_by AS sentBy, raw, raw_hash AS rawHash, received_at AS receivedAt, state, reason, note,
  replays, changed_at AS changedAt`;

export async function deliveryRow(binding: D1Database, id: string): Promise<DeliveryRow | null> {
  const rows = await database(binding)
    .select()
    .from(paymentDelivery)
    .where(eq(paymentDelivery.id, id as PaymentEventId));
  return rows[0] ?? null;
}

/** Moves a delivery on; one that was applied stays so. */
export async function moveDelivery(
  binding: D1Database,
  id: PaymentEventId,
  change: { state: DeliveryState; reason: string | null; note: string | null; changedAt: number },
): Promise<void> {
  await database(binding)
    .update(paymentDelivery)
    .set(change)
    .where(and(eq(paymentDelivery.id, id), ne(paymentDelivery.state, 'applied')));
}

/** Has a delivery taken up once more; nothing happens to one that was applied. */
export const replayStatement = (binding: D1Database, id: PaymentEventId, now: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(paymentDelivery)
      .set({ state: 'stored', reason: null, note: null, replays: sql`${paymentDelivery.replays} + 1`, changedAt: now })
      .where(and(eq(paymentDelivery.id, id), ne(paymentDelivery.state, 'applied'))),
  );

/** Those that were kept and not taken up since `before` (ms); each is left alone until that long from `now` again. */
export async function takeLeft(binding: D1Database, { before, now, limit }: { before: number; now: number; limit: number }) {
  const { results } = await binding
    .prepare(
      `UPDATE payment_delivery SET changed_at = ?1
       WHERE id IN (SELECT id FROM payment_delivery WHERE state = 'stored' AND changed_at < ?2 ORDER BY changed_at LIMIT ?3) RETURNING id`,
    )
    .bind(now, before, limit)
    .all<{ id: PaymentEventId }>();
  return results.map(({ id }) => id);
}

/** Applied before `before` (ms) and still whole, the oldest first. */
export const wholeDeliveries = (binding: D1Database, before: number, limit: number) =>
  database(binding)
    .select({ id: paymentDelivery.id, raw: paymentDelivery.raw })
    .from(paymentDelivery)
    .where(and(eq(paymentDelivery.state, 'applied'), isNull(paymentDelivery.rawHash), lt(paymentDelivery.changedAt, before)))
    .orderBy(paymentDelivery.changedAt)
    .limit(limit);

/** Takes the bytes of deliveries away; the database refuses it of what had no effect yet. */
export async function clearRaw(binding: D1Database, cleared: readonly { id: PaymentEventId; rawHash: string }[]): Promise<void> {
  const statements = cleared.map(({ id, rawHash }) =>
    statementOf(
      binding,
      database(binding)
        .update(paymentDelivery)
        .set({ raw: '', rawHash })
        .where(and(eq(paymentDelivery.id, id), isNull(paymentDelivery.rawHash))),
    ),
  );
  if (statements.length > 0) await binding.batch(statements);
}

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Keeps what a delivery says; where that is kept already nothing changes. */
export async function insertEvent(binding: D1Database, id: PaymentEventId, event: PaymentEvent): Promise<void> {
  const { source, store, kind, occurredAt, signedByStore, money, period } = event;
  const row: EventRow = {
    id,
    source,
    store,
    kind,
    transactionId: event.storeTransactionId,
    refundId: event.storeRefundId,
    subscriptionRef: event.storeSubscriptionId,
    productRef: event.productRef,
    amount: money?.amount ?? null,
    currency: money?.currency ?? null,
    periodFrom: period?.from ?? null,
    periodUntil: period?.until ?? null,
    occurredAt,
    signedByStore,
    userId: null,
  };
  const db = database(binding);
  await binding.batch([
    statementOf(binding, db.insert(paymentEvent).values(row).onConflictDoNothing()),
    // Read again, a source might name others; those of the first reading stay too.
    ...event.customerRefs.map(({ kind, value }) =>
      statementOf(binding, db.insert(paymentRef).values({ eventId: id, kind, value }).onConflictDoNothing()),
    ),
  ]);
}

export async function eventRow(binding: D1Database, id: PaymentEventId): Promise<StoredEvent | null> {
  const db = database(binding);
  const [rows, refs] = await Promise.all([
    db
      .select({ event: paymentEvent, sourceEventId: paymentDelivery.sourceEventId })
      .from(paymentEvent)
      .innerJoin(paymentDelivery, eq(paymentDelivery.id, paymentEvent.id))
      .where(eq(paymentEvent.id, id)),
    refsOf(binding, id),
  ]);
  const found = rows[0];
  if (!found) return null;
  const { event, sourceEventId } = found;
  return {
    id,
    source: event.source,
    sourceEventId,
    store: event.store,
    kind: event.kind,
    storeTransactionId: event.transactionId,
    storeRefundId: event.refundId,
    storeSubscriptionId: event.subscriptionRef,
    customerRefs: refs,
    productRef: event.productRef,
    money: event.amount === null || event.currency === null ? null : { amount: event.amount, currency: event.currency },
    period: event.periodFrom === null || event.periodUntil === null ? null : { from: event.periodFrom, until: event.periodUntil },
    occurredAt: event.occurredAt,
    signedByStore: event.signedByStore,
    userId: event.userId,
  };
}

export async function refsOf(binding: D1Database, id: PaymentEventId): Promise<CustomerRef[]> {
  const rows = await database(binding)
    .select()
    .from(paymentRef)
    .where(eq(paymentRef.eventId, id))
    .orderBy(paymentRef.kind, paymentRef.value);
  return rows.map(({ kind, value }) => ({ kind: kind as CustomerRefKind, value }));
}

/** The statement that makes an event somebody's; refused (`claimed`) where it is anybody's. */
export const claimStatement = (binding: D1Database, id: PaymentEventId, userId: UserId): D1PreparedStatement =>
  statementOf(binding, database(binding).update(paymentEvent).set({ userId }).where(eq(paymentEvent.id, id)));

/** Makes an event somebody's; the database refuses a second owner. Answers whose it is then. */
export async function claimEvent(binding: D1Database, id: PaymentEventId, userId: UserId): Promise<UserId> {
  try {
    await claimStatement(binding, id, userId).run();
  } catch (thrown) {
    if (!refusedWith(thrown, 'claimed')) throw thrown;
  }
  const rows = await database(binding).select({ userId: paymentEvent.userId }).from(paymentEvent).where(eq(paymentEvent.id, id));
  const owner = rows[0]?.userId;
  if (!owner) throw new Error(`the event ${id} was claimed and is nobody's`);
  return owner;
}

const idsIn = ({ results }: D1Result<{ id: PaymentEventId }>): PaymentEventId[] => results.map(({ id }) => id);

/** Deliveries for which nobody was known and that carry one of these names, of a customer or of a subscription at a store. */
export async function pendingWith(
  binding: D1Database,
  names: readonly { kind: string; value: string }[],
  subscriptions: readonly { store: Store; ref: string }[],
): Promise<PaymentEventId[]> {
  if (names.length === 0 && subscriptions.length === 0) return [];
  return idsIn(
    await binding
      .prepare(
        `SELECT id FROM payment_delivery WHERE state = 'pending' AND id IN (
           SELECT r.event_id FROM json_each(?1) n JOIN payment_ref r ON r.kind = n.value->>0 AND r.value = n.value->>1
           UNION SELECT e.id FROM json_each(?2) s JOIN payment_event e ON e.store = s.value->>0 AND e.subscription_ref = s.value->>1
             AND e.user_id IS NULL
         ) ORDER BY id`,
      )
      .bind(
        JSON.stringify(names.map(({ kind, value }) => [kind, value])),
        JSON.stringify(subscriptions.map(({ store, ref }) => [store, ref])),
      )
      .all<{ id: PaymentEventId }>(),
  );
}

/** Deliveries about a transaction that wait: for whoever it is of, or for its payment. */
export async function parkedOn(binding: D1Database, store: Store, transactionId: string): Promise<PaymentEventId[]> {
  return idsIn(
    await binding
      .prepare(
        `SELECT e.id FROM payment_event e JOIN payment_delivery d ON d.id = e.id
         WHERE e.store = ?1 AND e.transaction_id = ?2 AND d.state IN ('pending', 'waiting') ORDER BY e.id`,
      )
      .bind(store, transactionId)
      .all<{ id: PaymentEventId }>(),
  );
}

/** Subscriptions that words about a transaction belong to. */
export async function subscriptionsOf(binding: D1Database, store: Store, transactionId: string): Promise<string[]> {
  const rows = await database(binding)
    .selectDistinct({ ref: paymentEvent.subscriptionRef })
    .from(paymentEvent)
    .where(and(eq(paymentEvent.store, store), eq(paymentEvent.transactionId, transactionId)));
  return rows.flatMap(({ ref }) => (ref === null ? [] : [ref]));
}

/** Every event about somebody's subscription but refunds, with what its product is. */
export const wordRows = (binding: D1Database, userId: UserId, store: Store, ref: string) =>
  database(binding)
    .select({ event: paymentEvent, plan: product.plan, period: product.period })
    .from(paymentEvent)
    .leftJoin(price, and(eq(price.store, paymentEvent.store), eq(price.storeRef, paymentEvent.productRef)))
    .leftJoin(product, eq(product.id, price.product))
    .where(
      and(
        eq(paymentEvent.store, store),
        eq(paymentEvent.subscriptionRef, ref),
        eq(paymentEvent.userId, userId),
        sql`${paymentEvent.kind} NOT IN ('refund', 'chargeback', 'refund_reversal')`,
      ),
    );

// ── for staff ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface DeskRow {
  readonly delivery: Omit<DeliveryRow, 'raw' | 'rawHash'>;
  readonly event: EventRow | null;
}

/** Newest first, those before `before`. */
export function deskRows(
  binding: D1Database,
  asked: {
    id?: PaymentEventId;
    state?: DeliveryState | undefined;
    source?: PaymentSource | undefined;
    store?: Store | undefined;
    userId?: UserId | undefined;
    before: string | null;
    limit: number;
  },
): Promise<DeskRow[]> {
  const { raw: _unread, rawHash: _unasked, ...delivery } = getTableColumns(paymentDelivery);
  const only = (asked: unknown, condition: SQL): SQL | undefined => (asked === undefined ? undefined : condition);
  return database(binding)
    .select({ delivery, event: paymentEvent })
    .from(paymentDelivery)
    .leftJoin(paymentEvent, eq(paymentEvent.id, paymentDelivery.id))
    .where(
      and(
        only(asked.id, eq(paymentDelivery.id, asked.id as PaymentEventId)),
        only(asked.state, eq(paymentDelivery.state, asked.state as DeliveryState)),
        only(asked.source, eq(paymentDelivery.source, asked.source as PaymentSource)),
        only(asked.store, eq(paymentEvent.store, asked.store as Store)),
        only(asked.userId, eq(paymentEvent.userId, asked.userId as UserId)),
        asked.before === null ? undefined : lt(paymentDelivery.id, asked.before as PaymentEventId),
      ),
    )
    .orderBy(desc(paymentDelivery.id))
    .limit(asked.limit);
}
