/** What is signed and hashed for mails: addresses as they are kept, and leave to stop a group of mails. */
import * as z from 'zod/mini';
import type { Env } from '../../env.ts';
import { type AppLanguage, appLanguage } from '../../protocol/http/comfort.ts';
import { isMailGroup, type MailGroup } from './words/mail-groups.ts';

const encoder = new TextEncoder();

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const fromBase64Url = (encoded: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

/** A key of its own for each purpose, derived from the house’s secret. */
async function keyFor(env: Pick<Env, 'KEY_SEALING_SECRET'>, purpose: 'address' | 'stop'): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(env.KEY_SEALING_SECRET), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(`hearthline mail ${purpose}`) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign', 'verify'],
  );
}

/** An address as suppressions are kept by: nobody without the secret can tell whose it is. */
export async function mailAddressHash(env: Pick<Env, 'KEY_SEALING_SECRET'>, address: string): Promise<string> {
  return hashWith(await keyFor(env, 'address'), address);
}

/** The same of many: address → hash. */
export async function mailAddressHashes(env: Pick<Env, 'KEY_SEALING_SECRET'>, addresses: readonly string[]): Promise<Map<string, string>> {
  const key = await keyFor(env, 'address');
  return new Map(await Promise.all(addresses.map(async (address) => [address, await hashWith(key, address)] as const)));
}

const hashWith = async (key: CryptoKey, address: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(address.trim().toLowerCase()))));

/** What the link at the foot of a mail may do: stop (and take back) one group of mails to one address. */
export interface StopLeave {
  readonly addressHash: string;
  readonly group: MailGroup;
  /** What the page is written in. */
  readonly language: AppLanguage;
}

/** The leave as text for an address. It holds for ever: mails are kept for years, and nobody should be refused to stop them. */
export async function mintStop(env: Pick<Env, 'KEY_SEALING_SECRET'>, { addressHash, group, language }: StopLeave): Promise<string> {
  const said = `${addressHash}.${group}.${language}`;
  const mac = await crypto.subtle.sign('HMAC', await keyFor(env, 'stop'), encoder.encode(said));
  return `${said}.${toBase64Url(new Uint8Array(mac))}`;
}

/** What a leave allows; null where it is none of ours. */
export async function readStop(env: Pick<Env, 'KEY_SEALING_SECRET'>, token: string): Promise<StopLeave | null> {
  const [, said = '', addressHash = '', group = '', named = '', mac = ''] =
    /^(([\w-]{43})\.([a-z_]{1,40})\.([a-z]{2}))\.([\w-]{43})$/.exec(token) ?? [];
  const language = z.safeParse(appLanguage, named);
  if (!language.success || !isMailGroup(group)) return null;
  const holds = await crypto.subtle.verify('HMAC', await keyFor(env, 'stop'), fromBase64Url(mac), encoder.encode(said));
  return holds ? { addressHash, group, language: language.data } : null;
}
