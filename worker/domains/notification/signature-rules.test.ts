import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawSignature } from './signature-rules.ts';

/** A number as DER has it: without zeros before it, but for one where its first bit is set. */
const toDer = (numbers: readonly Uint8Array[]): Uint8Array => {
  const parts = numbers.flatMap((number) => {
    const digits = [...number.subarray(number.findIndex((byte) => byte !== 0))];
    const value = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits;
    return [0x02, value.length, ...value];
  });
  return Uint8Array.from([0x30, parts.length, ...parts]);
};
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const number = fc
  .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(31))
  .map(([bytes, zeros]) => bytes.fill(0, 0, zeros))
  .filter((bytes) => bytes.some((byte) => byte !== 0));

describe('a signature in DER', () => {
  it('of any two numbers becomes those two side by side', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        expect(rawSignature(base64(toDer([r, s])))).toEqual(Uint8Array.from([...r, ...s]));
      }),
    );
  });

  it('as WebCrypto makes it without DER is that again', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const { privateKey } = pair as CryptoKeyPair;
    for (let n = 0; n < 100; n++) {
      const made = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Uint8Array.of(n)));
      expect(rawSignature(base64(toDer([made.subarray(0, 32), made.subarray(32)])))).toEqual(made);
    }
  });

  it('cut short, made longer or of anything else is none', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        const der = toDer([r, s]);
        for (let length = 0; length < der.length; length++) expect(rawSignature(base64(der.subarray(0, length)))).toBeNull();
        expect(rawSignature(base64(Uint8Array.from([...der, 0])))).toBeNull();
      }),
      { numRuns: 20 },
    );
    for (const wrong of [new Uint8Array(70), Uint8Array.of(0x30, 4, 2, 0, 2, 0)]) expect(rawSignature(base64(wrong))).toBeNull();
    for (const text of ['', '%%%', 'MEUC', '💥']) expect(rawSignature(text)).toBeNull();
  });
});
