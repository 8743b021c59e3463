/**
 * Google Play. Pub/Sub pushes its notifications with an OIDC token of Google's: RS256 by one of Google's keys, for our audience,
 * in the name of the service account that the subscription pushes with, whose e-mail Google has verified, and not past its
 * end (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions). The token proves who pushes and not what, so the
 * body is only a hint: what was bought, by whom and until when is asked of the Play Developer API. The same holds for what an app
 * sends (`{purchaseToken, productRef}`): one that Play does not know is refused, and of any other the API's answer counts.
 */
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { isSetUp } from '../../platform/environment.ts';
import {
  type Asking,
  isSpoken,
  notificationIn,
  playProduct,
  playSubscription,
  pushed,
  readProduct,
  readSubscription,
  readVoided,
} from './google-rules.ts';
import type { Interpretation } from './payment-event.ts';
import { PlayProblem, playGet } from './play-api.ts';
import { later, nothing, unreadable } from './reading-rules.ts';
import type { Source } from './source.ts';
import { objectIn, textOf } from './verify/body.ts';
import { googleKeys } from './verify/google-keys.ts';

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** A push is made with a token of now; theirs live for an hour. */
const OLDEST_S = 3_600;

const sentByApp = z.strictObject({
  purchaseToken: z.string().check(z.regex(/^[\w.:-]{10,1500}$/)),
  productRef: z.string().check(z.regex(/^[\w.]{1,150}$/)),
});

export const google: Source = {
  name: 'google',

  async verify(ctx, { from, bytes, headers }) {
    if (!isSetUp(ctx.env, 'play')) return { outcome: 'off' };
    const raw = textOf(bytes);
    const body = objectIn(raw);
    if (raw === null || body === null) return { outcome: 'refused', cause: 'no JSON object' };
    if (from === 'member') {
      const sent = z.safeParse(sentByApp, body);
      if (!sent.success) return { outcome: 'refused', cause: 'no purchase token' };
      if (await isMadeUp(ctx, sent.data)) return { outcome: 'refused', cause: 'no such purchase' };
      return { outcome: 'verified', sourceEventId: `sent:${sent.data.productRef}:${await digestOf(sent.data.purchaseToken)}`, raw };
    }
    const cause = await wrongWithToken(ctx, headers.get('Authorization'));
    if (cause !== null) return { outcome: 'refused', cause };
    const push = z.safeParse(pushed, body);
    if (!push.success) return { outcome: 'refused', cause: 'no push' };
    const told = notificationIn(push.data.message.data);
    if (typeof told === 'string') return { outcome: 'refused', cause: 'no notification' };
    if (told.packageName !== ctx.env.PLAY_PACKAGE_NAME) return { outcome: 'refused', cause: 'another app' };
    return { outcome: 'verified', sourceEventId: push.data.message.messageId, raw };
  },

  async interpret(ctx, { sourceEventId: id, raw }) {
    try {
      return await interpret(ctx, id, objectIn(raw));
    } catch (thrown) {
      if (!(thrown instanceof PlayProblem)) throw thrown;
      return thrown.isLasting ? unreadable(thrown.message) : later(thrown.message);
    }
  },
};

/** Null, or what is wrong with the bearer. */
async function wrongWithToken(ctx: Context, authorization: string | null): Promise<string | null> {
  const token = /^Bearer (\S{1,8000})$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return 'no token';
  try {
    const { kid } = decodeProtectedHeader(token);
    const keys = kid === undefined ? null : await googleKeys(ctx, kid);
    if (!keys) return 'no key';
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: ISSUERS,
      audience: ctx.env.PLAY_PUSH_AUDIENCE ?? '',
      requiredClaims: ['iat', 'exp', 'email'],
      maxTokenAge: OLDEST_S,
      clockTolerance: 60,
      currentDate: new Date(ctx.now),
    });
    return payload.email === ctx.env.PLAY_PUSH_EMAIL && payload.email_verified === true ? null : 'another sender';
  } catch (thrown) {
    // A header that is not one is a TypeError in jose.
    if (thrown instanceof errors.JOSEError) return thrown.code;
    if (thrown instanceof TypeError) return 'no token';
    throw thrown;
  }
}

const digestOf = async (text: string): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))]
    .slice(0, 16)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

async function interpret(ctx: Context, id: string, body: Record<string, unknown> | null): Promise<Interpretation> {
  const testsCount = ctx.env.ENVIRONMENT !== 'production';
  const sent = z.safeParse(sentByApp, body);
  if (sent.success) return interpretSent(ctx, { id, at: ctx.now, testsCount }, sent.data);
  const push = z.safeParse(pushed, body);
  const told = push.success ? notificationIn(push.data.message.data) : 'it is no push';
  if (typeof told === 'string') return unreadable(`It can’t be read: ${told}.`);
  const asking: Asking = { id, at: Number(told.eventTimeMillis), testsCount };
  if (told.voidedPurchaseNotification) return readVoided(asking, told.voidedPurchaseNotification);
  if (told.oneTimeProductNotification) {
    const { notificationType, sku, purchaseToken } = told.oneTimeProductNotification;
    return readProduct(asking, notificationType, sku, await playGet(ctx, ['products', sku, 'tokens', purchaseToken], playProduct));
  }
  if (told.subscriptionNotification) {
    const { notificationType, purchaseToken } = told.subscriptionNotification;
    if (!isSpoken(notificationType)) return nothing('It changes nothing that is sold here.');
    return readSubscription(
      asking,
      notificationType,
      purchaseToken,
      await playGet(ctx, ['subscriptionsv2', 'tokens', purchaseToken], playSubscription),
    );
  }
  return told.testNotification ? nothing('Google’s test.') : unreadable('A notification of a kind that is not known here.');
}

/** Whether Play knows no purchase by what an app sent. Where it does not answer, that is found out later. */
async function isMadeUp(ctx: Context, sent: z.infer<typeof sentByApp>): Promise<boolean> {
  try {
    await interpretSent(ctx, { id: '', at: ctx.now, testsCount: true }, sent);
    return false;
  } catch (thrown) {
    if (thrown instanceof PlayProblem) return thrown.isUnknown;
    throw thrown;
  }
}

/** An app's token may be of a thing that is bought once, or of a subscription: Play knows. */
async function interpretSent(
  ctx: Context,
  asking: Asking,
  { purchaseToken, productRef }: z.infer<typeof sentByApp>,
): Promise<Interpretation> {
  try {
    return readProduct(asking, null, productRef, await playGet(ctx, ['products', productRef, 'tokens', purchaseToken], playProduct));
  } catch (thrown) {
    if (!(thrown instanceof PlayProblem && thrown.isUnknown)) throw thrown;
  }
  const state = await playGet(ctx, ['subscriptionsv2', 'tokens', purchaseToken], playSubscription);
  return readSubscription({ ...asking, at: Date.parse(state.startTime ?? '') || asking.at }, null, purchaseToken, state);
}
