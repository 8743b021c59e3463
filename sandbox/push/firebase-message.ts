/** Whether a message is one that Firebase takes (`projects.messages`, REST reference). */
import { isObject } from '../answer.ts';

export interface FirebaseMessage {
  readonly token: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly notification?: { readonly title?: string; readonly body?: string };
  readonly android?: {
    readonly priority?: 'HIGH' | 'NORMAL';
    readonly ttl?: string;
    readonly collapse_key?: string;
    readonly notification?: { readonly tag?: string; readonly channel_id?: string };
  };
}

/** The fields that a server of ours may use; all others they call unknown, or mean something else. */
const fields: Readonly<Record<string, readonly string[]>> = {
  message: ['token', 'data', 'notification', 'android'],
  'message.notification': ['title', 'body', 'image'],
  'message.android': ['collapse_key', 'priority', 'ttl', 'restricted_package_name', 'data', 'notification', 'direct_boot_ok'],
  'message.android.notification': [
    'title',
    'body',
    'icon',
    'color',
    'sound',
    'tag',
    'click_action',
    'channel_id',
    'notification_priority',
    'visibility',
  ],
};
const RESERVED = /^(from|message_type|notification|google.*|gcm.*)$/i;
const MOST_BYTES = 4096;
const MOST_TTL_SECONDS = 28 * 24 * 60 * 60;

export interface Wrong {
  readonly field: string;
  readonly message: string;
  /** True where FCM itself says it, false where Google's reading of the request does. */
  readonly own: boolean;
}
const misread = (field: string, message: string): Wrong => ({ field, message, own: false });
const refused = (message: string): Wrong => ({ field: '', message, own: true });

export function wrongWith(message: Record<string, unknown>): Wrong | null {
  const { token, data, notification, android } = message;
  const own = isObject(android) ? android : {};
  const places = {
    message,
    'message.notification': notification,
    'message.android': android,
    'message.android.notification': own.notification,
  };
  for (const [place, value] of Object.entries(places)) {
    if (value === undefined) continue;
    if (!isObject(value)) return misread(place, `Invalid value at '${place}'`);
    for (const name of Object.keys(value))
      if (!fields[place]?.includes(name)) return misread(place, `Unknown name "${name}" at '${place}': Cannot find field.`);
  }
  return wrongData(data) ?? wrongAndroid(own) ?? (size(message) > MOST_BYTES ? refused('Android message is too big') : wrongToken(token));
}

function wrongToken(token: unknown): Wrong | null {
  if (typeof token !== 'string') return refused('Exactly one of token, topic or condition is required');
  return /^[A-Za-z0-9:_-]{20,4096}$/.test(token) ? null : refused('The registration token is not a valid FCM registration token');
}

function wrongData(data: unknown): Wrong | null {
  if (data === undefined) return null;
  if (!isObject(data)) return misread('message.data', "Invalid value at 'message.data'");
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'string') return misread('message.data', `Invalid value at 'message.data' (TYPE_STRING), ${String(value)}`);
    if (RESERVED.test(name)) return refused(`Invalid data payload key: ${name}`);
  }
  return null;
}

function wrongAndroid({ priority, ttl }: Record<string, unknown>): Wrong | null {
  if (priority !== undefined && priority !== 'HIGH' && priority !== 'NORMAL')
    return misread('message.android.priority', "Invalid value at 'message.android.priority'");
  if (ttl === undefined) return null;
  const seconds = typeof ttl === 'string' && /^\d+(\.\d{1,9})?s$/.test(ttl) ? Number.parseFloat(ttl) : Number.NaN;
  return seconds <= MOST_TTL_SECONDS ? null : misread('message.android.ttl', "Invalid value at 'message.android.ttl'");
}

/** Keys and values of the data, and the words. */
const size = ({ data = {}, notification = {} }: Record<string, unknown>): number =>
  [data, notification]
    .flatMap((part) => Object.entries(part as Record<string, string>))
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)), 0);
