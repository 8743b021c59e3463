/** Who sends a Web Push message (RFC 8292): a token signed with the key that stands beside it. */
import { errors, importJWK, jwtVerify } from 'jose';

/** A token may live this long at most. */
const MAX_AGE_SECONDS = 24 * 60 * 60;

export type Vapid = { readonly ok: true; readonly sender: string } | { readonly ok: false; readonly why: string };

/**
 * @param header `Authorization`
 * @param audience origin of the endpoint
 * @param at ms since the epoch
 */
export async function verifyVapid(header: string | undefined, audience: string, at: number): Promise<Vapid> {
  const parts = /^vapid\s+(.+)$/i.exec(header ?? '')?.[1];
  if (parts === undefined) return { ok: false, why: 'Missing VAPID authorization' };
  const fields = new Map(parts.split(',').map((part) => [part.trim().slice(0, 2), part.trim().slice(2)]));
  const [token, sender] = [fields.get('t=') ?? '', fields.get('k=') ?? ''];
  const point = Buffer.from(sender, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return { ok: false, why: 'k is not an uncompressed point of P-256' };
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  try {
    const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256');
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(at),
    });
    if (Number(payload.exp) > at / 1000 + MAX_AGE_SECONDS) return { ok: false, why: 'exp is more than 24 hours ahead' };
    if (!/^(mailto:.+@.+|https:\/\/.+)$/.test(payload.sub ?? '')) return { ok: false, why: 'sub is neither mailto: nor https:' };
    return { ok: true, sender };
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError || thrown instanceof DOMException)
      return { ok: false, why: thrown.message };
    throw thrown;
  }
}
