/**
 * Counts what the platform would bill, around the product's code and without a line in it: requests, wake-ups of objects,
 * alarms set, rows of object SQLite and of D1, queue operations. Used by the cost benchmark only.
 */
import type { Env } from '../../worker/env.ts';

export type Counts = Record<string, number>;

const counts = new Map<string, number>();
const add = (name: string, amount = 1): void => void counts.set(name, (counts.get(name) ?? 0) + amount);

/** Everything counted since the last time, by `what:of`. */
export function takeCounts(): Counts {
  const taken = Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  counts.clear();
  return taken;
}

/** A request that reached the Worker from outside. */
export const countRequest = (): void => add('worker request');

/** Messages that reached a queue consumer: each is written, read and deleted. */
export const countDelivery = (messages: number): void => add('queue operation', 2 * messages);

type Handler = (...given: unknown[]) => unknown;

/** Runs a handler and counts it, with the time the object was awake for it. */
async function awake(of: string, how: string, run: () => unknown): Promise<unknown> {
  const began = Date.now();
  add(`${how}:${of}`);
  try {
    return await run();
  } finally {
    add(`awake ms:${of}`, Date.now() - began);
  }
}

/** A class of objects whose every wake-up and row is counted under `of`. */
// biome-ignore lint/suspicious/noExplicitAny: a mixin's constructor takes what its base takes
export function countedObject<Base extends new (...given: any[]) => object>(of: string, base: Base): Base {
  const handlers = base.prototype as Record<string, Handler | undefined>;
  const counted = class extends base {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...given: any[]) {
      const [state, env] = given as [DurableObjectState, Env];
      add(`construction:${of}`);
      watchStorage(of, state.storage);
      super(state, countedEnv(env));
    }
  };
  for (const [name, how] of [
    ['alarm', 'alarm'],
    ['webSocketMessage', 'socket message'],
    ['webSocketClose', 'socket close'],
    ['fetch', 'fetch'],
  ] as const) {
    const own = handlers[name];
    if (own === undefined) continue;
    Object.defineProperty(counted.prototype, name, {
      value(this: object, ...given: unknown[]) {
        return awake(of, how, () => own.apply(this, given));
      },
    });
  }
  return counted;
}

function watchStorage(of: string, storage: DurableObjectStorage): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql) as (...given: unknown[]) => SqlStorageCursor<Record<string, SqlStorageValue>>;
  const counted = (...given: unknown[]) => {
    const cursor = exec(...given);
    let read = 0;
    const note = (): void => {
      add(`rows read:${of}`, cursor.rowsRead - read);
      read = cursor.rowsRead;
    };
    note();
    add(`rows written:${of}`, cursor.rowsWritten);
    for (const name of ['toArray', 'one'] as const) {
      const own = cursor[name].bind(cursor) as Handler;
      Object.defineProperty(cursor, name, {
        value: () => {
          const result = own();
          note();
          return result;
        },
      });
    }
    return cursor;
  };
  Object.defineProperty(sql, 'exec', { value: counted });
  for (const name of ['setAlarm', 'deleteAlarm'] as const) {
    const own = storage[name].bind(storage) as Handler;
    Object.defineProperty(storage, name, {
      value: (...given: unknown[]) => {
        add(`${name === 'setAlarm' ? 'alarm set' : 'alarm cleared'}:${of}`);
        return own(...given);
      },
    });
  }
}

const objects = { CALL_SESSION: 'CallSession', USER_HUB: 'UserHub', GALLERY_FEED: 'GalleryFeed' } as const;
const databases = ['DB', 'LEDGER_0', 'LEDGER_1'] as const;

/** The bindings, counted. */
export function countedEnv(env: Env): Env {
  const counted: Record<string, unknown> = { ...env };
  for (const [binding, of] of Object.entries(objects)) {
    const namespace = env[binding as keyof typeof objects] as { getByName(name: string): object };
    counted[binding] = { getByName: (name: string) => countedStub(of, namespace.getByName(name)) };
  }
  for (const name of databases) watchDatabase(name, env[name]);
  const queue = env.NOTIFICATIONS;
  counted.NOTIFICATIONS = {
    send: (...given: Parameters<typeof queue.send>) => {
      add('queue operation');
      return queue.send(...given);
    },
    sendBatch: (...given: Parameters<typeof queue.sendBatch>) => {
      const messages = [...given[0]];
      add('queue operation', messages.length);
      return queue.sendBatch(messages, given[1]);
    },
  };
  return counted as unknown as Env;
}

/** Each method called on a stub is one billed request to the object. */
const countedStub = (of: string, stub: object): object =>
  new Proxy(stub, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      // `fetch` is counted where it arrives.
      if (name === 'fetch') return (...given: unknown[]) => (target as Record<string, Handler>)[name]?.(...given);
      return (...given: unknown[]) => {
        add(`method ${name}:${of}`);
        return awake(of, 'method', () => (target as Record<string, Handler>)[name]?.(...given));
      };
    },
  });

interface Answer {
  readonly meta?: { readonly rows_read?: number; readonly rows_written?: number };
}
interface Session {
  _sendOrThrow: (...given: unknown[]) => Promise<Answer | Answer[]>;
}
const watched = new WeakSet<object>();

/** Every query of a database goes through its session; what it read and wrote comes back with the answer. */
function watchDatabase(of: string, database: D1Database): void {
  const session = (database as unknown as { alwaysPrimarySession: Session }).alwaysPrimarySession;
  if (watched.has(session)) return;
  watched.add(session);
  const send = session._sendOrThrow.bind(session);
  session._sendOrThrow = async (...given) => {
    const answer = await send(...given);
    add(`query:${of}`);
    for (const { meta } of Array.isArray(answer) ? answer : [answer]) {
      add(`rows read:${of}`, meta?.rows_read ?? 0);
      add(`rows written:${of}`, meta?.rows_written ?? 0);
    }
    return answer;
  };
}
