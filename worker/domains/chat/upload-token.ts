/**
 * Leave to upload one body: which medium it is for and until when, signed. All else about it (conversation, uploader,
 * kind, type, size) stands in the medium's row, which the token names.
 */
import * as z from 'zod/mini';
import { type ChatMediaId, chatMediaId } from '../../protocol/ids.ts';

/** How long the leave holds, ms. */
export const UPLOAD_MS = 10 * 60_000;

const encoder = new TextEncoder();
/** The secret signs other things too; none of them begins so. */
const PURPOSE = 'chat upload';

const keyOf = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

const said = (id: string, expiresAt: number): Uint8Array<ArrayBuffer> => Uint8Array.from(encoder.encode(`${PURPOSE}\n${id}\n${expiresAt}`));

/** @param expiresAt ms since the epoch */
export async function mintUpload(secret: string, id: ChatMediaId, expiresAt: number): Promise<string> {
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), said(id, expiresAt)));
  const text = btoa(String.fromCharCode(...mac))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return `${id}.${expiresAt.toString(36)}.${text}`;
}

/** Which medium the token lets in at `now` (ms); null where it is none of ours, or over. */
export async function readUpload(secret: string, token: string, now: number): Promise<ChatMediaId | null> {
  const [, id = '', expiry = '', mac = ''] = /^([a-z0-9_]+)\.([a-z0-9]{1,9})\.([\w-]{43})$/.exec(token) ?? [];
  if (!z.safeParse(chatMediaId, id).success) return null;
  const expiresAt = Number.parseInt(expiry, 36);
  const signature = Uint8Array.from(atob(mac.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  const holds = await crypto.subtle.verify('HMAC', await keyOf(secret), signature, said(id, expiresAt));
  return holds && now < expiresAt ? (id as ChatMediaId) : null;
}
