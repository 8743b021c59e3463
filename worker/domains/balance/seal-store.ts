/** The SQL of seals: ranges of postings with their transfers, in the order they were committed. */

export interface Seal {
  /** 1-based. */
  readonly n: number;
  /** The sealed postings have `seq` in (afterSeq, toSeq]. */
  readonly afterSeq: number;
  readonly toSeq: number;
  /** Hash of the seal before it; an empty text before the first. */
  readonly prevHash: string;
  readonly hash: string;
  readonly createdAt: number;
}

const COLUMNS = 'n, after_seq AS afterSeq, to_seq AS toSeq, prev_hash AS prevHash, hash, created_at AS createdAt';

export async function lastSeal(db: D1Database): Promise<Seal | null> {
  return db.prepare(`SELECT ${COLUMNS} FROM seal ORDER BY n DESC LIMIT 1`).first<Seal>();
}

/** Seals after the `n`-th, in order. */
export async function sealsAfter(db: D1Database, n: number, limit: number): Promise<Seal[]> {
  const { results } = await db.prepare(`SELECT ${COLUMNS} FROM seal WHERE n > ?1 ORDER BY n LIMIT ?2`).bind(n, limit).all<Seal>();
  return results;
}

/** Days on which this shard was sealed, as `YYYY-MM-DD` in UTC. */
export async function sealedDays(db: D1Database): Promise<string[]> {
  const { results } = await db.prepare("SELECT DISTINCT date(created_at / 1000, 'unixepoch') AS day FROM seal").all<{ day: string }>();
  return results.map((row) => row.day);
}

/** Writes a seal; answers false where another sealer was first. */
export async function insertSeal(db: D1Database, seal: Seal): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO seal (n, after_seq, to_seq, prev_hash, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (n) DO NOTHING`,
    )
    .bind(seal.n, seal.afterSeq, seal.toSeq, seal.prevHash, seal.hash, seal.createdAt)
    .run();
  return meta.changes === 1;
}

/** Postings of `seq` in (after, upTo] as text, one line each with its transfers: every column that is there. */
export async function linesOf(db: D1Database, after: number, upTo: number, limit: number): Promise<{ seq: number; line: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT p.seq, json_array(p.seq, p.id, p.key, p.input_hash, p.owner, p.kind, p.ref, p.actor, p.pair_key, p.event_at, p.created_at,
           p.metadata,
           (SELECT json_group_array(json_array(t.seq, t.id, t.n, t.from_account, t.to_account, t.unit, t.amount))
            FROM (SELECT * FROM transfer WHERE posting_seq = p.seq ORDER BY n) t)) AS line
       FROM posting p WHERE p.seq > ?1 AND p.seq <= ?2 ORDER BY p.seq LIMIT ?3`,
    )
    .bind(after, upTo, limit)
    .all<{ seq: number; line: string }>();
  return results;
}
