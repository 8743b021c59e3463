import fc from 'fast-check';
import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { chunk, exif, jpeg, png, riff, says, segment, webp } from '../../../tests/pictures.ts';
import { readPicture } from './image.ts';

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const SECRET = 'N 60 10 23';

function read(bytes: Uint8Array) {
  const answer = readPicture(bytes);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

describe('what tells of the maker', () => {
  it.each([
    ['JPEG, Exif', jpeg(400, 300, exif(1))],
    ['JPEG, XMP', jpeg(400, 300, segment(0xe1, letters(`http://ns.adobe.com/xap/1.0/\0${SECRET}`)))],
    ['JPEG, IPTC', jpeg(400, 300, segment(0xed, letters(`Photoshop 3.0\0${SECRET}`)))],
    ['JPEG, a comment', jpeg(400, 300, segment(0xfe, letters(SECRET)))],
    ['JPEG, more pictures', jpeg(400, 300, segment(0xe2, letters(`MPF\0${SECRET}`)))],
    ['JPEG, a preview in JFXX', jpeg(400, 300, segment(0xe0, letters(`JFXX\0${SECRET}`)))],
    ['JPEG, a preview in JFIF', jpeg(400, 300, segment(0xe0, [...letters('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 9, 9, ...letters(SECRET)]))],
    ['JPEG, a film behind its end', jpeg(400, 300, [], letters(`MotionPhoto${SECRET}`))],
    ['PNG, text', png(400, 300, chunk('tEXt', letters(`Author\0${SECRET}`)))],
    ['PNG, Exif', png(400, 300, chunk('eXIf', letters(SECRET)))],
    ['PNG, international text', png(400, 300, chunk('iTXt', letters(SECRET)))],
    ['WebP, Exif', webp(400, 300, 0x08, riff('EXIF', letters(SECRET)))],
    ['WebP, XMP', webp(400, 300, 0x04, riff('XMP ', letters(SECRET)))],
  ])('is left out: %s', (_, bytes) => {
    expect(says(bytes, SECRET)).toBe(true);
    const { bytes: cleaned, width, height } = read(bytes);
    expect(says(cleaned, SECRET)).toBe(false);
    expect([width, height]).toEqual([400, 300]);
    expect(imageSize(cleaned)).toMatchObject({ width: 400, height: 300 });
  });
});

describe('what a picture needs to look right', () => {
  it('stays: every byte of a picture without metadata', () => {
    for (const bytes of [jpeg(400, 300), png(400, 300), webp(400, 300, 0)]) expect([...read(bytes).bytes]).toEqual([...bytes]);
  });

  it('stays: colour profile and Adobe’s transform', () => {
    const bytes = jpeg(400, 300, [...segment(0xe2, letters('ICC_PROFILE\0profile')), ...segment(0xee, letters('Adobe\0transform'))]);
    expect(says(read(bytes).bytes, 'profile')).toBe(true);
    expect(says(read(bytes).bytes, 'transform')).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stays: which way up (%i)', (orientation) => {
    const picture = read(jpeg(400, 300, exif(orientation)));
    expect(imageSize(picture.bytes).orientation ?? 1).toBe(orientation);
    expect([picture.width, picture.height]).toEqual(orientation >= 5 ? [300, 400] : [400, 300]);
    expect(says(picture.bytes, SECRET)).toBe(false);
  });

  it('tells no reader of WebP to look for what is gone', () => {
    expect(read(webp(400, 300, 0x10 | 0x08 | 0x04, riff('EXIF', [1]))).bytes[20]).toBe(0x10);
  });
});

describe('what is no picture for here', () => {
  it.each([
    ['empty', new Uint8Array(), /must be a JPEG/],
    ['text', Uint8Array.from(letters('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>')), /must be a JPEG/],
    ['a GIF', Uint8Array.from([...letters('GIF89a'), 0x2c, 1, 0x2c, 1, 0, 0, 0]), /must be a JPEG/],
    ['too small', png(199, 300), /at least 200/],
    ['too large', png(300, 6001), /at most 6000/],
    ['a PNG cut off', png(300, 300).slice(0, -14), /damaged/],
    ['a moving PNG', png(300, 300, chunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0])), /moves/],
    ['a moving WebP', webp(300, 300, 0x02), /moves/],
    ['a JPEG without a scan', jpeg(300, 300).slice(0, 105), /damaged|must be/],
  ])('%s', (_, bytes, message) => {
    const answer = readPicture(bytes);
    expect(answer.ok ? '' : answer.message).toMatch(message);
  });
});

describe('whatever the bytes are', () => {
  const base = fc.constantFrom(
    jpeg(400, 300, exif(6)),
    png(400, 300, chunk('tEXt', letters(SECRET))),
    webp(400, 300, 0x08, riff('EXIF', letters(SECRET))),
  );
  const broken = fc.tuple(base, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat()).map(([bytes, writes, cut]) => {
    const copy = bytes.slice(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
    for (const [at, value] of writes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });

  it('there is an answer, and what is taken is no longer than it came and clean already', () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const answer = readPicture(bytes);
        if (!answer.ok) return;
        expect(answer.value.bytes.length).toBeLessThanOrEqual(bytes.length + 2 + 36);
        const again = readPicture(answer.value.bytes);
        expect(again.ok && [...again.value.bytes]).toEqual([...answer.value.bytes]);
      }),
      { numRuns: 2000 },
    );
  });
});
