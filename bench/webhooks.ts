/** Deliveries of payments: how many a second are verified and kept, and have had their effect, against a bare route that keeps the body. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as adapty from '../sandbox/mobile/adapty.ts';
import { callOf as appleCallOf, notificationOf } from '../sandbox/mobile/apple.ts';
import { buy, firstOf, type Told } from '../sandbox/mobile/bought.ts';
import { createSandbox } from '../sandbox/server.ts';
import type { Call } from '../sandbox/shop/deliveries.ts';
import { API_VERSION } from '../sandbox/stripe/account.ts';
import { signed } from '../sandbox/stripe/api.ts';
import { figure, type Report, type Settings, spread } from './report.ts';
import type { BenchPerson } from './runtime/people.ts';
import { type Runtime, startRuntime } from './runtime/start.ts';
import { SOLD } from './runtime/webhooks.ts';
import { median, ratio, turnsOf } from './statistics.ts';

const PEOPLE = 32;
/** Deliveries of one section of a round. */
const EACH = 150;
const LANES = 8;
const LOOK_EVERY_MS = 25;

const sections = ['stripe', 'adapty', 'apple', 'bare'] as const;
type Section = (typeof sections)[number];
type Sources = Exclude<Section, 'bare'>;
type Figures = Readonly<Record<`${Section} kept` | `${Sources} applied`, number[]>>;

export async function webhooks({ runs, folder, say }: Settings): Promise<Report> {
  const outside = createSandbox();
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const SANDBOX_ORIGIN = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const runtime = await startRuntime(folder, 'webhooks', { variables: { SANDBOX_ORIGIN } });
  const figures: Figures = {
    'stripe kept': [],
    'stripe applied': [],
    'adapty kept': [],
    'adapty applied': [],
    'apple kept': [],
    'apple applied': [],
    'bare kept': [],
  };
  try {
    const wishes = Array.from({ length: PEOPLE }, (_, n) => ({ name: `buyer-${n}`, role: 'member' as const, shard: n % 2 }));
    const people = await runtime.ask<BenchPerson[]>('people', wishes);
    await runtime.ask('openShop', people);
    // The first round warms up, and is not counted.
    for (let round = -1; round < runs; round++) {
      for (const section of turnsOf(sections, round + 1)) {
        const measured = await measure(runtime, section, people);
        if (round >= 0) for (const [name, value] of Object.entries(measured)) figures[name as keyof Figures].push(value);
      }
      say(`webhooks: round ${round + 1} of ${runs}`);
    }
  } finally {
    await runtime.stop();
    outside.closeAllConnections();
    await new Promise((resolve) => outside.close(resolve));
  }
  const rowOf = (source: Sources, what: string): string[] => [
    what,
    figure(median(figures[`${source} kept`])),
    spread(ratio(figures, 'bare kept', `${source} kept`)),
    figure(median(figures[`${source} applied`])),
    spread(ratio(figures, 'bare kept', `${source} applied`)),
  ];
  return {
    title: 'Deliveries of payments',
    method: `${runs} rounds of ${EACH} deliveries of each source, ${LANES} at once over HTTP on loopback, each another purchase of coins by one of ${PEOPLE} people in two ledger shards; in turn with as many bodies at a bare route that keeps each in one row. *Kept*: verified, stored once and on the queue, and answered. *Applied*: the coins are in the ledger and the person was told. Stripe is asked once more for each (at the sandbox).`,
    columns: ['', 'kept/s', 'bare : kept', 'applied/s', 'bare : applied'],
    rows: [
      rowOf('stripe', 'Stripe: HMAC over the body'),
      rowOf('adapty', 'Adapty: a fixed value'),
      rowOf('apple', 'Apple: two signed texts, two chains of certificates'),
      ['bare route, one row', figure(median(figures['bare kept'])), '1', '', ''],
    ],
  };
}

async function measure(
  runtime: Runtime,
  section: Section,
  people: readonly BenchPerson[],
): Promise<Partial<Record<keyof Figures, number>>> {
  const calls = await Promise.all(Array.from({ length: EACH }, (_, n) => callTo(section, people[n % people.length] as BenchPerson)));
  const path = section === 'bare' ? '/bench/keep' : `/api/v1/webhooks/${section}`;
  const before = await runtime.ask<{ applied: number; lost: number }>('applied');
  const began = performance.now();
  const perSecond = (): number => EACH / ((performance.now() - began) / 1_000);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      const answer = await fetch(runtime.origin + path, { method: 'POST', headers: call.headers, body: call.body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const kept = perSecond();
  if (section === 'bare') return { 'bare kept': kept };
  for (;;) {
    const now = await runtime.ask<{ applied: number; lost: number }>('applied');
    if (now.lost > before.lost) throw new Error(`${now.lost - before.lost} deliveries of ${section} had no effect`);
    if (now.applied >= before.applied + EACH) break;
    await pause(LOOK_EVERY_MS);
  }
  return { [`${section} kept`]: kept, [`${section} applied`]: perSecond() };
}

/** A purchase of coins that nobody has told of yet. */
async function callTo(section: Section, { userId }: BenchPerson): Promise<Call> {
  const now = Date.now();
  if (section === 'stripe' || section === 'bare') return signed(stripeEvent(userId, now), now);
  const bought = buy({ store: 'apple', product: SOLD.apple, amount: 499, currency: 'EUR', account: userId, user: userId }, now);
  const told: Told = { bought, happening: 'bought', payment: firstOf(bought), at: now };
  if (section === 'adapty') return adapty.callOf(adapty.eventOf(told, 'non_subscription_purchase', randomUUID()));
  return appleCallOf(await notificationOf(told, randomUUID(), now));
}

const stripeEvent = (user: string, now: number): object => {
  const name = randomUUID().replaceAll('-', '');
  const created = Math.floor(now / 1_000);
  return {
    id: `evt_${name}`,
    object: 'event',
    api_version: API_VERSION,
    created,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'payment_intent.succeeded',
    data: {
      object: {
        id: `pi_${name}`,
        object: 'payment_intent',
        amount: 499,
        amount_received: 499,
        created,
        currency: 'eur',
        customer: null,
        livemode: false,
        metadata: { user, price: SOLD.stripe },
        receipt_email: null,
        status: 'succeeded',
      },
    },
  };
};
