/** Small films, sounds and documents made by hand, for tests of what is kept of them. They have parts, and nothing to see or hear. */
import { checksum } from '../worker/domains/chat/containers/ogg.ts';

const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const big = (value: number, length: number): number[] =>
  Array.from({ length }, (_, n) => Math.floor(value / 256 ** (length - 1 - n)) % 256);
const big16 = (value: number): number[] => big(value, 2);
const big32 = (value: number): number[] => big(value, 4);
const little = (value: number, length: number): number[] => big(value, length).toReversed();
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

// ── MP4 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const box = (name: string, ...content: readonly (readonly number[])[]): number[] => {
  const body = content.flat();
  return [...big32(body.length + 8), ...text(name), ...body];
};

export interface TrackPlan {
  readonly handler: 'vide' | 'soun' | 'meta';
  readonly width?: number;
  readonly height?: number;
  /** Turned a quarter. */
  readonly turned?: boolean;
  /** Bytes of its one sample. */
  readonly sample: readonly number[];
  /** Boxes in its `trak` beside those that it needs. */
  readonly more?: readonly number[];
}

/** Seconds since 1904: somewhere in 2024. */
const MADE = 3_800_000_000;
const matrix = (turned: boolean): number[] =>
  turned
    ? [...zeros(4), ...big32(0x10000), ...zeros(4), ...big32(0xffff0000), ...zeros(16), ...big32(0x40000000)]
    : [...big32(0x10000), ...zeros(12), ...big32(0x10000), ...zeros(12), ...big32(0x40000000)];

function trak({ handler, width = 0, height = 0, turned = false, sample, more = [] }: TrackPlan, id: number, offset: number): number[] {
  const entry = {
    vide: () =>
      box(
        'avc1',
        [...zeros(7), 1, ...zeros(16), ...big16(width), ...big16(height), ...zeros(14)],
        [...text('Camera9 encoder'), ...zeros(17)],
        zeros(4),
      ),
    soun: () => box('mp4a', [...zeros(7), 1, ...zeros(8), 0, 2, 0, 16, ...zeros(4), ...big32(48000 * 65536)]),
    meta: () => box('mebx', [...zeros(7), 1], text('com.apple.quicktime.location.ISO6709')),
  }[handler]();
  return box(
    'trak',
    box(
      'tkhd',
      [0, 0, 0, 3],
      big32(MADE),
      big32(MADE),
      big32(id),
      zeros(4),
      big32(3000),
      zeros(16),
      matrix(turned),
      big32(width * 65536),
      big32(height * 65536),
    ),
    box(
      'mdia',
      box('mdhd', zeros(4), big32(MADE), big32(MADE), big32(1000), big32(3000), zeros(4)),
      box('hdlr', zeros(8), text(handler), zeros(12), text('Core Media of Ada’s phone\0')),
      box(
        'minf',
        box('dinf', box('dref', zeros(4), big32(1), box('url ', [0, 0, 0, 1]))),
        box(
          'stbl',
          box('stsd', zeros(4), big32(1), entry),
          box('stts', zeros(4), zeros(4)),
          box('stsc', zeros(4), big32(1), big32(1), big32(1), big32(1)),
          box('stsz', zeros(4), zeros(4), big32(1), big32(sample.length)),
          box('stco', zeros(4), big32(1), big32(offset)),
        ),
      ),
    ),
    more,
  );
}

/**
 * @param parts `moov`: more boxes inside it; `top`: more behind `ftyp`; `behind`: whatever comes last
 */
export function mp4(
  tracks: readonly TrackPlan[],
  parts: { moov?: readonly number[]; top?: readonly number[]; behind?: readonly number[] } = {},
): Uint8Array<ArrayBuffer> {
  const head = [...box('ftyp', text('isom'), big32(512), text('isommp42')), ...(parts.top ?? [])];
  const data = box('mdat', ...tracks.map(({ sample }) => sample));
  let offset = head.length + 8;
  const traks = tracks.map((track, n) => {
    const made = trak(track, n + 1, offset);
    offset += track.sample.length;
    return made;
  });
  const mvhd = box('mvhd', zeros(4), big32(MADE), big32(MADE), big32(1000), big32(3000), zeros(80));
  return Uint8Array.from([...head, ...data, ...box('moov', mvhd, ...traks, parts.moov ?? []), ...(parts.behind ?? [])]);
}

/** What a recorder writes while it records: a beginning that knows no end, then pieces of half a second, `pieces` of them. */
export function liveMp4(pieces: number, more: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const whole = mp4([{ handler: 'soun', sample: [1, 2, 3] }], {
    moov: [...box('mvex', box('trex', zeros(4), big32(1), big32(1), big32(20), zeros(8))), ...more],
  });
  const piece = (n: number) => [
    ...box(
      'moof',
      box('mfhd', zeros(4), big32(n + 1)),
      box('traf', box('tfhd', [0, 2, 0, 0], big32(1)), box('tfdt', zeros(4), big32(n * 500)), box('trun', zeros(4), big32(25))),
    ),
    ...box('mdat', [4, 5, 6]),
  ];
  return Uint8Array.from([...whole, ...Array.from({ length: pieces }, (_, n) => piece(n)).flat()]);
}

