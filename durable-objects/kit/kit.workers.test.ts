/** The kit against a real object's storage. Any class will do: what is tested is not its own. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { alarmsTable, NamedAlarms } from './alarms.ts';
import { type Migration, migrate } from './migrations.ts';
import { type Delivery, Outbox, outboxTable } from './outbox.ts';
import { spendTicket, ticketsTable } from './tickets.ts';

const namespace = (env as unknown as { GALLERY_FEED: DurableObjectNamespace }).GALLERY_FEED;

/** Runs against storage that holds none of the object's own tables. */
async function inStorage<T>(run: (storage: DurableObjectStorage, state: DurableObjectState) => Promise<T> | T): Promise<T> {
  return runInDurableObject(namespace.getByName(crypto.randomUUID()), async (_object, state) => {
    await state.storage.deleteAll();
    return run(state.storage, state);
  });
}

const NOW = Date.UTC(2040, 0, 1);
const nobody = () => {};

describe('migrations', () => {
  const first: Migration = { name: 'first', sql: 'CREATE TABLE a (x INTEGER)' };
  const second: Migration = { name: 'second', sql: 'CREATE TABLE b (x INTEGER); CREATE TABLE c (x INTEGER)' };

  it('applies what is missing, once', () =>
    inStorage((storage) => {
      migrate(storage, [first]);
      storage.sql.exec('INSERT INTO a VALUES (1)');
      migrate(storage, [first, second]);
      migrate(storage, [first, second]);
      storage.sql.exec('INSERT INTO c VALUES (2)');
      expect(storage.sql.exec('SELECT count(*) AS n FROM a').one().n).toBe(1);
    }));

  it('leaves nothing of a migration that fails half way', () =>
    inStorage((storage) => {
      migrate(storage, [first]);
      const broken: Migration = { name: 'broken', sql: 'CREATE TABLE d (x INTEGER); CREATE TABLE a (x INTEGER)' };
      expect(() => migrate(storage, [first, broken])).toThrow();
      expect(storage.sql.exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 'd'").one().n).toBe(0);
      migrate(storage, [first, second]);
    }));
});

describe('named alarms', () => {
  const alarmsIn = (storage: DurableObjectStorage, handlers: Record<'one' | 'two', (now: number) => void | Promise<void>>) => {
    migrate(storage, [alarmsTable]);
    const failures: string[] = [];
    return { alarms: new NamedAlarms(storage, handlers, (name) => failures.push(name)), failures };
  };
  /** As the platform does it: what rings stands no more. */
  const ring = async (storage: DurableObjectStorage, alarms: NamedAlarms<'one' | 'two'>, now: number) => {
    await storage.deleteAlarm();
    await alarms.fire(now);
  };
  /** How often the platform's alarm is set or taken away from here on. */
  const settings = (storage: DurableObjectStorage): { count: number } => {
    const seen = { count: 0 };
    for (const name of ['setAlarm', 'deleteAlarm'] as const) {
      const own = storage[name].bind(storage) as (...given: unknown[]) => unknown;
      Object.defineProperty(storage, name, {
        configurable: true,
        value: (...given: unknown[]) => {
          seen.count++;
          return own(...given);
        },
      });
    }
    return seen;
  };

  const wake = async (alarms: NamedAlarms<'one' | 'two'>, state: DurableObjectState) => {
    alarms.wake(state);
    await state.blockConcurrencyWhile(async () => {});
  };

  it('sets the one alarm to the earliest name, and takes it away with the last', () =>
    inStorage(async (storage) => {
      const { alarms } = alarmsIn(storage, { one: nobody, two: nobody });
      alarms.set('one', NOW + 5_000);
      alarms.set('two', NOW + 2_000);
      expect(await storage.getAlarm()).toBe(NOW + 2_000);
      alarms.clear('two');
      expect(await storage.getAlarm()).toBe(NOW + 5_000);
      alarms.clear('one');
      expect(await storage.getAlarm()).toBeNull();
    }));

  it('runs what is due and nothing else, however early or often it fires', () =>
    inStorage(async (storage) => {
      const ran: string[] = [];
      const { alarms } = alarmsIn(storage, { one: () => void ran.push('one'), two: () => void ran.push('two') });
      alarms.set('one', NOW);
      alarms.set('two', NOW + 1_000);
      await ring(storage, alarms, NOW - 1);
      expect(ran).toEqual([]);
      await ring(storage, alarms, NOW);
      await ring(storage, alarms, NOW);
      expect(ran).toEqual(['one']);
      expect(await storage.getAlarm()).toBe(NOW + 1_000);
      await ring(storage, alarms, NOW + 60_000);
      expect(ran).toEqual(['one', 'two']);
      expect(await storage.getAlarm()).toBeNull();
    }));

  it('keeps a name that its own handler set again', () =>
    inStorage(async (storage) => {
      const { alarms } = alarmsIn(storage, { one: (now) => alarms.set('one', now + 10_000), two: nobody });
      alarms.set('one', NOW);
      await ring(storage, alarms, NOW);
      expect(alarms.at('one')).toBe(NOW + 10_000);
    }));

  it('runs a failing handler again with a growing pause, and lets the others go on', () =>
    inStorage(async (storage) => {
      let broken = true;
      const ran: string[] = [];
      const { alarms, failures } = alarmsIn(storage, {
        one: () => {
          if (broken) throw new Error('not yet');
          ran.push('one');
        },
        two: () => void ran.push('two'),
      });
      alarms.set('one', NOW);
      alarms.set('two', NOW);
      await ring(storage, alarms, NOW);
      expect(failures).toEqual(['one']);
      expect(ran).toEqual(['two']);
      expect(alarms.at('one')).toBe(NOW + 1_000);
      await ring(storage, alarms, NOW + 1_000);
      expect(alarms.at('one')).toBe(NOW + 3_000);
      broken = false;
      await ring(storage, alarms, NOW + 3_000);
      expect(ran).toEqual(['two', 'one']);
      expect(alarms.at('one')).toBeNull();
    }));

  it('is due again if the process dies inside the handler', () =>
    inStorage(async (storage, state) => {
      let entered = () => {};
      const inside = new Promise<void>((resolve) => {
        entered = resolve;
      });
      const { alarms } = alarmsIn(storage, {
        one: () => {
          entered();
          return new Promise<void>(() => {});
        },
        two: nobody,
      });
      alarms.set('one', NOW);
      void ring(storage, alarms, NOW);
      await inside;
      const ran: number[] = [];
      // The platform rings again because the handler never returned, and the new process arms as it wakes.
      const { alarms: after } = alarmsIn(storage, { one: (now) => void ran.push(now), two: nobody });
      await wake(after, state);
      expect(await storage.getAlarm()).toBe(NOW + 1_000);
      await ring(storage, after, NOW);
      expect(await storage.getAlarm()).toBe(NOW + 1_000);
      await ring(storage, after, NOW + 1_000);
      expect(ran).toEqual([NOW + 1_000]);
    }));

  it('sets no alarm that stands where it should, nor after it slept', () =>
    inStorage(async (storage, state) => {
      const { alarms } = alarmsIn(storage, { one: (now) => alarms.set('one', now + 5_000), two: nobody });
      const seen = settings(storage);
      alarms.set('one', NOW);
      alarms.set('two', NOW + 9_000);
      alarms.set('two', NOW + 8_000);
      expect(seen.count).toBe(1);
      const { alarms: after } = alarmsIn(storage, { one: nobody, two: nobody });
      await wake(after, state);
      expect([seen.count, await storage.getAlarm()]).toEqual([1, NOW]);
      // The ring itself, and where it goes next: told once although its handler and the end of it both say so.
      await ring(storage, alarms, NOW);
      expect([seen.count, await storage.getAlarm()]).toEqual([3, NOW + 5_000]);
    }));

  it('sets an alarm again that was lost with the process', () =>
    inStorage(async (storage, state) => {
      const { alarms } = alarmsIn(storage, { one: nobody, two: nobody });
      alarms.set('one', NOW);
      await storage.deleteAlarm();
      const { alarms: after } = alarmsIn(storage, { one: nobody, two: nobody });
      await wake(after, state);
      expect(await storage.getAlarm()).toBe(NOW);
    }));

  it('takes a name back with the transaction that set it', () =>
    inStorage(async (storage) => {
      const { alarms } = alarmsIn(storage, { one: nobody, two: nobody });
      alarms.set('one', NOW + 9_000);
      expect(() =>
        storage.transactionSync(() => {
          alarms.set('two', NOW + 1_000);
          throw new Error('back');
        }),
      ).toThrow('back');
      expect(alarms.at('two')).toBeNull();
      await ring(storage, alarms, NOW + 1_000);
      expect(await storage.getAlarm()).toBe(NOW + 9_000);
    }));
});

describe('outbox', () => {
  interface Told {
    readonly what: string;
  }
  const boxIn = (storage: DurableObjectStorage, maxTries = 3) => {
    migrate(storage, [outboxTable]);
    return new Outbox<Told>(storage, nobody, { maxTries, pauseMs: (tries) => tries * 1_000 });
  };

  it('tells in order per entity, and one slow entity holds up no other', () =>
    inStorage(async (storage) => {
      const box = boxIn(storage);
      box.put('slow', { what: 's1' }, NOW);
      box.put('slow', { what: 's2' }, NOW);
      box.put('quick', { what: 'q1' }, NOW);
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const told: string[] = [];
      const all = box.drain(
        () => NOW,
        async ({ entity, body }) => {
          if (entity === 'slow') await gate;
          told.push(body.what);
          if (body.what === 'q1') release();
          return 'done';
        },
      );
      await all;
      expect(told).toEqual(['q1', 's1', 's2']);
      expect(box.size()).toBe(0);
    }));

  it('never tells one entity twice at once, however often it is drained', () =>
    inStorage(async (storage) => {
      const box = boxIn(storage);
      box.put('a', { what: '1' }, NOW);
      let running = 0;
      let most = 0;
      const deliver = async (): Promise<Delivery> => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return 'done';
      };
      await Promise.all([box.drain(() => NOW, deliver), box.drain(() => NOW, deliver), box.drain(() => NOW, deliver)]);
      expect(most).toBe(1);
      expect(box.size()).toBe(0);
    }));

  it('waits before it tries again, keeps the order meanwhile, and parks after the last try', () =>
    inStorage(async (storage) => {
      const box = boxIn(storage, 2);
      box.put('a', { what: 'bad' }, NOW);
      box.put('a', { what: 'good' }, NOW);
      const told: string[] = [];
      const deliver = async ({ body }: { body: Told }): Promise<Delivery> => {
        if (body.what === 'bad') throw new Error('no');
        told.push(body.what);
        return 'done';
      };
      await box.drain(() => NOW, deliver);
      expect(told).toEqual([]);
      expect(box.nextAt()).toBe(NOW + 1_000);
      await box.drain(() => NOW + 999, deliver);
      expect(box.parked()).toBe(0);
      await box.drain(() => NOW + 1_000, deliver);
      expect(told).toEqual(['good']);
      expect([box.parked(), box.size(), box.nextAt()]).toEqual([1, 1, null]);
      box.unpark(NOW + 5_000);
      expect(box.nextAt()).toBe(NOW + 5_000);
    }));

  it('strikes off and applies the answer in one transaction', () =>
    inStorage(async (storage) => {
      const box = boxIn(storage);
      storage.sql.exec('CREATE TABLE answer (x TEXT)');
      box.put('a', { what: '1' }, NOW);
      await expect(
        box.drain(
          () => NOW,
          async () => () => {
            storage.sql.exec("INSERT INTO answer VALUES ('half')");
            throw new Error('the process dies here');
          },
        ),
      ).rejects.toThrow();
      expect(box.size()).toBe(1);
      expect(storage.sql.exec('SELECT count(*) AS n FROM answer').one().n).toBe(0);
    }));

  it('takes a key once while it is inside', () =>
    inStorage((storage) => {
      const box = boxIn(storage);
      box.put('a', { what: '1' }, NOW, 'k');
      box.put('a', { what: '2' }, NOW, 'k');
      expect(box.size()).toBe(1);
    }));
});

describe('tickets', () => {
  it('are spent once, forgotten after their expiry, and refused by it', () =>
    inStorage((storage) => {
      migrate(storage, [ticketsTable]);
      const ticket = { jti: 'tkt_1', expiresAt: NOW + 30_000 };
      expect(spendTicket(storage.sql, ticket, NOW)).toBe(true);
      expect(spendTicket(storage.sql, ticket, NOW + 1)).toBe(false);
      expect(spendTicket(storage.sql, ticket, NOW + 30_001)).toBe(false);
      expect(storage.sql.exec('SELECT count(*) AS n FROM spent_ticket').one().n).toBe(0);
    }));
});
