/**
 * Apple: App Store Server Notifications V2 (`{signedPayload}`), and the signed transactions that an app hands on
 * (`{signedTransaction}`). Apple's own library looks at all of it: a chain of three certificates up to the pinned root, each good
 * at the moment of signing and each marked by Apple as meant for this, ES256 with the key of the first, our bundle id, our
 * environment, and in production our app's number. Nothing beside the signed parts is looked at. There is no word for “too old”:
 * an app may hand on a transaction of years ago, and a notification that was kept says the same again, which changes nothing.
 * Whether a certificate was revoked meanwhile is not asked (docs/decisions/0014).
 */
import { Buffer } from 'node:buffer';
import type { SignedDataVerifier } from '@apple/app-store-server-library';
import type { Env } from '../../env.ts';
import { isSetUp } from '../../platform/environment.ts';
import { causeOf } from '../../platform/log.ts';
import { APPLE_ROOT } from './apple-root.ts';
import { isIdle, readNotification, readTransaction } from './apple-rules.ts';
import { nothing, unreadable } from './reading-rules.ts';
import type { Source } from './source.ts';
import { objectIn, textOf } from './verify/body.ts';

type Library = typeof import('@apple/app-store-server-library');
let loading: Promise<Library> | undefined;
const verifiers = new WeakMap<Env, SignedDataVerifier>();

/** The library is large: it is read when the first word of Apple's comes, not when the Worker starts. */
async function verifierOf(env: Env): Promise<SignedDataVerifier> {
  loading ??= import('@apple/app-store-server-library');
  const { SignedDataVerifier: Verifier, Environment } = await loading;
  const known = verifiers.get(env);
  if (known) return known;
  // The complaints about an environment let a root of its own through on a desk only.
  const roots = [APPLE_ROOT, ...(env.ENVIRONMENT === 'local' && env.APPLE_DESK_ROOT ? [env.APPLE_DESK_ROOT] : [])];
  const verifier = new Verifier(
    roots.map((root) => Buffer.from(root, 'base64')),
    false,
    env.ENVIRONMENT === 'production' ? Environment.PRODUCTION : Environment.SANDBOX,
    env.APPLE_BUNDLE_ID ?? '',
    Number(env.APPLE_APP_ID),
  );
  verifiers.set(env, verifier);
  return verifier;
}

/** A signed text under its name in a body. */
function signedIn(raw: string | null, name: 'signedPayload' | 'signedTransaction'): string | null {
  const signed = objectIn(raw)?.[name];
  return typeof signed === 'string' && signed.length < 100_000 && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(signed) ? signed : null;
}

export const apple: Source = {
  name: 'apple',

  async verify({ env }, { from, bytes }) {
    if (!isSetUp(env, 'app_store')) return { outcome: 'off' };
    const raw = textOf(bytes);
    const signed = signedIn(raw, from === 'member' ? 'signedTransaction' : 'signedPayload');
    if (raw === null || signed === null) return { outcome: 'refused', cause: 'nothing signed' };
    const verifier = await verifierOf(env);
    try {
      const id =
        from === 'member' ? idOfTransaction(await verifier.verifyAndDecodeTransaction(signed)) : await idOfNotification(verifier, signed);
      return id === null ? { outcome: 'refused', cause: 'no id' } : { outcome: 'verified', sourceEventId: id, raw };
    } catch (thrown) {
      return { outcome: 'refused', cause: `apple ${(thrown as { status?: number }).status ?? causeOf(thrown)}` };
    }
  },

  async interpret({ env }, { sourceEventId, raw }) {
    const verifier = await verifierOf(env);
    try {
      const sent = signedIn(raw, 'signedTransaction');
      if (sent !== null) return readTransaction(sourceEventId, await verifier.verifyAndDecodeTransaction(sent));
      const notification = await verifier.verifyAndDecodeNotification(signedIn(raw, 'signedPayload') ?? '');
      const type = notification.notificationType ?? '';
      if (isIdle(type)) return nothing(`${type} moves no money and no subscription.`);
      const { signedTransactionInfo, signedRenewalInfo } = notification.data ?? {};
      if (!signedTransactionInfo) return unreadable(`${type} without a transaction.`);
      const transaction = await verifier.verifyAndDecodeTransaction(signedTransactionInfo);
      const renewal = signedRenewalInfo ? await verifier.verifyAndDecodeRenewalInfo(signedRenewalInfo) : null;
      return readNotification(sourceEventId, notification, transaction, renewal?.gracePeriodExpiresDate ?? null);
    } catch (thrown) {
      return unreadable(`What is signed inside can’t be verified: ${(thrown as { status?: number }).status ?? causeOf(thrown)}.`);
    }
  },
};

/** A transaction says the same each time an app sends it, until money goes back. */
const idOfTransaction = ({ transactionId, revocationDate }: { transactionId?: string; revocationDate?: number }): string | null =>
  transactionId ? `transaction:${transactionId}${revocationDate === undefined ? '' : `:revoked:${revocationDate}`}` : null;

/** What is signed inside is verified too before the notification is kept. */
async function idOfNotification(verifier: SignedDataVerifier, signed: string): Promise<string | null> {
  const { notificationUUID, data } = await verifier.verifyAndDecodeNotification(signed);
  if (data?.signedTransactionInfo) await verifier.verifyAndDecodeTransaction(data.signedTransactionInfo);
  if (data?.signedRenewalInfo) await verifier.verifyAndDecodeRenewalInfo(data.signedRenewalInfo);
  return notificationUUID ?? null;
}
