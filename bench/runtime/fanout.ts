/** One word to a crowd: ours, and the least that a queue and objects can do for the same. */
import { DurableObject } from 'cloudflare:workers';
import { announce, PAGE } from '../../worker/domains/notification/announcing.ts';
import type { Env } from '../../worker/env.ts';
import type { Context } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import type { Id } from '../../worker/protocol/ids.ts';

export interface CrowdOrder {
  readonly people: number;
  /** Whether each has a phone that takes pushes. */
  readonly phones: boolean;
}

const AT_ONCE = 2_000;

/** Puts so many members in, straight into the tables. */
export async function gather({ env, now }: Context, { people, phones }: CrowdOrder): Promise<void> {
  for (let from = 0; from < people; from += AT_ONCE) {
    const rows = JSON.stringify(
      Array.from({ length: Math.min(AT_ONCE, people - from) }, (_, n) => ({
        user: newId('usr'),
        session: newId('ses'),
        device: newId('dev'),
        token: `phone-of-the-crowd-${from + n}`,
      })),
    );
    const each = (what: string): string => `json_extract(value, '$.${what}')`;
    const statements = [
      env.DB.prepare(
        `INSERT INTO user (id, role, monetization_version, ledger_shard, created_at) SELECT ${each('user')}, 'member', 'tokens', 0, ?2 FROM json_each(?1)`,
      ).bind(rows, now - 1),
      env.DB.prepare(
        `INSERT INTO session (id, user_id, created_at, last_seen_at) SELECT ${each('session')}, ${each('user')}, ?2, ?2 FROM json_each(?1)`,
      ).bind(rows, now),
    ];
    if (phones)
      statements.push(
        env.DB.prepare(
          `INSERT INTO push_device (id, user_id, session_id, platform, token, created_at, seen_at)
           SELECT ${each('device')}, ${each('user')}, ${each('session')}, 'fcm', ${each('token')}, ?2, ?2 FROM json_each(?1)`,
        ).bind(rows, now),
      );
    await env.DB.batch(statements);
  }
}

/** Announces something to all members; @returns the announcement */
export async function tellCrowd(ctx: Context): Promise<Id<'ann'>> {
  const by = await ctx.env.DB.prepare('SELECT id FROM user LIMIT 1').first<{ id: Id<'usr'> }>();
  if (!by) throw new Error('there is no crowd');
  const body = { audience: 'members', title: 'Tea', body: 'At three o’clock.' } as const;
  return (await announce(ctx, { body, key: crypto.randomUUID(), actor: by.id })).id;
}

/** People whose hubs know of it, and climbs of it that have come to their end outside the app. */
export async function progressOf({ env }: Context, id: Id<'ann'>): Promise<{ told: number; climbed: number }> {
  const [told, climbed] = await env.DB.batch<{ n: number }>([
    env.DB.prepare('SELECT coalesce(sum(told), 0) AS n FROM announcement_page WHERE announcement_id = ?').bind(id),
    env.DB.prepare(
      `SELECT count(*) AS n FROM notification_climb WHERE began_at >= (SELECT created_at FROM announcement WHERE id = ?)
         AND (state = 'told' OR (state = 'unreached' AND rung = 'mail'))`,
    ).bind(id),
  ]);
  return { told: told?.results[0]?.n ?? 0, climbed: climbed?.results[0]?.n ?? 0 };
}

// ── the least ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface BareEnv extends Env {
  readonly BENCH_QUEUE: Queue<BarePage>;
  readonly BENCH_STORE: DurableObjectNamespace<BareStore>;
}

interface BarePage {
  readonly round: string;
  readonly from: number;
  readonly to: number;
}

/** Keeps a word once and does nothing else. */
export class BareStore extends DurableObject {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS word (id TEXT PRIMARY KEY)');
  }

  keep(id: string): void {
    this.ctx.storage.sql.exec('INSERT INTO word (id) VALUES (?) ON CONFLICT DO NOTHING', id);
  }
}

let kept = 0;
export const bareKept = (): number => kept;

/** As many messages as ours, each to as many objects. */
export async function tellBare(env: BareEnv, { people, round }: { people: number; round: string }): Promise<void> {
  kept = 0;
  const pages: BarePage[] = [];
  for (let from = 0; from < people; from += PAGE) pages.push({ round, from, to: Math.min(from + PAGE, people) });
  for (let n = 0; n < pages.length; n += 100) await env.BENCH_QUEUE.sendBatch(pages.slice(n, n + 100).map((body) => ({ body })));
}

export async function consumeBare(batch: MessageBatch<unknown>, env: BareEnv): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const { round, from, to } = message.body as BarePage;
      await Promise.all(Array.from({ length: to - from }, (_, n) => env.BENCH_STORE.getByName(`store ${from + n}`).keep(round)));
      kept += to - from;
      message.ack();
    }),
  );
}
