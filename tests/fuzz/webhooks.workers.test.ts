/**
 * Forged deliveries of payments over all sources, drawn from a seed, as many as FUZZ_WEBHOOKS says (`npm run fuzz -- --webhooks
 * N`): none is taken, none is answered with 5xx, nothing changes. Stripe's and Apple's own libraries say the same of each. What is
 * good is told again and again, and changes nothing the second time.
 */
import { env } from 'cloudflare:test';
import { Environment, SignedDataVerifier } from '@apple/app-store-server-library';
import Stripe from 'stripe';
import { beforeAll, expect, it, vi } from 'vitest';
import { APPLE_ROOT } from '../../worker/domains/payment/apple-root.ts';
import type { PaymentSource, Verdict } from '../../worker/domains/payment/payment-event.ts';
import {
  buyOnPhone,
  type Call,
  contextAt,
  deliveryOf,
  forgeries,
  env as settings,
  stripePost,
  toldOf,
} from '../../worker/domains/payment/source-desk.workers.ts';
import { type Sources, sources } from '../../worker/domains/payment/sources.ts';
import { type Answer, ask, bindings, countRows, settle } from '../access/town.ts';
import { eventually } from '../eventually.ts';
import { Random } from '../simulation/random.ts';
import { forgedOne, type GoodCalls } from './forged.ts';

const { FUZZ_WEBHOOKS, FUZZ_SEED } = env as unknown as { FUZZ_WEBHOOKS: string; FUZZ_SEED: string };
const count = Number(FUZZ_WEBHOOKS);
/** Of so many one goes the whole way by its address. */
const WHOLE_WAY_EVERY = 20;

vi.setConfig({ testTimeout: 120_000 + count * 200, hookTimeout: 120_000 });

const all = sources as Required<Sources>;
let good: GoodCalls;
let known: { flaw: string; call: Call }[];
let madeAt = 0;

/** Each with its own subject, so that nothing here is a repetition. */
async function twoOf(store: 'apple' | 'google', teller: 'store' | 'adapty' | 'apphud'): Promise<Call[]> {
  const calls: Call[] = [];
  for (const period of [null, 'month'] as const) {
    const { id } = await buyOnPhone({ store, product: 'unknown.product', period, tellers: [teller] });
    calls.push(...(await toldOf(id)));
  }
  return calls;
}

async function twoOfStripe(): Promise<Call[]> {
  const calls: Call[] = [];
  for (const amount of ['499', '999']) {
    const form = { amount, currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' };
    const { id } = await stripePost<{ id: string }>('payment_intents', form);
    calls.push(...(await toldOf(id)).filter(({ body }) => body.includes('"type": "payment_intent.succeeded"')));
  }
  return calls;
}

const twoOfEach = async (): Promise<GoodCalls> => ({
  stripe: await twoOfStripe(),
  apple: await twoOf('apple', 'store'),
  google: await twoOf('google', 'store'),
  adapty: await twoOf('apple', 'adapty'),
  apphud: await twoOf('apple', 'apphud'),
});

beforeAll(async () => {
  await settle();
  good = await twoOfEach();
  for (const [name, calls] of Object.entries(good)) expect(calls.length, name).toBe(2);
  known = await forgeries();
  madeAt = Date.now();
  // A refusal is a line of the log each time.
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

/** Whether the maker's own library takes it; null: it keeps none. */
async function takenByMaker({ source, headers, body }: Call, now: number): Promise<boolean | null> {
  const secret = (settings.STRIPE_WEBHOOK_SECRETS ?? '').slice('local_'.length);
  const roots = [APPLE_ROOT, settings.APPLE_DESK_ROOT ?? ''].map((root) => Buffer.from(root, 'base64'));
  try {
    if (source === 'stripe') {
      const subtle = Stripe.createSubtleCryptoProvider();
      const event = await Stripe.webhooks.constructEventAsync(body, headers['Stripe-Signature'] ?? '', secret, 300, subtle, now);
      return event.livemode === false;
    }
    if (source === 'apple') {
      const verifier = new SignedDataVerifier(
        roots,
        false,
        Environment.SANDBOX,
        settings.APPLE_BUNDLE_ID ?? '',
        Number(settings.APPLE_APP_ID),
      );
      const { data } = await verifier.verifyAndDecodeNotification((JSON.parse(body) as { signedPayload: string }).signedPayload);
      if (data?.signedTransactionInfo) await verifier.verifyAndDecodeTransaction(data.signedTransactionInfo);
      return true;
    }
    return null;
  } catch {
    return false;
  }
}

const verify = (call: Call, now: number): Promise<Verdict> => all[call.source].verify(contextAt(now), deliveryOf(call));
const deliver = ({ source, headers, body }: Call): Promise<Answer> =>
  ask({ method: 'POST', path: `/webhooks/${source}`, headers: { ...headers }, body: new TextEncoder().encode(body) });

it('what all of it is made from is good', async () => {
  for (const calls of Object.values(good))
    for (const call of calls) {
      expect(await verify(call, madeAt), call.source).toMatchObject({ outcome: 'verified' });
      expect(await takenByMaker(call, madeAt), call.source).not.toBe(false);
    }
});

it(`${count} forged deliveries: none is taken, none breaks anything, nothing changes`, async () => {
  const random = new Random(FUZZ_SEED);
  const rows = await countRows();
  const bySource: Partial<Record<PaymentSource, number>> = {};
  let whole = 0;
  for (let n = 0; n < count; n++) {
    const { what, call, now } = forgedOne(random, good, known, madeAt);
    const told = `seed ${FUZZ_SEED}, ${n}, ${what}`;
    const verdict = await verify(call, now);
    expect(verdict.outcome, told).toBe('refused');
    expect(await takenByMaker(call, now), told).not.toBe(true);
    bySource[call.source] = (bySource[call.source] ?? 0) + 1;
    // By its address it arrives now, when what is only late or early is good.
    if (n % WHOLE_WAY_EVERY !== 0 || now !== madeAt) continue;
    whole += 1;
    const answer = await deliver(call);
    expect(answer.status, `${told}: ${answer.text.slice(0, 200)}`).toBe(403);
  }
  expect(await countRows()).toEqual(rows);
  console.log(`forged: ${JSON.stringify(bySource)}, ${whole} of them by their address; 0 taken, 0 answered 5xx, 0 changes`);
});

it('what is good is kept once, however often it is told', async () => {
  // New ones: on a slow machine the others have grown too old meanwhile.
  const calls = Object.values(await twoOfEach()).flat();
  for (const call of calls) expect((await deliver(call)).status, call.source).toBe(200);
  await eventually(async () => {
    const open = await bindings.DB.prepare("SELECT count(*) AS n FROM payment_delivery WHERE state = 'stored'").first<{ n: number }>();
    expect(open?.n).toBe(0);
  });
  const rows = await countRows();
  for (let time = 0; time < 5; time++) for (const call of calls) expect((await deliver(call)).status, call.source).toBe(200);
  expect(await countRows()).toEqual(rows);
});
