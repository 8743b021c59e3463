/** The ladder's core. Rule ids: SPEC.md, "Ladder". */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../worker/domains/notification/kinds.ts';
import { notificationKind, type Rung } from '../../worker/protocol/notification.ts';
import { beginClimb, type Climb, type ClimbEffect, type ClimbEvent, refusal, stepClimb, takesMore } from './ladder.ts';

const NOW = 1_800_000_000_000;
const missed = kinds['call.missed'];
const ring = kinds['call.incoming'];
const message = kinds['chat.message'];
const signIn = kinds['security.sign_in'];

/** A climb walked through events, each at its moment; what was ordered on the way. */
function walk(kind: (typeof kinds)[keyof typeof kinds], steps: readonly [number, ClimbEvent][], devices = 1) {
  let climb = beginClimb(kind, { devices, pushedAt: null }, NOW);
  const effects: ClimbEffect[] = [];
  for (const [ms, event] of steps) {
    const next = stepClimb(climb, kind, event, NOW + ms);
    climb = next.climb;
    effects.push(...next.effects);
  }
  return { climb, orders: effects.flatMap((effect) => (effect.do === 'order' ? [effect.rung] : [effect.do])) };
}
const due = { type: 'due' } as const;
const acked = { type: 'acked' } as const;
const read = { type: 'read' } as const;
const off = { type: 'off' } as const;
const on = (type: 'asked' | 'told' | 'unreached' | 'deferred', rung: Rung = 'push'): ClimbEvent =>
  type === 'deferred' ? { type, rung, until: NOW + 9 * 3_600_000 } : { type, rung };

describe('the app first', () => {
  it('[HN1] is waited for 1 s with a call and 4 s with anything else, and not a moment less', () => {
    expect(walk(ring, [[999, due]]).orders).toEqual([]);
    expect(walk(ring, [[1_000, due]]).orders).toEqual(['push']);
    for (const kind of notificationKind.options.filter((name) => name !== 'call.incoming' && kinds[name].steps.length > 0)) {
      // Receipts go by mail, to be kept, whoever has seen them in the app: nothing is won by waiting.
      const isPaper = kinds[kind].steps[0]?.rung === 'mail';
      expect(isPaper, kind).toBe(['purchase.receipt', 'purchase.refunded'].includes(kind));
      const wait = isPaper ? 1_000 : 4_000;
      expect(walk(kinds[kind], [[wait - 1, due]]).orders, kind).toEqual([]);
      expect(walk(kinds[kind], [[wait, due]]).orders, kind).toEqual([isPaper ? 'mail' : 'push']);
    }
  });

  it('[HN1] is not waited for where no device is here', () => {
    expect(walk(message, [[0, due]], 0).orders).toEqual(['push']);
  });

  it('[HN10] rungs that would reach nobody are passed over where no device is here, and only those whose turn is now', () => {
    const news = kinds.announcement;
    const begin = (vain: readonly Rung[], before: { devices?: number; pushedAt?: number } = {}) =>
      beginClimb(news, { devices: 0, pushedAt: null, ...before, vain }, NOW);
    expect(begin(['push', 'mail'])).toMatchObject({ state: 'over', ended: 'unreached', dueAt: null, out: false });
    const byMail = stepClimb(begin(['push']), news, due, NOW);
    expect(byMail).toMatchObject({ effects: [{ do: 'order', rung: 'mail' }], climb: { state: 'ordered' } });
    // A day later there may be an address.
    expect(begin(['mail'])).toEqual(begin([]));
    // Whoever looks at the app may be gone in four seconds, and have a phone by then.
    expect(begin(['push', 'mail'], { devices: 1 })).toEqual(begin([], { devices: 1 }));
    const paused = { pushedAt: NOW - 5_000 };
    expect(beginClimb(message, { devices: 0, ...paused, vain: ['push'] }, NOW)).toMatchObject({ state: 'waiting', steps: 0 });
    // What climbs nowhere is not told in vain.
    expect(beginClimb(kinds['job.healed'], { devices: 0, pushedAt: null, vain: [] }, NOW)).toMatchObject({ state: 'waiting' });
  });

  it('[HN3] with an answer from any device ends it: nothing goes out', () => {
    expect(
      walk(message, [
        [3_000, acked],
        [4_000, due],
        [99_000, due],
      ]),
    ).toMatchObject({ orders: [], climb: { state: 'over', ended: 'acked' } });
  });

  it('[HN3] with an open page is no answer to a sign-in: only reading it is', () => {
    expect(
      walk(signIn, [
        [1_000, acked],
        [4_000, due],
      ]).orders,
    ).toEqual(['push']);
    expect(
      walk(signIn, [
        [1_000, read],
        [4_000, due],
      ]).orders,
    ).toEqual([]);
  });
});

