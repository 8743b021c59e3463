/** Deliveries of payments that are not what they say, made from good ones and drawn from a seed. */
import type { PaymentSource } from '../../worker/domains/payment/payment-event.ts';
import type { Call } from '../../worker/domains/payment/source-desk.workers.ts';
import type { Random } from '../simulation/random.ts';

export interface Forged {
  readonly what: string;
  readonly call: Call;
  /** When it arrives, ms since the epoch. */
  readonly now: number;
}

/** Good ones of each source, at least two each, all made at about the same time. */
export type GoodCalls = Readonly<Record<PaymentSource, readonly Call[]>>;

const SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(0, items.length - 1)] as T;

/** One character becomes another of its kind. Not the last: in base64 that one has bits which count for nothing. */
function flip(random: Random, text: string): string {
  const at = random.int(0, Math.max(0, text.length - 2));
  const old = text[at] ?? '';
  const other = [...SAFE].filter((character) => character !== old);
  return text.slice(0, at) + pick(random, other) + text.slice(at + 1);
}
const cut = (random: Random, text: string): string => text.slice(0, random.int(0, Math.max(0, text.length - 2)));
const grow = (random: Random, text: string): string => text + pick(random, [...SAFE]);
const garble = (random: Random, text: string): string => pick(random, [flip, cut, grow])(random, text);

const header = (call: Call, name: string, value: string | null): Call => {
  const { [name]: _, ...rest } = call.headers;
  return { ...call, headers: value === null ? rest : { ...rest, [name]: value } };
};

/** Part `n` of a JWS, changed. */
function part(random: Random, jws: string, n: number): string {
  const parts = jws.split('.');
  parts[n] = garble(random, parts[n] ?? '');
  return parts.join('.');
}

/** The parts of two JWSs, mixed: each is good, and they do not belong together. Two of one second may be the same. */
function mixed(random: Random, one: string, other: string): string {
  const [a, b] = [one.split('.'), other.split('.')];
  const n = random.int(1, 2);
  const both = a.map((mine, at) => (at === n ? (b[at] ?? '') : mine)).join('.');
  return both === one ? part(random, one, n) : both;
}

type Forge = (random: Random, good: readonly Call[], now: number) => { what: string; call: Call; now?: number };

const signatureOf = (call: Call): string => call.headers['Stripe-Signature'] ?? '';
const bearerOf = (call: Call): string => (call.headers.Authorization ?? '').replace('Bearer ', '');
const payloadOf = (call: Call): string => (JSON.parse(call.body) as { signedPayload: string }).signedPayload;
const inBody = (call: Call, signedPayload: string): Call => ({ ...call, body: JSON.stringify({ signedPayload }) });

/** What only knows a fixed value of another can be given. */
const tokenForges = (name: string): readonly Forge[] => [
  (random, good) => {
    const call = pick(random, good);
    return { what: 'another value', call: header(call, name, garble(random, call.headers[name] ?? '')) };
  },
  (random, good) => ({ what: 'no value', call: header(pick(random, good), name, null) }),
  (random, good) => {
    const call = pick(random, good);
    const value = call.headers[name] ?? '';
    return {
      what: 'nearly the value',
      call: header(call, name, pick(random, [value.toUpperCase(), `${value},${value}`, `Basic ${value}`, value.slice(1)])),
    };
  },
  (random, good) => {
    const call = pick(random, good);
    return { what: 'the value and no JSON', call: { ...call, body: call.body.slice(0, random.int(0, call.body.length - 1)) } };
  },
];

