/** Devices that take push messages: registered by their owner, forgotten with their session or when the provider says so. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import type { PushRegistration, WebPushSubscription } from '../../protocol/http/push-devices.ts';
import type { Id, SessionId, UserId } from '../../protocol/ids.ts';
import { deleteDevice, deleteSilentDevices, devicesOf, type PushDeviceRow, upsertDevice } from './device-store.ts';
import type { PushDevice } from './push.ts';
import { platformsOn } from './push-settings.ts';
import { pushServiceUrl } from './webpush-rules.ts';

export interface RegisteredDevice extends PushDevice {
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly seenAt: number;
}

/**
 * This device of the caller takes push messages from now on. Repeated: only its moment moves.
 * @throws Problem `validation_failed`, `unauthenticated` where the session ended in the meantime
 */
export async function registerDevice(
  ctx: Context,
  by: Pick<Principal, 'userId' | 'sessionId'>,
  wish: PushRegistration,
): Promise<RegisteredDevice> {
  if (!platformsOn(ctx.env).includes(wish.platform)) throw refused('platform', 'is not on here; see /push/config');
  const address = wish.platform === 'webpush' ? await browserAddress(wish.subscription) : tokenAddress(wish);
  const row: PushDeviceRow = {
    id: newId('dev'),
    userId: by.userId,
    sessionId: by.sessionId,
    platform: wish.platform,
    ...address,
    createdAt: ctx.now,
    seenAt: ctx.now,
  };
  try {
    return toDevice(await upsertDevice(ctx.env.DB, row));
  } catch (thrown) {
    if (refusedWith(thrown, 'session_is_over')) throw new Problem('unauthenticated', 'This sign-in is over. Please sign in again.');
    throw thrown;
  }
}

/** Somebody's devices, the one that was registered last first. */
export const pushDevicesOf = async (ctx: Context, userId: UserId): Promise<RegisteredDevice[]> =>
  (await devicesOf(ctx.env.DB, [userId])).map(toDevice);

/** The devices of each of these people who has any. */
export const pushDevicesOfAll = async (ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, RegisteredDevice[]>> =>
  Map.groupBy((await devicesOf(ctx.env.DB, ids)).map(toDevice), ({ userId }) => userId);

/** @throws Problem `not_found` */
export async function removeDevice(ctx: Context, userId: UserId, id: Id<'dev'>): Promise<void> {
  if (!(await deleteDevice(ctx.env.DB, { id, userId }))) throw new Problem('not_found', 'There is no such device.');
}

/**
 * The provider says that nobody is behind this address any more. A device that has a new one in the meantime stays.
 * @param reason the provider's own code, for the log
 */
export async function forgetDevice(ctx: Context, device: Pick<PushDevice, 'id' | 'platform' | 'token'>, reason: string): Promise<void> {
  const { id, platform, token } = device;
  if (await deleteDevice(ctx.env.DB, { id, token })) ctx.log.info('push device forgotten', { deviceId: id, platform, reason });
}

/** A sign-in ends by itself after thirty days without a visit; who comes registers again. */
const SILENT_MS = 60 * 24 * 60 * 60_000;

export const forgetSilentDevices = (ctx: Context): Promise<void> => deleteSilentDevices(ctx.env.DB, ctx.now - SILENT_MS);

const refused = (path: string, message: string): Problem =>
  new Problem('validation_failed', 'This device can’t be registered; see `fields`.', { fields: [{ path, message }] });

type Address = Pick<PushDeviceRow, 'token' | 'p256dh' | 'auth'>;

const tokenAddress = ({ platform, token }: Exclude<PushRegistration, { platform: 'webpush' }>): Address => ({
  token: platform === 'apns' || platform === 'voip' || platform === 'onesignal' ? token.toLowerCase() : token,
  p256dh: null,
  auth: null,
});

async function browserAddress({ endpoint, keys }: WebPushSubscription): Promise<Address> {
  const url = pushServiceUrl(endpoint);
  if (!url) throw refused('subscription.endpoint', 'is not the address of a push service we know');
  const [p256dh, auth] = [keys.p256dh.replace(/=$/, ''), keys.auth.replace(/=+$/, '')];
  if (!(await isPointOfCurve(p256dh))) throw refused('subscription.keys.p256dh', 'is not a public key of P-256');
  return { token: url.href, p256dh, auth };
}

/** What is no point can't be encrypted for: better said now than at each push. */
async function isPointOfCurve(base64url: string): Promise<boolean> {
  const bytes = Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  try {
    await crypto.subtle.importKey('raw', bytes, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return true;
  } catch {
    return false;
  }
}

const toDevice = (row: PushDeviceRow): RegisteredDevice => ({
  id: row.id as Id<'dev'>,
  userId: row.userId as UserId,
  sessionId: row.sessionId as SessionId,
  platform: row.platform,
  token: row.token,
  keys: row.p256dh !== null && row.auth !== null ? { p256dh: row.p256dh, auth: row.auth } : null,
  createdAt: row.createdAt,
  seenAt: row.seenAt,
});
