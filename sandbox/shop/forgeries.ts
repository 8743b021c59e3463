/** Deliveries that are not what they say, one flaw each; the Worker must take none of them. */
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { play, stripe as stripeKeys } from '../desk-keys.ts';
import * as adapty from '../mobile/adapty.ts';
import * as apphud from '../mobile/apphud.ts';
import { callOf as appleCallOf, notificationOf } from '../mobile/apple.ts';
import { makeChain } from '../mobile/apple-chain.ts';
import { buy, firstOf, type Told } from '../mobile/bought.ts';
import { notificationOf as playNotificationOf, pushOf } from '../mobile/google.ts';
import { API_VERSION } from '../stripe/account.ts';
import { signed } from '../stripe/api.ts';
import type { Call, Teller } from './deliveries.ts';

type Forge = (now: number) => Call | Promise<Call>;

/** Something that was bought, which nobody else knows of. */
function bought(store: 'apple' | 'google', at: number, period: 'month' | null = 'month'): Told {
  const thing = buy({ store, product: 'test.coins.100', amount: 499, currency: 'EUR', period, user: null, email: 'ada@demo.test' }, at);
  return { bought: thing, happening: 'bought', payment: firstOf(thing), at };
}

const event = (now: number, more: object = {}): object => ({
  id: `evt_${randomUUID().replaceAll('-', '')}`,
  object: 'event',
  api_version: API_VERSION,
  created: Math.floor(now / 1000),
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: 'payment_intent.succeeded',
  data: {
    object: {
      id: 'pi_forged',
      object: 'payment_intent',
      amount: 99_900,
      amount_received: 99_900,
      currency: 'eur',
      metadata: { user: 'usr_x' },
    },
  },
  ...more,
});

