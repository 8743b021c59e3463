/** Random codes and tokens, keyed hashes, and the sealing of private keys. */
import { CODE_DIGITS } from './rules.ts';

const text = new TextEncoder();

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const fromBase64Url = (encoded: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

/** A code of six digits, each equally likely: numbers beyond the last whole multiple are drawn again. */
export function randomCode(): string {
  const bound = 10 ** CODE_DIGITS;
  const fair = Math.floor(2 ** 32 / bound) * bound;
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? fair) >= fair);
  return String((drawn[0] ?? 0) % bound).padStart(CODE_DIGITS, '0');
}

/** An opaque token of 256 bits. */
export const randomToken = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

/** The stored form of an opaque token; it is long and random, so a plain hash says nothing about it. */
export const hashOfToken = async (token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(token))));

/** What a keyed hash is for: the same value hashes differently for each. */
export type HashPurpose = 'otp-code' | 'address' | 'network';

/** A hash that nobody without the secret can compute or try out, such as of a code with a million values. */
export async function keyedHash(secret: string, purpose: HashPurpose, value: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', text.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(`${purpose}\n${value}`))));
}

/** Equal or not, in a time that does not tell where they differ. */
export function sameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at % (b.length || 1));
  return difference === 0;
}

async function sealingKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', text.encode(secret), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text.encode('hearthline signing key') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** `plain` under AES-GCM, bound to `name`, so that one row's seal can't be put into another. */
export async function seal(secret: string, name: string, plain: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: text.encode(name) },
    await sealingKey(secret),
    text.encode(plain),
  );
  return `${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
}

/** What `seal` was given, or null where secret, name or seal are not those of then. */
export async function unseal(secret: string, name: string, sealed: string): Promise<string | null> {
  const [iv = '', body = ''] = sealed.split('.');
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: fromBase64Url(iv), additionalData: text.encode(name) },
      await sealingKey(secret),
      fromBase64Url(body),
    );
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
}
