/**
 * Announcements: one wish of staff becomes a notification for everybody of an audience. The audience is cut into pages, each
 * a message of the queue; who is on a page is told under an id made of announcement and person, so that whatever is repeated
 * tells nobody twice, and a job takes up what stood still.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { idFrom, newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { Delivery } from '../../platform/queues.ts';
import { userHub } from '../../platform/stubs.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { Announcement, Audience, makeAnnouncement } from '../../protocol/http/notifications.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import type { AnnounceMessage, AnnouncePageMessage } from '../../protocol/queue/messages.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { userIdsBetween } from '../user/service.ts';
import {
  type AnnouncementRow,
  type AudiencePage,
  announcementByKey,
  announcementPage,
  announcementRow,
  CUT,
  cutStatements,
  insertAnnouncement,
  orderedAgain,
  pageToldStatements,
  stuck,
} from './announcement-store.ts';
import { inVainStatement } from './climb-store.ts';
import { kinds } from './kinds.ts';
import { lookUp, vainRungs } from './reach.ts';
import type { Ways } from './ways.ts';

/** People on a page: a message of the queue tells so many hubs, and ten messages are handled at once. */
export const PAGE = 50;
const KIND = 'announcement';
/** Where those stand whom no rung would reach. */
const LAST_RUNG = kinds[KIND].steps.at(-1)?.rung ?? 'mail';
/** Pages cut by one message; what a queue takes at once. */
const PAGES_AT_ONCE = 100;

const rolesOf: Readonly<Record<Audience, readonly Role[]>> = {
  members: ['member'],
  companions: ['companion'],
  everybody: ['member', 'companion', 'supervisor', 'admin', 'superadmin'],
};

/**
 * Makes an announcement and begins to tell it. The same key and body: the same one.
 * @throws Problem `idempotency_conflict`
 */
export async function announce(
  ctx: Context,
  order: { body: BodyOf<typeof makeAnnouncement>; key: string; actor: UserId },
): Promise<Announcement> {
  const { audience, title, body, link = null } = order.body;
  const bodyHash = await hashOf([audience, title, body, link]);
  const row = { id: newId('ann'), key: order.key, bodyHash, createdBy: order.actor, createdAt: ctx.now, audience, title, body, link };
  try {
    await ctx.env.DB.batch([
      insertAnnouncement(ctx.env.DB, row),
      auditStatement(ctx, {
        actor: order.actor,
        action: 'announcement.send',
        subject: row.id,
        before: null,
        after: { audience, title, body, link },
      }),
    ]);
  } catch (thrown) {
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
  }
  const kept = await announcementByKey(ctx.env.DB, row);
  if (!kept) throw new Error('an announcement just written is not there');
  if (kept.bodyHash !== bodyHash) throw new Problem('idempotency_conflict', 'This Idempotency-Key was used for another announcement.');
  // Where the queue takes nothing now, the job begins it in a minute.
  if (kept.cutUpTo === null)
    await ctx.env.NOTIFICATIONS.send({ kind: 'announce', id: kept.id, after: null }).catch((thrown: unknown) =>
      ctx.log.error('an announcement could not be queued', { announcementId: kept.id, cause: causeOf(thrown) }),
    );
  return toWire(kept);
}

