/**
 * Ogg (RFC 3533) with Opus (RFC 7845): pages with a checksum each, packets across them. The second packet names the maker
 * and holds comments, pictures among them: it is emptied where it stands, and the checksums of its pages are made anew.
 */
import { damaged, type Found, nameAt, Unfit } from './found.ts';

interface Page {
  readonly at: number;
  readonly body: number;
  readonly end: number;
  readonly flags: number;
  readonly granule: number;
  readonly serial: number;
  /** Lengths of its segments; one below 255 ends a packet. */
  readonly segments: Uint8Array;
}

const CONTINUED = 1;
const FIRST = 2;
const SAMPLES_PER_MS = 48;

/** Cleans in place. @throws Unfit */
export function cleanOgg(bytes: Uint8Array): Found {
  const pages = pagesOf(bytes);
  const [head, ...rest] = pages;
  if (!head || head.flags !== FIRST || !says(bytes, head.body, 'OpusHead') || head.end - head.body < 19)
    throw new Unfit('must be Opus sound in Ogg');
  if (rest.some(({ flags, serial }) => (flags & FIRST) !== 0 || serial !== head.serial)) throw new Unfit('carries more than one sound');
  emptyComments(bytes, rest);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = rest.findLast(({ granule }) => granule >= 0)?.granule ?? 0;
  const durationMs = Math.round((last - view.getUint16(head.body + 10, true)) / SAMPLES_PER_MS);
  return {
    sound: true,
    picture: false,
    width: null,
    height: null,
    durationMs: durationMs > 0 && durationMs < 86_400_000 ? durationMs : null,
  };
}

function pagesOf(bytes: Uint8Array): Page[] {
  if (nameAt(bytes, 0) !== 'OggS') throw new Unfit('is no Ogg file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 27 > bytes.length || nameAt(bytes, at) !== 'OggS' || bytes[at + 4] !== 0) throw damaged();
    const count = bytes[at + 26] ?? 0;
    const body = at + 27 + count;
    const segments = bytes.slice(at + 27, body);
    const end = body + segments.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) throw damaged();
    if (view.getUint32(at + 22, true) !== checksum(bytes, at, end)) throw damaged();
    const granule = view.getInt32(at + 10, true) * 2 ** 32 + view.getUint32(at + 6, true);
    pages.push({ at, body, end, flags: bytes[at + 5] ?? 0, granule, serial: view.getUint32(at + 14, true), segments });
    at = end;
  }
  return pages;
}

const TAGS = 'OpusTags';

/** `OpusTags`, no maker, no comments; zeros up to where it ended. */
function emptyComments(bytes: Uint8Array, pages: readonly Page[]): void {
  const touched: Page[] = [];
  let begun = false;
  for (const page of pages) {
    if (begun !== ((page.flags & CONTINUED) !== 0)) throw damaged();
    let [at, ended] = [page.body, false];
    for (const length of page.segments) {
      at += length;
      ended = length < 255;
      if (ended) break;
    }
    // The comments end with their page: the sound begins on a new one.
    if (ended && at !== page.end) throw damaged();
    const kept = begun ? 0 : TAGS.length;
    if (!begun && (!says(bytes, page.body, TAGS) || page.end - page.body < TAGS.length + 8)) throw damaged();
    bytes.fill(0, page.body + kept, page.end);
    touched.push(page);
    begun = true;
    if (ended) break;
    if (page === pages.at(-1)) throw damaged();
  }
  if (!begun || touched.length === pages.length) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { at, end } of touched) view.setUint32(at + 22, checksum(bytes, at, end), true);
}

const says = (bytes: Uint8Array, at: number, words: string): boolean =>
  [...words].every((letter, n) => bytes[at + n] === letter.charCodeAt(0));

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** Over the page with its own checksum taken as zero. */
export function checksum(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at += 1) {
    const byte = at >= from + 22 && at < from + 26 ? 0 : (bytes[at] ?? 0);
    crc = ((crc << 8) ^ (crcTable[((crc >>> 24) & 0xff) ^ byte] ?? 0)) >>> 0;
  }
  return crc;
}