describe('rung by rung', () => {
  const pushed: [number, ClimbEvent][] = [
    [4_000, due],
    [4_100, on('asked')],
    [4_200, on('told')],
  ];

  it('[HN7] goes on when the push was not answered for as long as the kind says', () => {
    expect(walk(missed, [...pushed, [4_200 + 30 * 60_000 - 1, due]]).orders).toEqual(['push']);
    expect(walk(missed, [...pushed, [4_200 + 30 * 60_000, due]]).orders).toEqual(['push', 'digest']);
  });

  it('[HN3] a late answer: no mail', () => {
    for (const answer of [acked, read])
      expect(walk(missed, [...pushed, [60_000, answer], [40 * 60_000, due]])).toMatchObject({ orders: ['push'], climb: { state: 'over' } });
  });

  it('[HN7] goes on at once where nobody could be reached', () => {
    expect(
      walk(missed, [
        [4_000, due],
        [4_100, on('unreached')],
      ]).orders,
    ).toEqual(['push', 'digest']);
    expect(
      walk(message, [
        [4_000, due],
        [4_100, on('unreached')],
      ]),
    ).toMatchObject({ orders: ['push'], climb: { ended: 'unreached' } });
  });

  it('[HN7] waits with what was deferred, and asks again', () => {
    const { climb, orders } = walk(missed, [
      [4_000, due],
      [4_100, on('deferred')],
      [9 * 3_600_000, on('asked')],
      [9 * 3_600_100, on('told')],
    ]);
    expect([orders, climb.state, climb.steps]).toEqual([['push'], 'waiting', 1]);
  });

  it('[HN7] knows the rung a word is about: an echo of an earlier one changes nothing', () => {
    const { climb, orders } = walk(missed, [
      ...pushed,
      [40 * 60_000, due],
      [40 * 60_001, on('unreached', 'push')],
      [40 * 60_002, on('asked', 'push')],
    ]);
    expect([orders, climb.state]).toEqual([['push', 'digest'], 'ordered']);
  });

  it('[HN9] an order that is lost is given again, after twice as long each time, and only while it is worth it', () => {
    const quarter = 15 * 60_000;
    const first = 4_000;
    const second = first + quarter;
    const third = second + second;
    const lost = (...at: number[]) => walk(missed, [[first, due], ...at.map((ms): [number, ClimbEvent] => [ms, due])]).orders;
    expect(lost(second - 1)).toEqual(['push']);
    expect(lost(second)).toEqual(['push', 'push']);
    expect(lost(second, third - 1)).toEqual(['push', 'push']);
    expect(lost(second, third)).toEqual(['push', 'push', 'push']);
    expect(
      walk(missed, [
        [first, due],
        [2 * 86_400_000, due],
      ]),
    ).toMatchObject({ orders: ['push'], climb: { ended: 'expired' } });
    const morning = 9 * 3_600_000;
    const night: [number, ClimbEvent][] = [
      [first, due],
      [first + 1, on('deferred')],
    ];
    expect(walk(missed, [...night, [morning + quarter - 1, due]]).orders).toEqual(['push']);
    expect(walk(missed, [...night, [morning + quarter, due]]).orders).toEqual(['push', 'push']);
  });

  it('is not begun when it is not worth it any more', () => {
    expect(walk(ring, [[60_000, due]])).toMatchObject({ orders: [], climb: { ended: 'expired' } });
    expect(refusal(walk(ring, [[1_000, due]]).climb, ring, { rung: 'push', again: false }, NOW + 60_000)).toBe('expired');
  });
});

describe('a call that rings no more', () => {
  it('[HN5] before its push: nothing goes out', () => {
    const { climb, orders } = walk(ring, [
      [1_000, due],
      [1_050, off],
    ]);
    expect(orders).toEqual(['push']);
    expect(refusal(climb, ring, { rung: 'push', again: false }, NOW + 1_060)).toBe('off');
  });

  it('[HN5] after it, answered on any device or on none: those outside are told once', () => {
    const out: [number, ClimbEvent][] = [
      [1_000, due],
      [1_010, on('asked')],
      [1_100, on('told')],
    ];
    expect(walk(ring, [...out, [9_000, off], [9_001, off]]).orders).toEqual(['push', 'recall']);
    expect(walk(ring, [...out, [8_000, acked], [9_000, off], [9_001, off]]).orders).toEqual(['push', 'recall']);
    expect(
      walk(ring, [
        [1_000, due],
        [1_010, on('asked')],
        [1_020, off],
      ]).orders,
    ).toEqual(['push', 'recall']);
  });

  it('[HN5] whose push reached nobody: there is nobody to tell', () => {
    expect(
      walk(ring, [
        [1_000, due],
        [1_010, on('asked')],
        [1_100, on('unreached')],
        [9_000, off],
      ]).orders,
    ).toEqual(['push']);
  });
});

