/**
 * What an uploaded body is, found in its bytes, and the body without what tells where, when and by whom it was made.
 * Never by its name or by what its sender says of it: that must only agree.
 */
import type { MediaKind } from '../../../protocol/chat/message.ts';
import { readPicture } from '../../profile/image.ts';
import { type Found, Unfit } from './found.ts';
import { cleanMp4 } from './mp4.ts';
import { cleanOgg } from './ogg.ts';
import { cleanWebm } from './webm.ts';

export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationMs: number | null;
}

/** The longer side of a picture or film at most, in px; and all of it, so that no device dies of showing it. */
export const LARGEST_SIDE = 12_000;
export const MOST_PIXELS = 100_000_000;

/**
 * The body, cleaned (in place where it is a film or sound); or a sentence on why it can't be taken. Never throws,
 * whatever the bytes are.
 */
export function readBody(
  kind: MediaKind,
  type: string,
  bytes: Uint8Array<ArrayBuffer>,
): { ok: true; value: Body } | { ok: false; message: string } {
  try {
    return { ok: true, value: bodies[kind](type, bytes) };
  } catch (thrown) {
    if (thrown instanceof Unfit) return { ok: false, message: thrown.message };
    // A reader that went beyond the end.
    if (thrown instanceof RangeError) return { ok: false, message: 'is damaged, or cut off' };
    throw thrown;
  }
}

const bodies: Readonly<Record<MediaKind, (type: string, bytes: Uint8Array<ArrayBuffer>) => Body>> = {
  image(type, bytes) {
    const picture = readPicture(bytes, { min: 1, max: LARGEST_SIDE });
    if (!picture.ok) throw new Unfit(picture.message);
    const { width, height } = picture.value;
    mustBeShowable(width, height);
    if (picture.value.type !== type) throw new Unfit(`is ${picture.value.type}, not ${type}`);
    return { bytes: picture.value.bytes, width, height, durationMs: null };
  },

  voice(type, bytes) {
    const found = contained(type, bytes);
    if (!found.sound || found.picture) throw new Unfit('must be sound alone');
    return { bytes, width: null, height: null, durationMs: found.durationMs };
  },

  video(type, bytes) {
    const found = contained(type, bytes);
    if (!found.picture || found.width === null || found.height === null) throw new Unfit('has no picture');
    mustBeShowable(found.width, found.height);
    return { bytes, width: found.width, height: found.height, durationMs: found.durationMs };
  },

  file(type, bytes) {
    if (type === 'application/pdf') mustBePdf(bytes);
    else if (type === 'text/plain') mustBeText(bytes);
    else throw new Unfit(`of the type ${type} is not taken`);
    return { bytes, width: null, height: null, durationMs: null };
  },
};

function mustBeShowable(width: number, height: number): void {
  if (width < 1 || height < 1) throw new Unfit('has no size');
  if (Math.max(width, height) > LARGEST_SIDE) throw new Unfit(`must be at most ${LARGEST_SIDE} px on each side`);
  if (width * height > MOST_PIXELS) throw new Unfit('has too many pixels');
}

function contained(type: string, bytes: Uint8Array): Found {
  switch (type.split('/')[1]) {
    case 'mp4':
      return cleanMp4(bytes);
    case 'webm':
      return cleanWebm(bytes);
    case 'ogg':
      return cleanOgg(bytes);
    default:
      throw new Unfit(`of the type ${type} is not taken`);
  }
}

/** Begins and ends as a PDF: nothing before it that would make it something else as well. What it says of its maker stays. */
function mustBePdf(bytes: Uint8Array): void {
  const latin = (part: Uint8Array): string => new TextDecoder('latin1').decode(part);
  if (!/^%PDF-[12]\.\d/.test(latin(bytes.subarray(0, 8)))) throw new Unfit('is no PDF file');
  const tail = latin(bytes.subarray(-1024));
  const after = tail.slice(tail.lastIndexOf('%%EOF') + 5);
  if (!tail.includes('%%EOF') || !/^\s*$/.test(after)) throw new Unfit('is damaged, or cut off');
}

function mustBeText(bytes: Uint8Array): void {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new Unfit('must be plain text in UTF-8');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0b\x0e-\x1f\x7f]/.test(text)) throw new Unfit('must be plain text');
}
