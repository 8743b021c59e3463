/** Makes ids (`protocol/ids.ts` holds their shape). */
import { typeid } from 'typeid-js';
import type { Id, IdPrefix } from '../protocol/ids.ts';

/** A new id; sorts after those made before it, to the millisecond. */
export const newId = <P extends IdPrefix>(prefix: P): Id<P> => typeid(prefix).toString() as Id<P>;

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** The smallest id that can be made at `ms` (since the epoch): ids of then and later do not sort before it. */
export function earliestId<P extends IdPrefix>(prefix: P, ms: number): Id<P> {
  let time = '';
  // The 48 bits of time fill the first ten digits of five bits each.
  for (let rest = Math.max(0, Math.floor(ms)), n = 0; n < 10; n += 1, rest = Math.floor(rest / 32))
    time = (DIGITS[rest % 32] ?? '0') + time;
  return `${prefix}_${time}${'0'.repeat(16)}`;
}

/** The same id each time for the same moment and words: for what is said again until it is heard. */
export async function idFrom<P extends IdPrefix>(prefix: P, ms: number, words: string): Promise<Id<P>> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(words)));
  const chance = [...hash.subarray(0, 16)].map((byte) => DIGITS[byte % 32] ?? '0').join('');
  return `${earliestId(prefix, ms).slice(0, -16)}${chance}` as Id<P>;
}
