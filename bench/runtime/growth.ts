/** Fills the databases for the growth benchmark: rows as the services write them, many at a time. */
import { credit, type Fact, post } from '../../worker/domains/balance/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import { galleryFeed } from '../../worker/platform/stubs.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { untold } from './ledger.ts';

export interface GrowthOrder {
  /** The member whose pages are read. */
  readonly reader: UserId;
  readonly readerShard: number;
  /** A companion the reader has talked to. */
  readonly companion: UserId;
  readonly companions: number;
  /** Postings of everybody, and of the reader. */
  readonly postings: number;
  readonly ownPostings: number;
  /** Calls of everybody, and of the reader. */
  readonly calls: number;
  readonly ownCalls: number;
}

const CHUNK = 500;
const POSTINGS_A_PERSON = 20;

export async function grow(ctx: Context, order: GrowthOrder): Promise<void> {
  await growCompanions(ctx, order.companions);
  await growCalls(ctx, order.calls - order.ownCalls, () => [newId('usr'), newId('usr')]);
  await growCalls(ctx, order.ownCalls, () => [order.reader, order.companion]);
  const alone = untold(ctx);
  const others = Array.from({ length: Math.ceil(order.postings / POSTINGS_A_PERSON) }, () => newId('usr'));
  await growPostings(alone, order.postings - order.ownPostings, 0, (n) => others[n % others.length] as UserId);
  await growPostings(alone, order.ownPostings, order.readerShard, () => order.reader);
}

async function inChunks<T>(count: number, make: (n: number) => T, write: (rows: T[]) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += CHUNK) await write(Array.from({ length: Math.min(CHUNK, count - n) }, (_, i) => make(n + i)));
}

async function growCompanions(ctx: Context, count: number): Promise<void> {
  const { DB } = ctx.env;
  await inChunks(
    count,
    (n) => ({ id: newId('usr'), shift: newId('shf'), name: `Companion ${n}`, language: ['en', 'fr', 'de'][n % 3] }),
    async (rows) => {
      const from = JSON.stringify(rows);
      const insert = (sql: string) => DB.prepare(`${sql} FROM json_each(?1)`).bind(from, ctx.now);
      await DB.batch([
        insert(
          `INSERT INTO user (id, role, monetization_version, ledger_shard, created_at) SELECT value->>'id', 'companion', 'tokens', 0, ?2`,
        ),
        insert(`INSERT INTO public_profile (user_id, display_name, about, languages, skills, updated_at)
          SELECT value->>'id', value->>'name', 'Likes gardens and old songs.', json_array(value->>'language'), '[]', ?2`),
        insert(
          `INSERT INTO companion (user_id, media, tier, approved_at, created_at) SELECT value->>'id', '["audio","video"]', 'standard', ?2, ?2`,
        ),
        insert(`INSERT INTO shift (id, user_id, started_at) SELECT value->>'shift', value->>'id', ?2`),
      ]);
      const feed = galleryFeed(ctx.env);
      await Promise.all(rows.map(({ id }) => feed.changed({ userId: id, presence: 'online', onShift: true, since: ctx.now, at: ctx.now })));
    },
  );
}

const growCalls = (ctx: Context, count: number, pair: () => readonly [UserId, UserId]): Promise<void> =>
  inChunks(
    count,
    () => {
      const [caller, callee] = pair();
      return { id: newId('call'), caller, callee };
    },
    (rows) =>
      ctx.env.DB.prepare(
        `INSERT INTO call (id, caller_id, callee_id, payer_id, media, kind, tariff_id, state, end_reason, connected_ms, created_at, ended_at, settled_at)
         SELECT value->>'id', value->>'caller', value->>'callee', value->>'caller', 'audio', 'direct', ?3, 'ended', 'hangup', 600000,
           ?2 - 700000, ?2 - 60000, ?2 - 60000 FROM json_each(?1)`,
      )
        .bind(JSON.stringify(rows), ctx.now, newId('tar'))
        .run(),
  );

async function growPostings(ctx: Context, count: number, shard: number, owner: (n: number) => UserId): Promise<void> {
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let n = lane * 20; n < count; n += 80) {
      const facts = Array.from({ length: Math.min(20, count - n) }, (_, i) => giftTo(ctx, owner(n + i), shard));
      for (const answer of await post(ctx, facts)) if (answer.outcome !== 'posted') throw new Error(`not posted: ${answer.outcome}`);
    }
  });
  await Promise.all(lanes);
}

function giftTo(ctx: Context, userId: UserId, shard: number): Fact {
  const owner = { userId, shard };
  const id = newId('pur');
  return {
    owner,
    key: `promo:${id}`,
    kind: 'promo',
    ref: id,
    actor: 'system',
    eventAt: ctx.now,
    intent: { amount: 5 },
    moves: [credit(owner, 'COIN', 'promo', 5)],
  };
}
