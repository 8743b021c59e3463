/** The only SQL for `announcement` and `announcement_page`. */
import type { Audience } from '../../protocol/http/notifications.ts';
import type { Id, UserId } from '../../protocol/ids.ts';

export interface AnnouncementRow {
  readonly id: Id<'ann'>;
  readonly key: string;
  readonly bodyHash: string;
  readonly createdBy: UserId;
  readonly createdAt: number;
  readonly audience: Audience;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  /** Up to which person it was cut into pages; null: not begun; `CUT`: to the end. */
  readonly cutUpTo: string | null;
  readonly finishedAt: number | null;
  /** People told so far. */
  readonly told: number;
}

export type ToTell = Pick<AnnouncementRow, 'createdAt' | 'audience' | 'title' | 'body' | 'link'>;

/** Sorts behind every id. */
export const CUT = '~';

const SELECT = `SELECT a.id, a.key, a.body_hash AS bodyHash, a.created_by AS createdBy, a.created_at AS createdAt, a.audience, a.title, a.body,
  a.link, a.cut_up_to AS cutUpTo, a.finished_at AS finishedAt,
  (SELECT coalesce(sum(p.told), 0) FROM announcement_page p WHERE p.announcement_id = a.id) AS told FROM announcement a`;

type NewRow = Omit<AnnouncementRow, 'cutUpTo' | 'finishedAt' | 'told'>;

/** Aborts its batch where the key was used by the same person. */
export const insertAnnouncement = (binding: D1Database, row: NewRow): D1PreparedStatement =>
  binding
    .prepare(
      'INSERT INTO announcement (id, key, body_hash, created_by, created_at, audience, title, body, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .bind(row.id, row.key, row.bodyHash, row.createdBy, row.createdAt, row.audience, row.title, row.body, row.link);

/** What there is to tell, and whom. How many were told is not counted: each page asks, and would count all the others. */
export const announcementRow = (binding: D1Database, id: string): Promise<ToTell | null> =>
  binding.prepare('SELECT created_at AS createdAt, audience, title, body, link FROM announcement WHERE id = ?').bind(id).first<ToTell>();

export const announcementByKey = (
  binding: D1Database,
  { createdBy, key }: Pick<NewRow, 'createdBy' | 'key'>,
): Promise<AnnouncementRow | null> =>
  binding.prepare(`${SELECT} WHERE a.created_by = ? AND a.key = ?`).bind(createdBy, key).first<AnnouncementRow>();

/** Newest first, those behind `after`. */
export async function announcementPage(
  binding: D1Database,
  { after, limit }: { after: readonly [number, string] | null; limit: number },
): Promise<AnnouncementRow[]> {
  const [at, id] = after ?? [Number.MAX_SAFE_INTEGER, ''];
  const { results } = await binding
    .prepare(`${SELECT} WHERE (a.created_at, a.id) < (?, ?) ORDER BY a.created_at DESC, a.id DESC LIMIT ?`)
    .bind(at, id, limit)
    .all<AnnouncementRow>();
  return results;
}

export interface AudiencePage {
  /** Null: from the first person on. */
  readonly after: UserId | null;
  readonly upTo: UserId;
}

/** Notes that the audience is cut up to `cutUpTo`, and its pages; the same again changes nothing. */
export const cutStatements = (
  binding: D1Database,
  { id, cutUpTo, pages, now }: { id: Id<'ann'>; cutUpTo: string; pages: readonly AudiencePage[]; now: number },
): D1PreparedStatement[] => [
  binding
    .prepare(
      `INSERT INTO announcement_page (announcement_id, up_to, after, ordered_at)
       SELECT ?1, json_extract(value, '$.upTo'), json_extract(value, '$.after'), ?2 FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`,
    )
    .bind(id, now, JSON.stringify(pages)),
  binding.prepare("UPDATE announcement SET cut_up_to = max(coalesce(cut_up_to, ''), ?2), cut_at = ?3 WHERE id = ?1").bind(id, cutUpTo, now),
  finish(binding, id, now),
];

/** A page is told; the last one finishes the announcement. */
export const pageToldStatements = (
  binding: D1Database,
  { id, upTo, told, now }: { id: Id<'ann'>; upTo: UserId; told: number; now: number },
): D1PreparedStatement[] => [
  binding.prepare('UPDATE announcement_page SET told = ?3 WHERE announcement_id = ?1 AND up_to = ?2 AND told IS NULL').bind(id, upTo, told),
  finish(binding, id, now),
];

const finish = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  binding
    .prepare(
      `UPDATE announcement SET finished_at = ?2 WHERE id = ?1 AND finished_at IS NULL AND cut_up_to = '${CUT}'
       AND NOT EXISTS (SELECT 1 FROM announcement_page p WHERE p.announcement_id = ?1 AND p.told IS NULL)`,
    )
    .bind(id, now);

/** What has stood still since before `before`: announcements not cut to their end, and pages not told. */
export async function stuck(
  binding: D1Database,
  { before, limit }: { before: number; limit: number },
): Promise<{ uncut: { id: Id<'ann'>; cutUpTo: string | null }[]; pages: (AudiencePage & { id: Id<'ann'> })[] }> {
  const [uncut, pages] = await binding.batch<Record<string, unknown>>([
    binding
      .prepare(
        `SELECT id, cut_up_to AS cutUpTo FROM announcement WHERE finished_at IS NULL AND coalesce(cut_up_to, '') <> '${CUT}'
         AND coalesce(cut_at, created_at) < ?1 ORDER BY created_at LIMIT ?2`,
      )
      .bind(before, limit),
    binding
      .prepare(
        `SELECT p.announcement_id AS id, p.after, p.up_to AS upTo FROM announcement_page p JOIN announcement a ON a.id = p.announcement_id
         WHERE p.told IS NULL AND a.finished_at IS NULL AND p.ordered_at < ?1 ORDER BY p.ordered_at LIMIT ?2`,
      )
      .bind(before, limit),
  ]);
  return {
    uncut: (uncut?.results ?? []) as { id: Id<'ann'>; cutUpTo: string | null }[],
    pages: (pages?.results ?? []) as unknown as (AudiencePage & { id: Id<'ann'> })[],
  };
}

/** These pages are on their way again. */
export async function orderedAgain(
  binding: D1Database,
  pages: readonly { readonly id: Id<'ann'>; readonly upTo: UserId }[],
  now: number,
): Promise<void> {
  await binding
    .prepare(
      `UPDATE announcement_page SET ordered_at = ? WHERE (announcement_id, up_to) IN
       (SELECT json_extract(value, '$.id'), json_extract(value, '$.upTo') FROM json_each(?))`,
    )
    .bind(now, JSON.stringify(pages))
    .run();
}
