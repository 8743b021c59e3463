/** Ids that providers ask for, derived from ours, so that every try of the same push says the same. */
import type { PushDevice, PushOrder } from './push.ts';

const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** A UUID (version 8, RFC 9562) for this notification on this device. */
export async function uuidOf(order: Pick<PushOrder, 'id'>, device: Pick<PushDevice, 'id'>): Promise<string> {
  const bytes = (await digestOf(`${order.id} ${device.id}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return [...bytes].map((byte, n) => ([4, 6, 8, 10].includes(n) ? '-' : '') + byte.toString(16).padStart(2, '0')).join('');
}

/** 32 characters of base64url, which is the most that a Topic may have (RFC 8030, section 5.4). */
export async function topicOf(collapseKey: string): Promise<string> {
  const bytes = (await digestOf(collapseKey)).slice(0, 24);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
