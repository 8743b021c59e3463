/**
 * The Worker under measure: the product's own, whole, with doors beside it for the benchmarks (`/bench/…`) and bare
 * objects as its peers. Only `bench` runs it.
 */
import { env as bindings } from 'cloudflare:workers';
import { getServerByName } from 'partyserver';
import product, * as classes from '../../worker/index.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import type { Id } from '../../worker/protocol/ids.ts';
import { PartyRoom } from '../peers/party.ts';
import { type ChatOrder, letIn, mintTickets } from './chat.ts';
import { countDelivery, countedEnv, countedObject, countRequest, takeCounts } from './counting.ts';
import { type BareEnv, BareStore, bareKept, type CrowdOrder, consumeBare, gather, progressOf, tellBare, tellCrowd } from './fanout.ts';
import { type GrowthOrder, grow } from './growth.ts';
import { type LedgerOrder, runLedger } from './ledger.ts';
import { BareBroadcast, BareEcho, BareTimer, takeLateness } from './objects.ts';
import { type BenchPerson, makePeople, type PersonWish } from './people.ts';
import { applied, keepPlain, openShop } from './webhooks.ts';

interface BenchEnv extends BareEnv {
  /** Set where what is billed is counted. */
  readonly BENCH_COUNTS?: string;
  readonly BENCH_ECHO: DurableObjectNamespace<BareEcho>;
  readonly BENCH_BROADCAST: DurableObjectNamespace<BareBroadcast>;
  readonly BENCH_PARTY: DurableObjectNamespace<PartyRoom>;
  readonly BENCH_TIMER: DurableObjectNamespace<BareTimer>;
}

/** When a message was last handled, ms. */
let busyAt = Date.now();

/** The queue of the bare objects; `start.ts` binds it. */
const BARE_QUEUE = 'bench-bare';

const counting = (bindings as unknown as BenchEnv).BENCH_COUNTS === 'on';

export const CallSession = counting ? countedObject('CallSession', classes.CallSession) : classes.CallSession;
export const ChatRoom = counting ? countedObject('ChatRoom', classes.ChatRoom) : classes.ChatRoom;
export const UserHub = counting ? countedObject('UserHub', classes.UserHub) : classes.UserHub;
export const GalleryFeed = counting ? countedObject('GalleryFeed', classes.GalleryFeed) : classes.GalleryFeed;
export const ProviderHealth = classes.ProviderHealth;
export const ProviderTokens = classes.ProviderTokens;
export { BareBroadcast, BareEcho, BareStore, BareTimer, PartyRoom };

/** What a benchmark may ask for, by the last part of the path. Each answers JSON. */
const verbs: Readonly<Record<string, (ctx: Context, body: unknown, env: BenchEnv) => unknown>> = {
  migrate: async (_ctx, body, env) => {
    const { database, queries } = body as { database: 'DB' | 'LEDGER_0' | 'LEDGER_1'; queries: string[] };
    await env[database].batch(queries.map((query) => env[database].prepare(query)));
  },
  select: async (_ctx, body, env) => {
    const { database, query } = body as { database: 'DB' | 'LEDGER_0' | 'LEDGER_1'; query: string };
    return (await env[database].prepare(query).all()).results;
  },
  people: (ctx, body) => makePeople(ctx, body as PersonWish[]),
  counts: () => takeCounts(),
  ledger: (ctx, body) => runLedger(ctx, body as LedgerOrder),
  grow: (ctx, body) => grow(ctx, body as GrowthOrder),
  tickets: (ctx, body) => mintTickets(ctx, body as ChatOrder),
  join: (ctx, body) => letIn(ctx, body as ChatOrder),
  timers: async (_ctx, body, env) => {
    const due = body as number[];
    await Promise.all(due.map((at, n) => env.BENCH_TIMER.getByName(`timer ${n}`).schedule(at)));
  },
  lateness: () => takeLateness(),
  gather: (ctx, body) => gather(ctx, body as CrowdOrder),
  quietFor: () => Date.now() - busyAt,
  tellCrowd: (ctx, _body, env) => tellCrowd(counting ? { ...ctx, env: countedEnv(env) } : ctx),
  progress: (ctx, body) => progressOf(ctx, body as Id<'ann'>),
  tellBare: (_ctx, body, env) => tellBare(env, body as { people: number; round: string }),
  bareKept: () => bareKept(),
  openShop: (ctx, body) => openShop(ctx, body as BenchPerson[]),
  applied: (ctx) => applied(ctx),
};

export default {
  async fetch(request, env, execution) {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/bench/')) {
      if (counting) countRequest();
      return product.fetch(request, counting ? countedEnv(env) : env, execution);
    }
    const name = pathname.slice('/bench/'.length);
    const room = searchParams.get('room') ?? '';
    if (name === 'keep') return keepPlain(env, request);
    if (name === 'echo') return env.BENCH_ECHO.getByName(room).fetch(request);
    if (name === 'broadcast') return env.BENCH_BROADCAST.getByName(room).fetch(request);
    if (name === 'party') return (await getServerByName(env.BENCH_PARTY, room)).fetch(request);
    const ctx = contextOf(env, { now: Date.now(), requestId: 'bench', waitUntil: (work) => execution.waitUntil(work) });
    const answer = await verbs[name]?.(ctx, await request.json(), env);
    return Response.json(answer ?? null);
  },

  async queue(batch, env, execution) {
    if (batch.queue === BARE_QUEUE) return consumeBare(batch, env);
    if (counting) countDelivery(batch.messages.length);
    busyAt = Date.now();
    await product.queue(batch, counting ? countedEnv(env) : env, execution);
    busyAt = Date.now();
  },

  scheduled: (controller, env, execution) => product.scheduled(controller, env, execution),
} satisfies ExportedHandler<BenchEnv>;
