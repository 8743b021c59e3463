/**
 * What a picture may be, and a picture without what it tells of its maker. Type and size come from `image-size`. What
 * is left of metadata is decided here: libraries that write pictures decode them whole, which a 36-megapixel photo does
 * not survive in 128 MB, and lose quality; so the file is copied part by part and only known parts go along.
 */
import { imageSize } from 'image-size';
import { PHOTO_SIDE } from '../../protocol/http/photos.ts';

export interface Picture {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp';
  /** As it is shown, in px: turned the way the camera was held. */
  readonly width: number;
  readonly height: number;
  /** Without place, time, device, texts and previews. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const kinds = {
  jpg: { type: 'image/jpeg', clean: cleanJpeg },
  png: { type: 'image/png', clean: cleanPng },
  webp: { type: 'image/webp', clean: cleanWebp },
} as const;

/**
 * The picture in `bytes`, cleaned; or a sentence on why it can't be taken. Never throws, whatever the bytes are.
 * @param side the shorter side at least and the longer side at most, in px
 */
export function readPicture(
  bytes: Uint8Array,
  side: { readonly min: number; readonly max: number } = PHOTO_SIDE,
): { ok: true; value: Picture } | { ok: false; message: string } {
  const found = sizeOf(bytes);
  const kind = found && Object.entries(kinds).find(([name]) => name === found.type)?.[1];
  if (!found || !kind) return { ok: false, message: 'must be a JPEG, PNG or WebP picture' };
  const turned = (found.orientation ?? 1) >= 5;
  const [width, height] = turned ? [found.height, found.width] : [found.width, found.height];
  if (Math.min(width, height) < side.min) return { ok: false, message: `must be at least ${side.min} px on each side` };
  if (Math.max(width, height) > side.max) return { ok: false, message: `must be at most ${side.max} px on each side` };
  const cleaned = kind.clean(bytes, found.orientation ?? 1);
  if (!cleaned) return { ok: false, message: 'is damaged, or moves' };
  return { ok: true, value: { type: kind.type, width, height, bytes: cleaned } };
}

function sizeOf(bytes: Uint8Array): { width: number; height: number; type?: string; orientation?: number } | null {
  try {
    return imageSize(bytes);
  } catch {
    return null;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.byteLength;
  }
  return all;
}

const textAt = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));

// ── JPEG: markers with segments, then scans of coded data, up to the end-of-image marker ──

const SOS = 0xda;
const EOI = 0xd9;

/** Segments that a picture needs to look right. Of the application segments: JFIF, an ICC profile, Adobe's colour transform. */
function jpegKeeps(marker: number, bytes: Uint8Array, at: number): boolean {
  if (marker === 0xe0) return textAt(bytes, at, 5) === 'JFIF\0';
  if (marker === 0xe2) return textAt(bytes, at, 12) === 'ICC_PROFILE\0';
  if (marker === 0xee) return textAt(bytes, at, 5) === 'Adobe';
  return marker !== 0xfe && !(marker >= 0xe1 && marker <= 0xef);
}

function cleanJpeg(bytes: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> | null {
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  if (orientation > 1 && orientation <= 8) parts.push(orientationSegment(orientation));
  let at = 2;
  let scanned = false;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // What lies behind the end (previews, a film) is left out.
    if (marker === EOI) return scanned ? joined([...parts, bytes.subarray(at, at + 2)]) : null;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    if (marker === 0xe0 && jpegKeeps(marker, bytes, at + 4)) parts.push(jfifWithoutPreview(bytes.subarray(at, end)));
    else if (jpegKeeps(marker, bytes, at + 4)) parts.push(bytes.subarray(at, end));
    at = end;
    if (marker !== SOS) continue;
    scanned = true;
    const next = scanEnd(bytes, at);
    parts.push(bytes.subarray(at, next));
    at = next;
  }
  // Cut off before its end: shown as far as it goes.
  return scanned ? joined([...parts, Uint8Array.of(0xff, EOI)]) : null;
}

/** Where coded data end: at the next marker that is neither a stuffed zero nor a restart. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** A JFIF header may hold a small uncompressed picture; the header alone is 16 bytes behind the marker. */
function jfifWithoutPreview(segment: Uint8Array): Uint8Array {
  if (segment.length <= 18) return segment;
  const head = segment.slice(0, 18);
  head.set([0, 16], 2);
  head.set([0, 0], 16);
  return head;
}

/** An Exif segment that says which way up, and nothing else. */
const orientationSegment = (orientation: number): Uint8Array =>
  // biome-ignore format: one field a line
  Uint8Array.of(
    0xff, 0xe1, 0, 34,
    0x45, 0x78, 0x69, 0x66, 0, 0, // "Exif"
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian TIFF, first directory at 8
    0, 1, // one entry
    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, // orientation, one short
    0, 0, 0, 0, // no further directory
  );

// ── PNG: a signature, then chunks of length, name, data, checksum ──

const pngKept = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'cICP', 'bKGD', 'pHYs']);

function cleanPng(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let data = 0;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    const name = textAt(bytes, at + 4, 4);
    if (name === 'acTL') return null;
    if (pngKept.has(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IDAT') data += 1;
    if (name === 'IEND') return data > 0 ? joined(parts) : null;
    at = end;
  }
  return null;
}

// ── WebP: RIFF chunks of name, length (little-endian), data, padded to even ──

const webpKept = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP']);
/** Flags of `VP8X`: animation, and what is left out here. */
const MOVES = 0x02;
const EXIF_AND_XMP = 0x08 | 0x04;

function cleanWebp(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const until = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const parts: Uint8Array[] = [];
  let drawn = false;
  for (let at = 12; at + 8 <= until; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > until) return null;
    const name = textAt(bytes, at, 4);
    if (name === 'ANIM' || name === 'ANMF') return null;
    if (name === 'VP8X') {
      const flags = bytes[at + 8] ?? 0;
      if (flags & MOVES) return null;
      const chunk = bytes.slice(at, end);
      chunk[8] = flags & ~EXIF_AND_XMP;
      parts.push(chunk);
    } else if (webpKept.has(name))
      parts.push(end <= bytes.length ? bytes.subarray(at, end) : joined([bytes.subarray(at), Uint8Array.of(0)]));
    if (name === 'VP8 ' || name === 'VP8L') drawn = true;
    at = end;
  }
  if (!drawn) return null;
  const body = joined(parts);
  const head = bytes.slice(0, 12);
  new DataView(head.buffer).setUint32(4, 4 + body.byteLength, true);
  return joined([head, body]);
}
