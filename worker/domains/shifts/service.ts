/** Working time of companions. */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import { userHub } from '../../platform/stubs.ts';
import type { shift as wireShift } from '../../protocol/http/me.ts';
import type { WorkingHour, WorkingHours } from '../../protocol/http/work.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { eventStatement } from '../event_log/service.ts';
import { type Span, spansOf, tidyHours } from './hours.ts';
import {
  endBreakRow,
  endRow,
  hoursRows,
  insertBreak,
  insertShift,
  latestRow,
  openRow,
  openRows,
  type ShiftRow,
  shiftsSince,
  upsertHours,
} from './store.ts';
import { workedSince } from './workday.ts';

export type Shift = z.infer<typeof wireShift>;

/** The shift the person works now, or null. */
export async function openShift(ctx: Context, userId: UserId): Promise<Shift | null> {
  const row = await openRow(ctx.env.DB, userId);
  return row ? toWire(row) : null;
}

/** The shift the person began last, open or ended; null for who never worked. */
export async function lastShift(ctx: Context, userId: UserId): Promise<Shift | null> {
  const row = await latestRow(ctx.env.DB, userId);
  return row ? toWire(row) : null;
}

/** Those of `ids` who work now and are on no break: a call could come to them. */
export async function onShift(ctx: Context, ids: readonly UserId[]): Promise<Set<UserId>> {
  const rows = ids.length === 0 ? [] : await openRows(ctx.env.DB, ids);
  return new Set(rows.map(({ userId }) => userId as UserId));
}

/** Starts work. While working: the same shift, and the hub is told again, so that repeating heals a lost word. */
export async function startShift(ctx: Context, userId: UserId): Promise<Shift> {
  const shift = (await openRow(ctx.env.DB, userId)) ?? (await start(ctx, userId));
  await tellHub(ctx, userId, shift.breakSince === null ? 'working' : 'on_break');
  return toWire(shift);
}

async function start(ctx: Context, userId: UserId): Promise<ShiftRow> {
  const row = { id: newId('shf'), userId, startedAt: ctx.now };
  const started = eventStatement(ctx, { type: 'shift.started', subject: row.id, actor: userId, payload: { userId } });
  try {
    await ctx.env.DB.batch([insertShift(ctx.env.DB, row), started]);
    return { ...row, endedAt: null, breakSince: null };
  } catch (thrown) {
    // Started from two devices at once: one shift, for both.
    const first = refusedWith(thrown, 'UNIQUE') ? await openRow(ctx.env.DB, userId) : undefined;
    if (!first) throw thrown;
    return first;
  }
}

/** Ends work; a running call goes on to its end. Repeated: the same shift. Null for who never worked. */
export async function endShift(ctx: Context, userId: UserId): Promise<Shift | null> {
  const open = await openRow(ctx.env.DB, userId);
  if (open) await end(ctx, open);
  await tellHub(ctx, userId, 'off');
  return lastShift(ctx, userId);
}

async function end(ctx: Context, { id, userId }: ShiftRow): Promise<void> {
  const ended = eventStatement(ctx, { type: 'shift.ended', subject: id, actor: userId as UserId, payload: { userId } });
  try {
    await ctx.env.DB.batch([endBreakRow(ctx.env.DB, id, ctx.now), endRow(ctx.env.DB, id, ctx.now), ended]);
  } catch (thrown) {
    if (!refusedWith(thrown, 'shift_is_over')) throw thrown;
  }
}

/**
 * A break: no calls come meanwhile, and presence says so. Again while on it: the same break.
 * @throws Problem `not_working` without an open shift
 */
