/** What a companion earned, read from the ledger; nothing is kept here. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { ExplainedEarning, explainEarning, listEarnings, readEarnings } from '../../protocol/http/earnings.ts';
import type { AnswerOf, QueryOf } from '../../protocol/http/endpoint.ts';
import { type CallId, callId, type PostingId, postingId, type TariffId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type Income, incomeById, incomeOfOwner, receivedIn, spendable } from '../balance/service.ts';
import { tariffById } from '../billing/service.ts';
import { timeZonesOf } from '../profile/service.ts';
import { computedFrom, dayOf, daysBack, daysOfWeek } from './rules.ts';

const UNIT = 'EARN';

const ownerOf = ({ userId, ledgerShard }: Principal) => ({ userId, shard: ledgerShard });
const zoneOf = async (ctx: Context, { userId }: Principal): Promise<string> => (await timeZonesOf(ctx, [userId])).get(userId) ?? 'UTC';

/** Earned since `from` (ms). */
export async function earnedSince(ctx: Context, who: Principal, from: number): Promise<number> {
  const [sum] = await receivedIn(ctx, ownerOf(who), UNIT, [{ from, to: Number.MAX_SAFE_INTEGER }]);
  return sum?.amount ?? 0;
}

/** Today, this week, in all, and day by day. Until there are payouts, what stands on the balance is all there ever was. */
export async function summary(ctx: Context, who: Principal): Promise<AnswerOf<typeof readEarnings>> {
  const timeZone = await zoneOf(ctx, who);
  const days = daysBack(ctx.now, timeZone);
  const [sums, total] = await Promise.all([receivedIn(ctx, ownerOf(who), UNIT, days), spendable(ctx, ownerOf(who), UNIT)]);
  const amounts = days.map(({ date }, n) => ({ date, amount: sums[n]?.amount ?? 0, calls: sums[n]?.calls ?? 0 }));
  return {
    unit: UNIT,
    today: amounts[0]?.amount ?? 0,
    week: amounts.slice(0, daysOfWeek(ctx.now, timeZone)).reduce((sum, { amount }) => sum + amount, 0),
    total,
    days: amounts.filter(({ amount, calls }) => amount !== 0 || calls > 0),
    timeZone,
  };
}

const DEFAULT_PAGE = 50;

/** Every single earning, newest first. */
export async function items(ctx: Context, who: Principal, asked: QueryOf<typeof listEarnings>): Promise<AnswerOf<typeof listEarnings>> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, postingId) ?? undefined;
  const period = asked.date === undefined ? undefined : dayOf(asked.date, await zoneOf(ctx, who));
  const found = await incomeOfOwner(ctx, ownerOf(who), UNIT, { period, ref: asked.callId, before, limit: limit + 1 });
  const page = found.slice(0, limit);
  return { items: page.map(toWire), nextCursor: found.length > limit ? toCursor(page.at(-1)?.id) : null };
}

/**
 * How one number came about.
 * @throws Problem `not_found` for an id that is none of theirs
 */
export async function explain(ctx: Context, who: Principal, id: PostingId): Promise<AnswerOf<typeof explainEarning>> {
  const income = await incomeById(ctx, ownerOf(who), UNIT, id);
  if (!income) throw new Problem('not_found', 'There is no such earning.');
  return { earning: { ...toWire(income), unit: UNIT, formula: await formulaOf(ctx, income) } };
}

async function formulaOf(ctx: Context, { metadata }: Income): Promise<ExplainedEarning['formula']> {
  const computed = computedFrom(metadata);
  const tariff = computed && (await tariffById(ctx, computed.tariffId as TariffId));
  if (!computed || !tariff) return null;
  const { checkpoint, tariffAmount, multiplier, parts } = computed;
  return { tariff: { id: tariff.id, name: tariff.name, version: tariff.version }, checkpoint, tariffAmount, multiplier, parts };
}

const toWire = ({ id, at, amount, kind, ref }: Income) => ({
  id,
  at: toTimestamp(at),
  amount,
  kind,
  callId: callId.safeParse(ref).success ? (ref as CallId) : null,
});