const stripeSignature = (body: string, time: number, secret: string, scheme = 'v1'): string =>
  `t=${time},${scheme}=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;

function stripeWith(now: number, header: (body: string, time: number) => string | null, more: object = {}): Call {
  const good = signed(event(now, more), now);
  const signature = header(good.body, Math.floor(now / 1000));
  const { 'Stripe-Signature': _, ...rest } = good.headers;
  return { ...good, headers: signature === null ? rest : { ...rest, 'Stripe-Signature': signature } };
}
const secret = stripeKeys.webhookSecret;
const tampered = (call: Call): Call => ({ ...call, body: call.body.replace('99900', '99901') });

const apple = async (now: number, otherwise: Parameters<typeof notificationOf>[3], period: 'month' | null = 'month'): Promise<Call> =>
  appleCallOf(await notificationOf(bought('apple', now, period), randomUUID(), now, otherwise));

/** Another payload under Apple's signature; or Apple's payload under another header. */
async function appleCut(now: number, change: (parts: [string, string, string]) => readonly string[]): Promise<Call> {
  const { signedPayload } = JSON.parse((await apple(now, {})).body) as { signedPayload: string };
  return appleCallOf(change(signedPayload.split('.') as [string, string, string]).join('.'));
}
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

const push = (now: number, claims: Parameters<typeof pushOf>[3], change: object = {}): Promise<Call> =>
  pushOf({ ...playNotificationOf(bought('google', now)), ...change }, String(now), now, claims);

let foreign: KeyObject | undefined;
/** Right in every word, signed with a key that is not Google's, under the name of one that is. */
async function selfSigned(now: number): Promise<Call> {
  foreign ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const good = await push(now, {});
  const [head = '', claims = ''] = String(good.headers.Authorization).slice('Bearer '.length).split('.');
  const token = await new SignJWT(read(claims)).setProtectedHeader(read(head) as { alg: string }).sign(foreign);
  return { ...good, headers: { ...good.headers, Authorization: `Bearer ${token}` } };
}
async function bearer(now: number, change: (parts: [string, string, string]) => readonly string[]): Promise<Call> {
  const good = await push(now, {});
  const parts = String(good.headers.Authorization).slice('Bearer '.length).split('.') as [string, string, string];
  return { ...good, headers: { ...good.headers, Authorization: `Bearer ${change(parts).join('.')}` } };
}

const withHeader = (call: Call, name: string, value: string | null): Call => {
  const { [name]: _, ...rest } = call.headers;
  return { ...call, headers: value === null ? rest : { ...rest, [name]: value } };
};
const adaptyEvent = (now: number): Record<string, unknown> => adapty.eventOf(bought('apple', now), 'subscription_started', randomUUID());
const appHudEvent = (now: number): Record<string, unknown> => apphud.eventOf(bought('apple', now), 'subscription_started', randomUUID());

/** By source, what is wrong with each. */
export const forgeries: Readonly<Record<Teller, Readonly<Record<string, Forge>>>> = {
  stripe: {
    'another secret': (now) => stripeWith(now, (body, time) => stripeSignature(body, time, 'whsec_of-somebody-else')),
    'no signature': (now) => stripeWith(now, () => null),
    'an empty signature': (now) => stripeWith(now, () => ''),
    'a signature of another scheme': (now) => stripeWith(now, (body, time) => stripeSignature(body, time, secret, 'v0')),
    'signed ten minutes ago': (now) => stripeWith(now, (body, time) => stripeSignature(body, time - 600, secret)),
    'an old signature with a new time': (now) =>
      stripeWith(now, (body, time) => stripeSignature(body, time - 301, secret).replace(/^t=\d+/, `t=${time}`)),
    'another body': (now) => tampered(stripeWith(now, (body, time) => stripeSignature(body, time, secret))),
    'a space more': (now) => {
      const good = stripeWith(now, (body, time) => stripeSignature(body, time, secret));
      return { ...good, body: `${good.body} ` };
    },
    'of the real mode': (now) => stripeWith(now, (body, time) => stripeSignature(body, time, secret), { livemode: true }),
  },
  adapty: {
    'no value': (now) => withHeader(adapty.callOf(adaptyEvent(now)), 'Authorization', null),
    'another value': (now) => withHeader(adapty.callOf(adaptyEvent(now)), 'Authorization', 'adapty-another'),
    'the value and more': (now) => withHeader(adapty.callOf(adaptyEvent(now)), 'Authorization', 'adapty-not-a-secret2'),
    'the value as a bearer': (now) => withHeader(adapty.callOf(adaptyEvent(now)), 'Authorization', 'Bearer adapty-not-a-secret'),
    'of production': (now) => {
      const said = adaptyEvent(now);
      return adapty.callOf({ ...said, event_properties: { ...(said.event_properties as object), environment: 'Production' } });
    },
  },
  apple: {
    'another root of the same name': async (now) => apple(now, { chain: await makeChain({ foreignRoot: true }) }),
    'another root inside': async (now) => apple(now, { innerChain: await makeChain({ foreignRoot: true }) }),
    'another root inside what is bought once': async (now) => apple(now, { innerChain: await makeChain({ foreignRoot: true }) }, null),
    'a leaf that is not for this': async (now) => apple(now, { chain: await makeChain({ unmarkedLeaf: true }) }),
    'an intermediate that is not for this': async (now) => apple(now, { chain: await makeChain({ unmarkedIntermediate: true }) }),
    'certificates that have ended': async (now) => apple(now, { chain: await makeChain({ expired: true }) }),
    'two certificates': async (now) => apple(now, { chain: await makeChain({ links: 2 }) }),
    'four certificates': async (now) => apple(now, { chain: await makeChain({ links: 4 }) }),
    'the chain of one and the key of another': async (now) => {
      const [mine, other] = [await makeChain(), await makeChain()];
      return apple(now, { chain: { x5c: mine.x5c, key: other.key } });
    },
    'another app': (now) => apple(now, { bundleId: 'test.hearthline.other' }),
    'another environment': (now) => apple(now, { environment: 'Production' }),
    'an environment that is not signed': (now) =>
      appleCut(now, ([head, payload]) => [
        head,
        base64({ ...read(payload), data: { ...(read(payload).data as object), environment: 'Xcode' } }),
        '',
      ]),
    'another payload': (now) =>
      appleCut(now, ([head, payload, signature]) => [head, base64({ ...read(payload), notificationUUID: randomUUID() }), signature]),
    'no algorithm': (now) => appleCut(now, ([head, payload]) => [base64({ ...read(head), alg: 'none' }), payload, '']),
    'the key as a shared secret': async (now) =>
      appleCut(now, ([head, payload]) => {
        const forged = `${base64({ ...read(head), alg: 'HS256' })}.${payload}`;
        return [
          ...forged.split('.'),
          createHmac('sha256', (read(head).x5c as string[])[0] ?? '')
            .update(forged)
            .digest('base64url'),
        ];
      }),
    'a cut signature': (now) => appleCut(now, ([head, payload, signature]) => [head, payload, signature.slice(0, -8)]),
  },
  google: {
    'no token': async (now) => withHeader(await push(now, {}), 'Authorization', null),
    'another issuer': (now) => push(now, { issuer: 'https://accounts.example' }),
    'another audience': (now) => push(now, { audience: 'https://elsewhere.example/webhooks/google' }),
    'another sender': (now) => push(now, { email: 'push@another-project.iam.gserviceaccount.com' }),
    'a sender who is not verified': (now) => push(now, { email_verified: false }),
    'a token that has ended': (now) => push(now, { life: -600 }),
    'a key that is none of theirs': (now) => push(now, { keyId: 'another-key' }),
    'a key of somebody else': selfSigned,
    'other claims': (now) =>
      bearer(now, ([head, claims, signature]) => [head, base64({ ...read(claims), email: play.pushEmail, exp: 9_999_999_999 }), signature]),
    'no algorithm': (now) => bearer(now, ([head, claims]) => [base64({ ...read(head), alg: 'none' }), claims, '']),
    'another app': (now) => push(now, {}, { packageName: 'test.hearthline.other' }),
  },
  apphud: {
    'no value': (now) => withHeader(apphud.callOf(appHudEvent(now)), 'X-Apphud-Token', null),
    'another value': (now) => withHeader(apphud.callOf(appHudEvent(now)), 'X-Apphud-Token', 'apphud-another'),
    'the value under another name': (now) => {
      const good = apphud.callOf(appHudEvent(now));
      return { ...withHeader(good, 'X-Apphud-Token', null), headers: { Authorization: 'apphud-not-a-secret' } };
    },
    'another app': (now) => apphud.callOf({ ...appHudEvent(now), app: { bundle_id: 'test.hearthline.other', package_name: null } }),
    'of production': (now) => {
      const said = appHudEvent(now);
      const user = said.user as { subscriptions: object[] };
      return apphud.callOf({
        ...said,
        user: { ...user, subscriptions: user.subscriptions.map((each) => ({ ...each, environment: 'production' })) },
      });
    },
  },
};

/** One of each. */
export const forgedAt = (now: number): Promise<{ flaw: string; call: Call }[]> =>
  Promise.all(
    Object.values(forgeries).flatMap((flaws) => Object.entries(flaws).map(async ([flaw, forge]) => ({ flaw, call: await forge(now) }))),
  );
