/** The SQL on `call` of the staff's lists. */
import { and, count, desc, eq, gt, gte, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { call } from '../../../db/schema/video.ts';
import { database } from '../../platform/database.ts';
import type { CallKind, CallMedia } from '../../protocol/call/call.ts';
import type { CallRow } from './store.ts';

export interface BoardQuestion {
  readonly state?: string | undefined;
  readonly person?: string | undefined;
  readonly reason?: string | undefined;
  /** ms; placed then or later. */
  readonly since?: number | undefined;
  /** The last call of the page before: when it was placed (ms) and its id. */
  readonly before?: readonly [number, string] | undefined;
  readonly limit: number;
}

/** Running calls are unsettled ones, of which there is an index however many are over. */
const inState = (state: string): SQL | undefined =>
  state === 'running' ? and(isNull(call.settledAt), ne(call.state, 'ended')) : eq(call.state, state);

/** Everybody's calls, newest first. */
export const boardRows = (binding: D1Database, asked: BoardQuestion): Promise<CallRow[]> =>
  database(binding)
    .select()
    .from(call)
    .where(
      and(
        asked.state === undefined ? undefined : inState(asked.state),
        asked.person === undefined ? undefined : or(eq(call.callerId, asked.person), eq(call.calleeId, asked.person)),
        asked.reason === undefined ? undefined : eq(call.endReason, asked.reason as NonNullable<CallRow['endReason']>),
        asked.since === undefined ? undefined : gte(call.createdAt, asked.since),
        asked.before && sql`(${call.createdAt}, ${call.id}) < (${asked.before[0]}, ${asked.before[1]})`,
      ),
    )
    .orderBy(desc(call.createdAt), desc(call.id))
    .limit(asked.limit);

/** Connected calls that are alike to a tariff, counted. */
export interface CallGroup {
  readonly tariffId: string;
  readonly media: CallMedia;
  readonly kind: CallKind;
  /** 1 where the payer placed the call. */
  readonly payerCalled: number;
  readonly connectedSeconds: number;
  readonly calls: number;
}

/** Calls that ended since `since` (ms) after being connected, by what a tariff can tell of them; those groups with the newest calls first. */
export const endedGroups = (binding: D1Database, since: number, limit: number): Promise<CallGroup[]> => {
  const payerCalled = sql<number>`(${call.payerId} = ${call.callerId})`;
  const connectedSeconds = sql<number>`(${call.connectedMs} / 1000)`;
  return database(binding)
    .select({
      tariffId: call.tariffId,
      media: sql<CallMedia>`${call.media}`,
      kind: sql<CallKind>`${call.kind}`,
      payerCalled: payerCalled.as('payer_called'),
      connectedSeconds: connectedSeconds.as('connected_seconds'),
      calls: count().as('calls'),
    })
    .from(call)
    .where(and(gte(call.createdAt, since), eq(call.state, 'ended'), gt(call.connectedMs, 0)))
    .groupBy(call.tariffId, call.media, call.kind, sql`payer_called`, sql`connected_seconds`)
    .orderBy(sql`max(${call.createdAt}) DESC`)
    .limit(limit);
};