const hashOf = async (parts: readonly unknown[]): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Cuts the next piece of the audience into pages, puts them on the queue, and orders the piece behind it. */
export async function cutAudience(ctx: Context, { id, after }: AnnounceMessage): Promise<Delivery> {
  const row = await announcementRow(ctx.env.DB, id);
  if (!row) return { drop: true, code: 'no_such_announcement' };
  const most = PAGE * PAGES_AT_ONCE;
  // Whoever signs up after it was made reads what is new in another way.
  const ids = await userIdsBetween(ctx, { roles: rolesOf[row.audience], after, until: row.createdAt, limit: most });
  const pages: AudiencePage[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    const upTo = ids[Math.min(from + PAGE, ids.length) - 1];
    if (upTo !== undefined) pages.push({ after: ids[from - 1] ?? after, upTo });
  }
  const last = ids.at(-1);
  const whole = ids.length < most || last === undefined;
  await ctx.env.DB.batch(cutStatements(ctx.env.DB, { id, cutUpTo: whole ? CUT : last, pages, now: ctx.now }));
  if (pages.length > 0) await ctx.env.NOTIFICATIONS.sendBatch(pages.map((page) => ({ body: { kind: 'announce_page', id, ...page } })));
  if (!whole) await ctx.env.NOTIFICATIONS.send({ kind: 'announce', id, after: last });
  return { done: true };
}

/**
 * Tells everybody on a page. Who has neither a device nor mail for it is done with here: their hub orders nothing, and what
 * became of it is written for the whole page at once.
 * @throws where somebody could not be told: the message comes again, and tells the others nothing new
 */
export async function tellPage(ctx: Context, { id, after, upTo }: AnnouncePageMessage, ways: Ways): Promise<Delivery> {
  const row = await announcementRow(ctx.env.DB, id);
  if (!row) return { drop: true, code: 'no_such_announcement' };
  const ids = await userIdsBetween(ctx, { roles: rolesOf[row.audience], after, upTo, until: row.createdAt, limit: PAGE });
  const vain = await vainRungs(ctx, KIND, await lookUp(ctx, ids, ways), ways);
  const body = { announcementId: id, title: row.title, text: row.body, ...(row.link === null ? {} : { link: row.link }) };
  const told = await Promise.all(
    ids.map(async (userId) => {
      const notification = await idFrom('ntf', row.createdAt, `${id} ${userId}`);
      const { rungs = [], because = null } = vain.get(userId) ?? {};
      const hub = userHub(ctx.env, userId);
      const { inVain } = unwrap(await hub.notify({ id: notification, kind: KIND, body, vain: rungs, now: ctx.now }));
      return inVain ? [{ id: notification, userId, because }] : [];
    }),
  );
  await ctx.env.DB.batch([
    inVainStatement(ctx.env.DB, told.flat(), { kind: KIND, rung: LAST_RUNG, beganAt: ctx.now }),
    ...pageToldStatements(ctx.env.DB, { id, upTo, told: ids.length, now: ctx.now }),
  ]);
  return { done: true };
}

/** What has not moved for so long is put on the queue once more, ms. */
const STUCK_MS = 5 * 60_000;
/** The first piece follows at once. */
const AT_ONCE = 100;

/** Takes up what stood still: a request that died before the queue had it, messages that were given up. */
export async function goOnAnnouncing(ctx: Context): Promise<void> {
  const { uncut, pages } = await stuck(ctx.env.DB, { before: ctx.now - STUCK_MS, limit: AT_ONCE });
  for (const { id, cutUpTo } of uncut) await ctx.env.NOTIFICATIONS.send({ kind: 'announce', id, after: cutUpTo as UserId | null });
  if (pages.length === 0) return;
  await ctx.env.NOTIFICATIONS.sendBatch(pages.map((page) => ({ body: { kind: 'announce_page', ...page } })));
  await orderedAgain(ctx.env.DB, pages, ctx.now);
}

const position = z.tuple([z.int(), z.string()]);
const DEFAULT_PAGE = 50;

export async function announcements(
  ctx: Context,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Announcement[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await announcementPage(ctx.env.DB, { after: fromCursor(asked.cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor([last.createdAt, last.id]) : null };
}

const toWire = (row: AnnouncementRow): Announcement => ({
  id: row.id as Id<'ann'>,
  at: toTimestamp(row.createdAt),
  by: row.createdBy,
  audience: row.audience,
  title: row.title,
  body: row.body,
  link: row.link,
  told: row.told,
  finishedAt: row.finishedAt === null ? null : toTimestamp(row.finishedAt),
});
