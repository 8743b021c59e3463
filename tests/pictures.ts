/** Small pictures made by hand, for tests of what is kept of them. They have a size and parts, and nothing to see. */

const text = (value: string): number[] => [...value].map((letter) => letter.charCodeAt(0));
const big16 = (value: number): number[] => [value >> 8, value & 0xff];
const big32 = (value: number): number[] => [...big16(value >>> 16), ...big16(value & 0xffff)];
const little32 = (value: number): number[] => big32(value).toReversed();

/** A JPEG segment: marker, length, content. */
export const segment = (marker: number, content: readonly number[]): number[] => [0xff, marker, ...big16(content.length + 2), ...content];

/** An Exif segment with an orientation and a place. */
export const exif = (orientation: number, secret = 'N 60 10 23'): number[] =>
  segment(0xe1, [
    ...text('Exif\0\0MM'),
    ...[0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
    ...text(secret),
  ]);

/** @param more segments between the start and the frame */
export const jpeg = (width: number, height: number, more: readonly number[] = [], behind: readonly number[] = []): Uint8Array =>
  Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, [...text('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...more,
    ...segment(
      0xdb,
      Array.from({ length: 65 }, (_, n) => n),
    ),
    ...segment(0xc2, [8, ...big16(height), ...big16(width), 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    ...segment(0xc4, [0, 1, 2, 3]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[0x78, 0x9a],
    ...[0xff, 0xd9],
    ...behind,
  ]);

export const chunk = (name: string, content: readonly number[]): number[] => [
  ...big32(content.length),
  ...text(name),
  ...content,
  0,
  0,
  0,
  0,
];

export const png = (width: number, height: number, more: readonly number[] = []): Uint8Array =>
  Uint8Array.from([
    ...[0x89, ...text('PNG\r\n'), 0x1a, 0x0a],
    ...chunk('IHDR', [...big32(width), ...big32(height), 8, 2, 0, 0, 0]),
    ...more,
    ...chunk('IDAT', [1, 2, 3]),
    ...chunk('IEND', []),
  ]);

export const riff = (name: string, content: readonly number[]): number[] => [
  ...text(name),
  ...little32(content.length),
  ...content,
  ...(content.length % 2 ? [0] : []),
];

/** @param flags of its VP8X chunk */
export const webp = (width: number, height: number, flags: number, more: readonly number[] = []): Uint8Array => {
  const side = (value: number) => little32(value - 1).slice(0, 3);
  const body = [
    ...text('WEBP'),
    ...riff('VP8X', [flags, 0, 0, 0, ...side(width), ...side(height)]),
    ...riff('VP8L', [0x2f, 1, 2]),
    ...more,
  ];
  return Uint8Array.from([...text('RIFF'), ...little32(body.length), ...body]);
};

/** Whether `words` stand anywhere in these bytes. */
export const says = (bytes: Uint8Array, words: string): boolean => new TextDecoder('latin1').decode(bytes).includes(words);