/** Where a film was made, as phones write it. */
export const place = (): number[] => box('udta', box('loci', text('+60.1699+024.9384/')), box('meta', text('Ada’s phone')));

// ── WebM ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const idBytes = (id: number): number[] => big(id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
/** @param unknown true: its length is left open */
export const element = (id: number, content: readonly number[], unknown = false): number[] => [
  ...idBytes(id),
  ...(unknown ? [0x01, ...new Array<number>(7).fill(0xff)] : [0x08, ...big32(content.length)]),
  ...content,
];

export interface WebmPlan {
  readonly types: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly docType?: string;
  /** Of unknown length, as recorders write while they record. */
  readonly live?: boolean;
  /** More elements of the segment, behind its tracks. */
  readonly more?: readonly number[];
  readonly info?: readonly number[];
  readonly behind?: readonly number[];
}

export function webm({ types, width = 640, height = 360, docType = 'webm', live = false, more = [], info = [], behind = [] }: WebmPlan) {
  const tracks = types.map((type, n) =>
    element(0xae, [
      ...element(0xd7, [n + 1]),
      ...element(0x83, [type]),
      ...element(0x536e, text('Ada’s camera')),
      ...element(0x86, text(type === 1 ? 'V_VP8' : 'A_OPUS')),
      ...(type === 1 ? element(0xe0, [...element(0xb0, big16(width)), ...element(0xba, big16(height))]) : []),
    ]),
  );
  const cluster = (at: number, within: number) =>
    element(0x1f43b675, [...element(0xe7, big16(at)), ...element(0xa3, [0x81, ...big16(within), 0x80, 1, 2, 3])], live);
  const segment = [
    ...element(0x1549a966, [
      ...element(0x2ad7b1, big(1_000_000, 3)),
      ...element(0x4d80, text('Camera9 muxer')),
      ...element(0x5741, text('Camera9 on Ada’s phone')),
      ...info,
    ]),
    ...element(0x1654ae6b, tracks.flat()),
    ...more,
    ...cluster(0, 0),
    ...cluster(2000, 500),
  ];
  return Uint8Array.from([
    ...element(0x1a45dfa3, [...element(0x4286, [1]), ...element(0x4282, text(docType)), ...element(0x4287, [4])]),
    ...element(0x18538067, segment, live),
    ...behind,
  ]);
}

/** A title, a day and tags. */
export const webmTitle = (): number[] => [...element(0x7ba9, text('At Ada’s house')), ...element(0x4461, big(700_000_000, 8))];
export const webmTags = (length = 40): number[] => element(0x1254c367, [...text('LOCATION 60.17 24.94 '), ...zeros(length)]);

// ── Ogg ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function oggPage(
  content: readonly number[],
  {
    flags = 0,
    granule = 0,
    serial = 7,
    seq = 0,
    open = false,
  }: { flags?: number; granule?: number; serial?: number; seq?: number; open?: boolean } = {},
): number[] {
  const segments = [...new Array<number>(Math.floor(content.length / 255)).fill(255), ...(open ? [] : [content.length % 255])];
  const page = Uint8Array.from([
    ...[...text('OggS'), 0, flags],
    ...little(granule, 8),
    ...[...little(serial, 4), ...little(seq, 4), 0, 0, 0, 0],
    ...[segments.length, ...segments, ...content],
  ]);
  new DataView(page.buffer).setUint32(22, checksum(page, 0, page.length), true);
  return [...page];
}

const opusHead = (): number[] => [...text('OpusHead'), 1, 1, ...little(312, 2), ...little(48_000, 4), 0, 0, 0];
const opusTags = (comment: string): number[] => [
  ...text('OpusTags'),
  ...[...little(15, 4), ...text('Camera9 encoder')],
  ...[...little(1, 4), ...little(text(comment).length, 4), ...text(comment)],
];

/** Opus for three seconds. @param comment as long as it likes: over a thousand bytes it goes across pages */
export function ogg(comment = 'LOCATION=60.17,24.94', behind: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const tags = opusTags(comment);
  const pages: number[][] = [];
  for (let at = 0; at < tags.length || at === 0; at += 1020) {
    const part = tags.slice(at, at + 1020);
    const open = at + 1020 < tags.length;
    pages.push(oggPage(part, { seq: pages.length + 1, flags: at === 0 ? 0 : 1, open }));
  }
  const sound = oggPage([9, 9, 9], { seq: pages.length + 1, granule: 3 * 48_000 + 312, flags: 4 });
  return Uint8Array.from([...oggPage(opusHead(), { flags: 2 }), ...pages.flat(), ...sound, ...behind]);
}

// ── documents ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const pdf = (before = '', behind = ''): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text(`${before}%PDF-1.7\n1 0 obj << /Author (Ada) >> endobj\ntrailer << /Info 1 0 R >>\n%%EOF\n${behind}`));