const forges: Readonly<Record<PaymentSource, readonly Forge[]>> = {
  stripe: [
    (random, good) => {
      const call = pick(random, good);
      return { what: 'another body', call: { ...call, body: garble(random, call.body) } };
    },
    (random, good) => {
      const call = pick(random, good);
      return {
        what: 'another signature',
        call: header(
          call,
          'Stripe-Signature',
          signatureOf(call).replace(/v1=(\w+)/, (_, mac) => `v1=${garble(random, mac)}`),
        ),
      };
    },
    (random, good) => {
      const call = pick(random, good);
      const later = signatureOf(call).replace(/t=(\d+)/, (_, time) => `t=${Number(time) + random.int(1, 100_000)}`);
      return { what: 'an old signature with a new time', call: header(call, 'Stripe-Signature', later) };
    },
    (random, good) => {
      const [one, other] = [good[0] as Call, good[random.int(1, good.length - 1)] as Call];
      return { what: 'the signature of another', call: header(one, 'Stripe-Signature', signatureOf(other)) };
    },
    (random, good, now) => ({ what: 'stale', call: pick(random, good), now: now + 300_000 + random.int(60_000, 10 ** 9) }),
    (random, good) => ({
      what: 'no signature',
      call: header(pick(random, good), 'Stripe-Signature', pick(random, [null, '', 't=1', 'v1=', 't=,v1='])),
    }),
  ],
  apple: [
    (random, good) => {
      const call = pick(random, good);
      const n = random.int(0, 2);
      return { what: `part ${n} of the signed text`, call: inBody(call, part(random, payloadOf(call), n)) };
    },
    (random, good) => ({
      what: 'parts of two',
      call: inBody(good[0] as Call, mixed(random, payloadOf(good[0] as Call), payloadOf(good[1] as Call))),
    }),
    (random, good) => {
      const [head = '', ...rest] = payloadOf(pick(random, good)).split('.');
      const said = JSON.parse(atob(head.replaceAll('-', '+').replaceAll('_', '/'))) as { x5c: string[] };
      const x5c = pick(random, [
        said.x5c.toReversed(),
        said.x5c.slice(1),
        [...said.x5c, ...said.x5c],
        [],
        said.x5c.map((each) => garble(random, each)),
      ]);
      const other = btoa(JSON.stringify({ ...said, x5c }))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
      return { what: 'another chain', call: inBody(good[0] as Call, [other, ...rest].join('.')) };
    },
    (random, good) => {
      const call = pick(random, good);
      return { what: 'no JSON', call: { ...call, body: cut(random, call.body) } };
    },
  ],
  google: [
    (random, good) => {
      const call = pick(random, good);
      const n = random.int(0, 2);
      return { what: `part ${n} of the token`, call: header(call, 'Authorization', `Bearer ${part(random, bearerOf(call), n)}`) };
    },
    (random, good) => ({
      what: 'parts of two tokens',
      call: header(good[0] as Call, 'Authorization', `Bearer ${mixed(random, bearerOf(good[0] as Call), bearerOf(good[1] as Call))}`),
    }),
    (random, good, now) => ({ what: 'stale', call: pick(random, good), now: now + 3_600_000 + random.int(120_000, 10 ** 9) }),
    (random, good, now) => ({ what: 'from days ahead', call: pick(random, good), now: now - random.int(3_600_000, 10 ** 9) }),
    (random, good) => ({
      what: 'no token',
      call: header(pick(random, good), 'Authorization', pick(random, [null, '', 'Bearer', 'Bearer x', 'Basic YTpi'])),
    }),
    (random, good) => {
      const call = pick(random, good);
      return { what: 'no push', call: { ...call, body: cut(random, call.body) } };
    },
    (random, good) => {
      const call = pick(random, good);
      const body = JSON.parse(call.body) as { message: { data: string } };
      const data = JSON.parse(atob(body.message.data)) as { packageName: string };
      const other = btoa(JSON.stringify({ ...data, packageName: garble(random, data.packageName) }));
      return { what: 'another app', call: { ...call, body: JSON.stringify({ ...body, message: { ...body.message, data: other } }) } };
    },
  ],
  adapty: tokenForges('Authorization'),
  apphud: tokenForges('X-Apphud-Token'),
};

const names = Object.keys(forges) as PaymentSource[];

/** One of the sandbox's own, or one made here. @param known the sandbox's, each with a flaw (`shop/forgeries.ts`) */
export function forgedOne(random: Random, good: GoodCalls, known: readonly { flaw: string; call: Call }[], now: number): Forged {
  if (random.int(0, 9) === 0) {
    const { flaw, call } = pick(random, known);
    return { what: `${call.source}: ${flaw}`, call, now };
  }
  const name = pick(random, names);
  const made = pick(random, forges[name])(random, good[name], now);
  // Meant for one, told to another.
  const isElsewhere = random.int(0, 19) === 0;
  const call = isElsewhere
    ? {
        ...pick(random, good[name]),
        source: pick(
          random,
          names.filter((other) => other !== name),
        ),
      }
    : made.call;
  return { what: isElsewhere ? `${name} at ${call.source}` : `${name}: ${made.what}`, call, now: isElsewhere ? now : (made.now ?? now) };
}