export async function startBreak(ctx: Context, userId: UserId): Promise<Shift> {
  const shift = await mustWork(ctx, userId);
  if (shift.breakSince === null) {
    const began = eventStatement(ctx, { type: 'shift.break_started', subject: shift.id, actor: userId, payload: { userId } });
    try {
      await ctx.env.DB.batch([insertBreak(ctx.env.DB, { shiftId: shift.id, startedAt: ctx.now }), began]);
    } catch (thrown) {
      // Two devices at once, or the shift has just ended: what stands now is the answer.
      if (!refusedWith(thrown, 'UNIQUE') && !refusedWith(thrown, 'shift_is_over')) throw thrown;
    }
  }
  await tellHub(ctx, userId, 'on_break');
  return toWire(await mustWork(ctx, userId));
}

/**
 * Back at work. Again: nothing changes.
 * @throws Problem `not_working` without an open shift
 */
export async function endBreak(ctx: Context, userId: UserId): Promise<Shift> {
  const shift = await mustWork(ctx, userId);
  if (shift.breakSince !== null) {
    const ended = eventStatement(ctx, { type: 'shift.break_ended', subject: shift.id, actor: userId, payload: { userId } });
    await ctx.env.DB.batch([endBreakRow(ctx.env.DB, shift.id, ctx.now), ended]);
  }
  await tellHub(ctx, userId, 'working');
  return toWire({ ...shift, breakSince: null });
}

async function mustWork(ctx: Context, userId: UserId): Promise<ShiftRow> {
  const row = await openRow(ctx.env.DB, userId);
  if (!row) throw new Problem('not_working', 'Begin your shift first.');
  return row;
}

/** Seconds at work and on breaks since `from` (ms). */
export async function workedOf(ctx: Context, userId: UserId, from: number): Promise<{ workedSeconds: number; breakSeconds: number }> {
  return workedSince(await shiftsSince(ctx.env.DB, userId, from), from, ctx.now);
}

/** When a companion usually works; none where they have not said. */
export async function hoursOf(ctx: Context, userId: UserId, fallbackZone: string): Promise<WorkingHours> {
  const [row] = await hoursRows(ctx.env.DB, [userId]);
  return row ? { timeZone: row.timeZone, items: row.items } : { timeZone: fallbackZone, items: [] };
}

/** Changes the usual hours; what is left out stays. */
export async function changeHours(
  ctx: Context,
  order: { userId: UserId; timeZone?: string | undefined; items?: readonly WorkingHour[] | undefined; fallbackZone: string },
): Promise<WorkingHours> {
  const before = await hoursOf(ctx, order.userId, order.fallbackZone);
  const hours = { timeZone: order.timeZone ?? before.timeZone, items: tidyHours(order.items ?? before.items) };
  await upsertHours(ctx.env.DB, { userId: order.userId, ...hours, changedAt: ctx.now });
  return hours;
}

/** When each of `ids` usually begins in the coming days; those who have not said are left out. */
export async function spansAhead(ctx: Context, ids: readonly UserId[], days: number): Promise<Map<UserId, Span[]>> {
  const rows = ids.length === 0 ? [] : await hoursRows(ctx.env.DB, ids);
  return new Map(rows.map((row) => [row.userId as UserId, spansOf(row, ctx.now, days)]));
}

/** The shift is what counts; presence follows it. A hub that can't be reached now learns of it the next time. */
async function tellHub(ctx: Context, userId: UserId, state: 'working' | 'on_break' | 'off'): Promise<void> {
  try {
    const told = await userHub(ctx.env, userId).shiftChanged({ working: state === 'working', onBreak: state === 'on_break', now: ctx.now });
    if (!told.ok) ctx.log.warn('the hub did not take a shift', { userId, code: told.code });
  } catch (thrown) {
    ctx.log.warn('the hub could not be told of a shift', { userId, cause: causeOf(thrown) });
  }
}

const toWire = (row: ShiftRow): Shift => ({
  id: row.id as Id<'shf'>,
  startedAt: toTimestamp(row.startedAt),
  endedAt: row.endedAt === null ? null : toTimestamp(row.endedAt),
  breakSince: row.breakSince === null ? null : toTimestamp(row.breakSince),
});
