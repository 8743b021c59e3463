/**
 * Seals: once a day, or when much has come, the postings since the last seal are hashed, chained to the seal before, and
 * the hash is kept outside the database. Whoever changes a sealed row later, by whatever means, can't also change what
 * was said of it.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { ledgerShard, ledgerShards } from '../../platform/shards.ts';
import { lastPosting } from './proof-store.ts';
import { dayOf, sha256 } from './rules.ts';
import { insertSeal, lastSeal, linesOf, type Seal, sealsAfter } from './seal-store.ts';

/** So many postings are sealed without waiting for the day to turn; also the most one seal holds. */
export const SEAL_ROWS = 20_000;
/** Rows hashed at a time. Part of what a seal means: another number gives other hashes. */
const CHUNK = 500;

const objectName = (shard: number, n: number): string => `ledger-${shard}/${String(n).padStart(8, '0')}.json`;

/** What lies in R2 for each seal, beside the row in the shard. */
const sealObject = z.object({
  shard: z.int(),
  n: z.int(),
  afterSeq: z.int(),
  toSeq: z.int(),
  prevHash: z.string(),
  hash: z.string(),
  createdAt: z.int(),
});

/**
 * Hash of a range: each chunk of lines is hashed together with the hash before it, beginning with the previous seal's,
 * so that a range of any length needs the memory of one chunk.
 */
async function hashRange(db: D1Database, prevHash: string, afterSeq: number, toSeq: number): Promise<string> {
  let hash = await sha256(`${prevHash}\n${afterSeq}-${toSeq}`);
  for (let at = afterSeq; at < toSeq; ) {
    const lines = await linesOf(db, at, toSeq, CHUNK);
    const last = lines.at(-1);
    if (!last) break;
    hash = await sha256(`${hash}\n${lines.map(({ line }) => line).join('\n')}`);
    at = last.seq;
  }
  return hash;
}

/**
 * Seals every shard that is due: it has postings of a day before today unsealed, or very many.
 * @throws Error of a shard that could not be sealed, when all others are
 */
export async function sealWhatIsDue(ctx: Context): Promise<void> {
  const sealed = await Promise.allSettled([...ledgerShards(ctx.env).keys()].map((shard) => sealShard(ctx, shard, false)));
  for (const shard of sealed) if (shard.status === 'rejected') throw shard.reason;
}

/**
 * Seals what a shard has unsealed.
 * @param now true: whatever there is, without waiting for the day to turn
 * @returns the seal made, or null where nothing was due or another sealer was first
 * @throws Error where a seal of this number was made for other books
 */
export async function sealShard(ctx: Context, shard: number, now: boolean): Promise<Seal | null> {
  const db = ledgerShard(ctx.env, shard);
  const [previous, max] = await Promise.all([lastSeal(db), lastPosting(db)]);
  const afterSeq = previous?.toSeq ?? 0;
  if (max <= afterSeq) return null;
  const dayTurned = !previous || dayOf(previous.createdAt) < dayOf(ctx.now);
  if (!now && !dayTurned && max - afterSeq < SEAL_ROWS) return null;
  const n = (previous?.n ?? 0) + 1;
  const prevHash = previous?.hash ?? '';
  const toSeq = Math.min(max, afterSeq + SEAL_ROWS);
  const seal: Seal = { n, afterSeq, toSeq, prevHash, hash: await hashRange(db, prevHash, afterSeq, toSeq), createdAt: ctx.now };
  const name = objectName(shard, n);
  // R2 first: it keeps the first word said. After a crash in between, the row is made from that word.
  const written = await ctx.env.SEALS.put(name, JSON.stringify({ shard, ...seal }), {
    onlyIf: new Headers({ 'If-None-Match': '*' }),
  });
  const said = written ? seal : await readObject(ctx, name);
  if (!said || said.afterSeq !== afterSeq || said.prevHash !== prevHash) {
    throw new Error(`seal ${n} of shard ${shard} was made for other books`);
  }
  return (await insertSeal(db, said)) ? said : null;
}

async function readObject(ctx: Context, name: string): Promise<Seal | null> {
  const object = await ctx.env.SEALS.get(name);
  if (!object) return null;
  const parsed = z.safeParse(sealObject, await object.json().catch(() => null));
  if (!parsed.success) return null;
  const { shard: _shard, ...seal } = parsed.data;
  return seal;
}

/** What checking some seals of a shard found. */
export interface SealCheck {
  readonly checked: number;
  readonly broken: number;
  /** The last seal looked at. */
  readonly upTo: number;
  readonly done: boolean;
}

/** Recomputes up to `limit` seals after the `n`-th: the rows, the chain, and what R2 says. */
export async function checkSeals(ctx: Context, shard: number, after: number, limit: number): Promise<SealCheck> {
  const db = ledgerShard(ctx.env, shard);
  // One more in front, for the chain.
  const rows = await sealsAfter(db, after - 1, limit + 1);
  let previous = rows[0]?.n === after ? rows.shift() : undefined;
  const seals = rows.slice(0, limit);
  let broken = 0;
  for (const seal of seals) {
    if (!(await holds(ctx, shard, db, seal, previous))) {
      broken++;
      ctx.log.error('a seal of the ledger is broken', { shard, n: seal.n });
    }
    previous = seal;
  }
  const upTo = seals.at(-1)?.n ?? after;
  const more = await sealsAfter(db, upTo, 1);
  // A seal that R2 has and the shard does not: somebody took the last rows away.
  if (more.length === 0 && (await ctx.env.SEALS.head(objectName(shard, upTo + 2)))) broken++;
  return { checked: seals.length, broken, upTo, done: more.length === 0 };
}

async function holds(ctx: Context, shard: number, db: D1Database, seal: Seal, previous: Seal | undefined): Promise<boolean> {
  if (seal.n !== (previous?.n ?? 0) + 1 || seal.afterSeq !== (previous?.toSeq ?? 0) || seal.prevHash !== (previous?.hash ?? ''))
    return false;
  const said = await readObject(ctx, objectName(shard, seal.n));
  if (!said || said.hash !== seal.hash || said.toSeq !== seal.toSeq || said.afterSeq !== seal.afterSeq) return false;
  return (await hashRange(db, seal.prevHash, seal.afterSeq, seal.toSeq)) === seal.hash;
}
