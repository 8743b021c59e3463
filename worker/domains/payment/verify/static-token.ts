/** A fixed value that a messenger puts into a header: all the proof that some of them give. */

const encoder = new TextEncoder();

/** As many as are in force while one is replaced by another. */
const MOST = 2;

/**
 * Whether a header's value is one of those that are accepted. Takes as long for a near miss as for any other: hashes are
 * compared, all of them, to the end.
 */
export async function isAccepted(given: string | null, accepted: readonly string[]): Promise<boolean> {
  const mine = await hashOf(given ?? '');
  const theirs = await Promise.all(accepted.slice(0, MOST).map(hashOf));
  const matches = theirs.map((hash) => hash.reduce((difference, byte, n) => difference | (byte ^ (mine[n] ?? 0)), 0) === 0);
  return given !== null && given !== '' && matches.includes(true);
}

const hashOf = async (value: string): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(value)));
