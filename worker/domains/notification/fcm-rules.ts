/** What is written to Firebase, and what its answers mean (FCM HTTP v1, "FCM error codes"). */
import type { PushDevice, PushOrder } from './push.ts';
import { payloadOf, secondsLeft } from './push-rules.ts';

/** The body of `messages:send`. Words make it a notification that Android shows by itself; without them the app decides. */
export function fcmMessage({ token }: Pick<PushDevice, 'token'>, order: PushOrder, now: number) {
  const { title: _title, body: _body, ...data } = payloadOf(order);
  const wakes = order.urgency !== 'normal';
  const shown = order.words && {
    notification: order.words,
    android: { notification: { tag: order.collapseKey, channel_id: order.kind.replaceAll('.', '_') } },
  };
  return {
    message: {
      token,
      data,
      ...(shown ? { notification: shown.notification } : {}),
      android: {
        priority: wakes ? 'HIGH' : 'NORMAL',
        ttl: `${secondsLeft(order, now)}s`,
        // For a device that is away four keys are kept at most, and which of more is left open: so only for what concerns one
        // call, of which the newest word is all that counts. Conversations replace each other on the screen, by their tag.
        ...(order.words ? {} : { collapse_key: order.collapseKey }),
        ...(shown ? shown.android : {}),
      },
    },
  };
}

/** What follows from an answer. `renew`: our bearer is not taken, another one may be. */
export type FcmMeaning = 'dead' | 'renew' | 'later' | 'never';

export interface FcmError {
  /** HTTP. */
  readonly status: number;
  /** FCM's own word, or Google's general one where it says none. */
  readonly code: string;
  readonly message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads `{error: {message, status, details: [{errorCode}]}}`. */
export function fcmError(status: number, body: Record<string, unknown>): FcmError {
  const error = isObject(body.error) ? body.error : {};
  const details = Array.isArray(error.details) ? error.details.filter(isObject) : [];
  const own = details.find((detail) => textOf(detail['@type']).endsWith('.FcmError'));
  return { status, code: textOf(own?.errorCode) || textOf(error.status) || String(status), message: textOf(error.message) };
}

/**
 * A sender that does not match is our account or their app, and no sign that the device is gone: with a wrong account every
 * device would be forgotten. What is said of a token's form is.
 */
export function meaningOf({ status, code, message }: FcmError): FcmMeaning {
  if (code === 'UNREGISTERED') return 'dead';
  if (code === 'INVALID_ARGUMENT') return /registration token/i.test(message) ? 'dead' : 'never';
  if (code === 'UNAUTHENTICATED') return 'renew';
  if (code === 'SENDER_ID_MISMATCH') return 'never';
  return [401, 403, 404, 429].includes(status) || status >= 500 ? 'later' : 'never';
}
