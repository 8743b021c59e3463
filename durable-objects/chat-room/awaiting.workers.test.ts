/** What happens in a room while it waits for an answer of others, inside workerd. Rule ids: SPEC.md. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newPerson, testEnv } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import {
  connect,
  enter,
  later,
  must,
  newName,
  openScene,
  personOf,
  ring,
  START,
  sequence,
  textFrame,
  withBindings,
} from './scene.workers.ts';
import { type Terms, TermsAtHand } from './terms.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const asking = new Set(['all', 'first', 'raw', 'run', 'batch']);

/** A database that answers nothing until it is let go. */
function heldDatabase() {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const state = { asked: 0 };
  const held = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const found = Reflect.get(object, name);
        if (typeof found !== 'function') return found;
        return (...given: unknown[]) => {
          if (asking.has(String(name))) {
            state.asked += 1;
            return gate.then(() => Reflect.apply(found, object, given));
          }
          const made = Reflect.apply(found, object, given);
          return name === 'prepare' || name === 'bind' ? held(made) : made;
        };
      },
    });
  return { DB: held(testEnv.DB), state, letGo };
}

describe('while the house is asked', () => {
  it('[RK6] a device that is shown out before its welcome is not heard, and counts no more', async () => {
    const scene = await openScene();
    const device = await connect(scene, scene.ada);
    const { DB, state, letGo } = heldDatabase();
    later(2_000);
    await withBindings(scene, { DB });
    device.send({ type: 'hello', lastSeq: 0 });
    device.send(textFrame('from a session that is over'));
    await eventually(() => expect(state.asked).toBeGreaterThan(0));
    await scene.room.closeSockets({ ...scene.ada, reason: 'revoked' });
    expect(await device.closed).toEqual({ code: 4010, reason: 'revoked' });
    letGo();
    // Somebody else is welcomed by the same look.
    await enter(scene, scene.grace);
    expect(await sequence(scene)).toEqual([]);
  });

  it('[RM1] an answer that was overtaken by a newer look opens nothing', async () => {
    const looks: ((terms: Terms) => void)[] = [];
    const learned: Terms['closed'][] = [];
    const terms = new TermsAtHand(
      () => new Promise((resolve) => void looks.push(resolve)),
      ({ closed }) => void learned.push(closed),
    );
    const saying = (closed: Terms['closed']): Terms => ({
      closed,
      price: null,
      versions: new Map(),
      windows: { editMs: 0, deleteMs: 0 },
      budget: { burst: 1, perSecond: 1 },
    });
    const before = terms.fresh(START);
    terms.forget();
    const since = terms.fresh(START + 1);
    looks[1]?.(saying('blocked'));
    await since;
    looks[0]?.(saying(null));
    expect((await before).closed).toBe('blocked');
    expect(learned).toEqual(['blocked']);
  });

  it('[RT1] who comes while others are being told is told as well', async () => {
    const scene = await openScene();
    const hugo = await newPerson('companion');
    must(
      await scene.room.send({ by: scene.ada.userId, message: { kind: 'text', clientId: newName(), body: { text: 'hello' } }, now: START }),
    );
    const { DB, state, letGo } = heldDatabase();
    await withBindings(scene, { DB });
    later(1_000);
    const rung = ring(scene);
    await eventually(() => expect(state.asked).toBeGreaterThan(0));
    must(await scene.room.join({ person: personOf(hugo, 'companion'), from: 'unanswered', now: Date.now() }));
    letGo();
    await rung;
    later(5_000);
    await ring(scene);
    await eventually(async () => {
      const row = await testEnv.DB.prepare('SELECT unread FROM chat_member WHERE user_id = ? AND chat_id = ?')
        .bind(hugo.userId, scene.chatId)
        .first();
      expect(row).toEqual({ unread: 1 });
    });
  });

  it('[RK6] a hub hears last what is true last, however quickly sockets come and go', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const heard: boolean[] = [];
    const answers = [0, 1].map(() => Promise.withResolvers<void>());
    let calls = 0;
    const hub = {
      register: async ({ open }: { open: boolean }) => {
        await answers[calls++]?.promise;
        heard.push(open);
      },
    };
    await withBindings(scene, { USER_HUB: { getByName: () => hub } as never });
    device.close();
    await eventually(() => expect(calls).toBe(1));
    await connect(scene, scene.ada);
    // What it hears of the socket that is gone takes as long as it can.
    answers[1]?.resolve();
    for (let n = 0; n < 3; n++) await scene.room.read({ by: scene.ada.userId });
    answers[0]?.resolve();
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([false, true]);
  });
});
