/** What proves each source, against its stand-in, with the real libraries, in the real runtime. */
import { describe, expect, it } from 'vitest';
import { staging } from '../../../tests/staging.ts';
import { APPLE_ROOT } from './apple-root.ts';
import type { PaymentSource } from './payment-event.ts';
import {
  buyOnPhone,
  type Call,
  contextAt,
  deliveryOf,
  env,
  eventOf,
  forgeries,
  good,
  read,
  sources,
  toldOf,
  verify,
} from './source-desk.workers.ts';

const names = Object.keys(good) as PaymentSource[];

describe.each(names)('%s', (name) => {
  it('takes a good delivery, the same under the same name each time, and reads a purchase', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    const first = await verify(call);
    expect(first).toMatchObject({ outcome: 'verified', raw: call.body });
    expect(await verify(call)).toEqual(first);
    expect(await eventOf(call)).toMatchObject({ source: name, kind: 'purchase', storeSubscriptionId: null, period: null });
  });

  it('is off where it is not set up', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    expect(await verify(call, staging)).toEqual({ outcome: 'off' });
  });

  it('refuses bytes that are no text, no JSON, no object, and nothing at all', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    for (const body of ['', '{', '[]', 'null', '"x"', '1', '\u0000'])
      expect(await verify({ ...call, body }), JSON.stringify(body)).toMatchObject({ outcome: 'refused' });
    const delivery = deliveryOf(call);
    const bytes = new Uint8Array([...delivery.bytes, 0xff]);
    expect(await sources[name].verify(contextAt(), { ...delivery, bytes })).toMatchObject({ outcome: 'refused' });
  });

  it('refuses what is meant for another source', async () => {
    for (const other of names.filter((each) => each !== name)) {
      const call = await good[other]();
      if (call) expect(await verify({ ...call, source: name }), `${other} at ${name}`).toMatchObject({ outcome: 'refused' });
    }
  });
});

it('everything that is forged is refused, whatever is wrong with it', async () => {
  const all = await forgeries();
  expect(all.length).toBeGreaterThan(40);
  for (const { flaw, call } of all) expect(await verify(call), `${call.source}: ${flaw}`).toMatchObject({ outcome: 'refused' });
});

it('Apple’s root is the one whose fingerprint Apple publishes', async () => {
  const der = Uint8Array.from(atob(APPLE_ROOT), (character) => character.charCodeAt(0));
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', der))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(digest).toBe('63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179');
});

it('the desk’s root is worth nothing outside local', async () => {
  const call = await good.apple();
  if (!call) throw new Error('nothing was told');
  const deployed = {
    ...staging,
    APPLE_BUNDLE_ID: 'test.hearthline.app',
    APPLE_APP_ID: '1234567890',
    APPLE_DESK_ROOT: env.APPLE_DESK_ROOT ?? '',
  };
  expect(await verify(call, deployed)).toMatchObject({ outcome: 'refused' });
});

describe('Stripe', () => {
  it('takes either of two secrets while one replaces the other', async () => {
    const call = (await good.stripe()) as Call;
    for (const secrets of ['local_whsec_new,whsec_not-a-secret', 'local_whsec_not-a-secret,whsec_old'])
      expect(await verify(call, { STRIPE_WEBHOOK_SECRETS: secrets })).toMatchObject({ outcome: 'verified' });
    expect(await verify(call, { STRIPE_WEBHOOK_SECRETS: 'local_whsec_new,whsec_old' })).toMatchObject({ outcome: 'refused' });
  });

  it('takes a delivery for five minutes', async () => {
    const call = (await good.stripe()) as Call;
    const signedAt = Number(/t=(\d+)/.exec(call.headers['Stripe-Signature'] ?? '')?.[1]) * 1000;
    expect(await verify(call, {}, signedAt + 300_000)).toMatchObject({ outcome: 'verified' });
    expect(await verify(call, {}, signedAt + 301_000)).toMatchObject({ outcome: 'refused' });
  });
});

describe('a messenger', () => {
  it('take either of two values while one replaces the other', async () => {
    const { id } = await buyOnPhone({ store: 'apple', tellers: ['adapty', 'apphud'] });
    for (const call of await toldOf(id)) {
      const name = call.source === 'adapty' ? 'ADAPTY_WEBHOOK_TOKENS' : 'APPHUD_WEBHOOK_TOKENS';
      const value = `${call.source}-not-a-secret`;
      expect(await verify(call, { [name]: `local_new,${value}` })).toMatchObject({ outcome: 'verified' });
      expect(await verify(call, { [name]: `local_${value},old` })).toMatchObject({ outcome: 'verified' });
      expect(await verify(call, { [name]: 'local_new,old' })).toMatchObject({ outcome: 'refused' });
      expect(await verify(call, { [name]: `local_new,old,${value}` })).toMatchObject({ outcome: 'refused' });
    }
  });

  it('Adapty’s check of the address gets the answer that it waits for, to the right value only', async () => {
    const check = (body: object, Authorization = 'adapty-not-a-secret'): Call => ({
      source: 'adapty',
      headers: { Authorization },
      body: JSON.stringify(body),
    });
    expect(await verify(check({ adapty_check: 'x1' }))).toEqual({ outcome: 'answered', body: { adapty_check_response: 'x1' } });
    expect(await verify(check({}))).toEqual({ outcome: 'answered', body: {} });
    expect(await verify(check({}, 'another'))).toMatchObject({ outcome: 'refused' });
  });
});

it('what is not known is looked at by somebody, and what moves nothing is let go', async () => {
  const adapty = (await good.adapty()) as Call;
  const renamed = (name: string): Call => ({ ...adapty, body: adapty.body.replace('non_subscription_purchase', name) });
  expect(await read(renamed('something_new'))).toMatchObject({ outcome: 'unreadable' });
  expect(await read(renamed('access_level_updated'))).toMatchObject({ outcome: 'nothing' });
  expect(await read(renamed('__proto__'))).toMatchObject({ outcome: 'unreadable' });
});
