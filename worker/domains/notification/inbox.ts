/** The inbox over HTTP: what the hub keeps, in the person's words. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { unwrap } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import { type InboxPage, userHub } from '../../platform/stubs.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { InboxItem, readNotifications } from '../../protocol/http/notifications.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { readerOf } from './choices.ts';
import { kinds } from './kinds.ts';
import { type Reader, ways } from './ways.ts';

type Kept = InboxPage['items'][number];

const DEFAULT_PAGE = 30;
const position = z.int();

export async function readInbox(
  ctx: Context,
  { userId }: Pick<Principal, 'userId'>,
  asked: { cursor?: string | undefined; limit?: number | undefined },
  device: AppLanguage | undefined,
): Promise<{ items: InboxItem[]; nextCursor: string | null; unread: number }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, position);
  const [answer, reader] = await Promise.all([
    userHub(ctx.env, userId).inbox({ before, limit: limit + 1, now: ctx.now }),
    readerOf(ctx, userId, device),
  ]);
  const { items: found, unread } = unwrap(answer);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: (await Promise.all(items.map((item) => said(ctx, item, reader)))).flatMap((item) => item ?? []),
    nextCursor: found.length > limit && last ? toCursor(last.seq) : null,
    unread,
  };
}

/** One that can't be worded, from other code or with facts that are gone, hides no other. */
async function said(ctx: Context, item: Kept, reader: Reader): Promise<InboxItem | null> {
  const words = await ways.words(ctx, { kind: item.kind, facts: item.facts, channel: 'in_app', reader });
  return words && toWire(item, words);
}

function toWire({ id, seq, at, kind, facts, readAt }: Kept, words: InboxItem['words']): InboxItem {
  const { group, link, actions } = kinds[kind];
  return {
    id,
    seq,
    at: toTimestamp(at),
    kind,
    group,
    words,
    body: { ...facts },
    link: link(facts),
    actions: [...actions(facts)],
    readAt: readAt === null ? null : toTimestamp(readAt),
  };
}

/** Marks as read, on every device at once. @returns how many are left */
export async function markRead(
  ctx: Context,
  { userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>,
  which: BodyOf<typeof readNotifications>,
): Promise<{ unread: number }> {
  return unwrap(await userHub(ctx.env, userId).readInbox({ ...which, by: sessionId, now: ctx.now }));
}