describe('more about the same', () => {
  it('[HN2] goes along with what nobody has asked for yet', () => {
    expect(takesMore(walk(message, []).climb)).toBe(true);
    expect(takesMore(walk(message, [[4_000, due]]).climb)).toBe(true);
    expect(
      takesMore(
        walk(message, [
          [4_000, due],
          [4_010, on('asked')],
        ]).climb,
      ),
    ).toBe(false);
    expect(
      takesMore(
        walk(message, [
          [4_000, due],
          [4_010, on('asked')],
          [4_020, on('deferred')],
        ]).climb,
      ),
    ).toBe(true);
    expect(takesMore(walk(message, [[1, acked]]).climb)).toBe(false);
    expect(
      takesMore(
        walk(missed, [
          [4_000, due],
          [4_010, on('asked')],
          [4_020, on('told')],
        ]).climb,
      ),
    ).toBe(false);
  });

  it('[HN2] keeps its distance from the last push', () => {
    expect(beginClimb(message, { devices: 0, pushedAt: NOW - 5_000 }, NOW).dueAt).toBe(NOW + 15_000);
    expect(beginClimb(message, { devices: 1, pushedAt: NOW - 19_000 }, NOW).dueAt).toBe(NOW + 4_000);
  });
});

describe('asked whether a rung is wanted', () => {
  it('[HN6] says no to a repetition, and yes to another try', () => {
    const told = walk(message, [
      [4_000, due],
      [4_010, on('asked')],
      [4_020, on('told')],
    ]).climb;
    expect(refusal(told, message, { rung: 'push', again: false }, NOW + 5_000)).toBe('told');
    expect(refusal(told, message, { rung: 'push', again: true }, NOW + 5_000)).toBeNull();
    const seen = walk(message, [[1, acked]]).climb;
    expect(refusal(seen, message, { rung: 'push', again: true }, NOW + 5_000)).toBe('acked');
  });
});

const rung = fc.constantFrom<Rung>('push', 'mail', 'digest');
const event: fc.Arbitrary<ClimbEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(due) },
  { weight: 1, arbitrary: fc.constantFrom<ClimbEvent>(acked, read, off, { type: 'newer' }) },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('asked', 'told', 'unreached', 'deferred'), rung).map(([type, at]) => on(type, at)),
  },
);
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), event), { maxLength: 40 });
const someKind = fc.constantFrom(...notificationKind.options);

describe('whatever happens, in whatever order, however often', () => {
  /** @param look called with each step that was made */
  function run(
    name: keyof typeof kinds,
    events: readonly (readonly [number, ClimbEvent])[],
    look: (before: Climb, event: ClimbEvent, after: Climb, effects: readonly ClimbEffect[], now: number) => void,
  ): void {
    const kind = kinds[name];
    let now = NOW;
    let climb = beginClimb(kind, { devices: 1, pushedAt: null }, now);
    for (const [pause, each] of events) {
      now += pause;
      const { climb: next, effects } = stepClimb(climb, kind, each, now);
      look(climb, each, next, effects, now);
      climb = next;
    }
  }

  it('[HN4][HN9] each rung is ordered once, in the order of the kind; again only after a quarter of an hour without a word', () => {
    fc.assert(
      fc.property(someKind, history, (name, events) => {
        const orders: Rung[] = [];
        let orderedAt = 0;
        run(name, events, (before, each, _after, effects, now) => {
          for (const effect of effects) {
            if (effect.do !== 'order') continue;
            const again = each.type === 'due' && (before.state === 'ordered' || before.state === 'sending');
            if (again) expect([effect.rung, now - orderedAt >= 15 * 60_000]).toEqual([orders.at(-1), true]);
            else orders.push(effect.rung);
            orderedAt = now;
          }
        });
        expect(orders).toEqual(kinds[name].steps.slice(0, orders.length).map((step) => step.rung));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[HN3] nothing is ordered, and no rung wanted, after it was answered', () => {
    fc.assert(
      fc.property(someKind, history, (name, events) => {
        let answered = false;
        run(name, events, (_before, each, after, effects, now) => {
          if (answered) {
            expect(effects.filter((effect) => effect.do === 'order')).toEqual([]);
            for (const { rung: asked } of kinds[name].steps)
              expect(refusal(after, kinds[name], { rung: asked, again: true }, now)).not.toBeNull();
          }
          answered ||=
            (each.type === 'acked' && kinds[name].endsBy === 'ack' && after.ended === 'acked') ||
            (each.type === 'read' && after.ended === 'read');
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('an end is final, and what waits knows until when', () => {
    fc.assert(
      fc.property(someKind, history, (name, events) => {
        run(name, events, (before, _event, after) => {
          if (before.state === 'over') expect([after.state, after.ended]).toEqual(['over', before.ended]);
          expect(after.dueAt !== null).toBe(after.state !== 'over');
          expect(after.ended !== null).toBe(after.state === 'over');
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('[HN5] devices are called back once for each time that they may have been told', () => {
    fc.assert(
      fc.property(history, (events) => {
        let out = 0;
        let recalls = 0;
        run('call.incoming', events, (before, each, after, effects) => {
          if (each.type === 'asked' && before.state !== 'sending' && after.state === 'sending') out += 1;
          recalls += effects.filter((effect) => effect.do === 'recall').length;
          expect(recalls).toBeLessThanOrEqual(out);
          if (each.type === 'off') expect(after.out).toBe(false);
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
