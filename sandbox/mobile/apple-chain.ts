/**
 * Three certificates as Apple's: the desk's root, one below it, and one that signs, the last two made anew at every start and
 * marked as Apple marks its own (https://www.apple.com/certificateauthority/).
 */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { SignJWT } from 'jose';
import { appStore } from '../desk-keys.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Apple's marks: “Worldwide Developer Relations” and “Mac App Store receipt signing”. */
const MARK = { intermediate: '1.2.840.113635.100.6.2.1', leaf: '1.2.840.113635.100.6.11.1' } as const;
const NULL = new Uint8Array([5, 0]);
const YEAR_MS = 365 * 24 * 3_600_000;

const base64 = (der: ArrayBuffer): string => Buffer.from(der).toString('base64');
const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

/** What a chain may have wrong with it, for tests. */
export interface Flaws {
  /** A root of its own instead of the desk's. */
  readonly foreignRoot?: boolean;
  readonly unmarkedLeaf?: boolean;
  readonly unmarkedIntermediate?: boolean;
  /** Certificates that had ended before it was signed. */
  readonly expired?: boolean;
  readonly links?: 2 | 4;
}

export interface Chain {
  readonly x5c: readonly string[];
  readonly key: CryptoKey;
}

export async function makeChain(flaws: Flaws = {}): Promise<Chain> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const [intermediate, leaf] = [await newKeys(), await newKeys()];
  const now = Date.now();
  const [notBefore, notAfter] = flaws.expired ? [now - 2 * YEAR_MS, now - YEAR_MS] : [now - YEAR_MS, now + YEAR_MS];
  const dates = { notBefore: new Date(notBefore), notAfter: new Date(notAfter), signingAlgorithm: algorithm };
  const root = flaws.foreignRoot ? await foreignRoot(dates) : await deskRoot();
  const middle = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: '02',
    subject: 'CN=Hearthline Desk Developer Relations',
    issuer: root.certificate.subject,
    publicKey: intermediate.publicKey,
    signingKey: root.key,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      ...(flaws.unmarkedIntermediate ? [] : [new x509.Extension(MARK.intermediate, false, NULL)]),
    ],
  });
  const signer = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: '03',
    subject: 'CN=Hearthline Desk App Store Signing',
    issuer: middle.subject,
    publicKey: leaf.publicKey,
    signingKey: intermediate.privateKey,
    extensions: flaws.unmarkedLeaf ? [] : [new x509.Extension(MARK.leaf, false, NULL)],
  });
  const whole = [signer, middle, root.certificate].map(({ rawData }) => base64(rawData));
  const x5c = flaws.links === 2 ? whole.slice(0, 2) : flaws.links === 4 ? [...whole, whole[2] as string] : whole;
  return { x5c, key: leaf.privateKey };
}

async function deskRoot(): Promise<{ certificate: x509.X509Certificate; key: CryptoKey }> {
  const key = await webcrypto.subtle.importKey('pkcs8', Buffer.from(appStore.rootKey, 'base64'), algorithm, false, ['sign']);
  return { certificate: new x509.X509Certificate(appStore.root), key: key as CryptoKey };
}

async function foreignRoot(dates: { notBefore: Date; notAfter: Date }): Promise<{ certificate: x509.X509Certificate; key: CryptoKey }> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    signingAlgorithm: algorithm,
    serialNumber: '01',
    // The same name as the desk's.
    name: new x509.X509Certificate(appStore.root).subject,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return { certificate, key: keys.privateKey };
}

let mine: Promise<Chain> | undefined;

/** Signed as Apple signs: ES256, with the chain in the header. */
export async function signedByApple(payload: object, chain?: Chain): Promise<string> {
  mine ??= makeChain();
  const { x5c, key } = chain ?? (await mine);
  return new SignJWT({ ...payload }).setProtectedHeader({ alg: 'ES256', x5c: [...x5c] }).sign(key);
}
