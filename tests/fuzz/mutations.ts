/** Bad values made from good ones: each leaf replaced, each key taken away, a key too many at each level. */

/** What no field but a free one takes. Strings of every dangerous kind, numbers past every edge, the wrong shapes. */
const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  'nonsense',
  'x'.repeat(20_000),
  '\u0000',
  '\ud800',
  "'; DROP TABLE user; --",
  '../../etc/passwd',
  '__proto__',
  [],
  [[]],
  {},
  { toString: 1 },
];

export interface Mutation {
  readonly what: string;
  readonly value: unknown;
}

/** Every mutation of `good`, one change each. */
export function* mutationsOf(good: unknown): Iterable<Mutation> {
  for (const value of strange) yield { what: `whole = ${show(value)}`, value };
  yield* inside(good, '', (value) => value);
}

function* inside(good: unknown, path: string, put: (value: unknown) => unknown): Iterable<Mutation> {
  if (Array.isArray(good)) {
    for (const [n, item] of good.entries()) yield* around(item, `${path}.${n}`, (value) => put(good.with(n, value)));
    yield { what: `${path}: ten thousand items`, value: put(new Array(10_000).fill(good[0] ?? null)) };
  } else if (typeof good === 'object' && good !== null) {
    yield { what: `${path}: a key too many`, value: put({ ...good, surplus: 1 }) };
    for (const [key, item] of Object.entries(good)) {
      const { [key]: _, ...rest } = good as Record<string, unknown>;
      yield { what: `${path}.${key}: missing`, value: put(rest) };
      yield* around(item, `${path}.${key}`, (value) => put({ ...good, [key]: value }));
    }
  }
}

function* around(good: unknown, path: string, put: (value: unknown) => unknown): Iterable<Mutation> {
  for (const value of strange) yield { what: `${path} = ${show(value)}`, value: put(value) };
  yield* inside(good, path, put);
}

const show = (value: unknown): string => JSON.stringify(value).slice(0, 40);
