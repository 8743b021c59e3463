/** Signatures as SendGrid sends them (DER in base64), and as WebCrypto takes them (two numbers of 32 bytes). */

/** Bytes of base64; null where it is none. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

const NUMBER_BYTES = 32;

/**
 * A DER sequence of two numbers (RFC 3279, 2.2.3) as r‖s; null where it is anything else. Whatever it lets through is
 * checked by the verification itself.
 */
export function rawSignature(base64: string): Uint8Array<ArrayBuffer> | null {
  const der = bytesOf(base64);
  // Two numbers of 33 bytes at most: lengths have one byte each.
  if (der?.[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null;
  const raw = new Uint8Array(2 * NUMBER_BYTES);
  let at = 2;
  for (let number = 0; number < 2; number++) {
    const length = der[at + 1] ?? 0;
    const bytes = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || bytes.length !== length) return null;
    // A number whose first bit is set has a zero before it.
    const digits = bytes[0] === 0 ? bytes.subarray(1) : bytes;
    if (digits.length > NUMBER_BYTES) return null;
    raw.set(digits, (number + 1) * NUMBER_BYTES - digits.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}
