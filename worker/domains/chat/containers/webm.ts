/**
 * WebM (EBML, RFC 8794; Matroska, RFC 9559): elements of id, length, content. Known ones are left alone; every other one
 * becomes `Void` of the same size, so that no position moves. The names of the programs that wrote it must be there and
 * are emptied.
 */
import { damaged, type Found, MOST_PARTS, Unfit } from './found.ts';

const id = {
  EBML: 0x1a45dfa3,
  DocType: 0x4282,
  Segment: 0x18538067,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  MuxingApp: 0x4d80,
  WritingApp: 0x5741,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackType: 0x83,
  Video: 0xe0,
  PixelWidth: 0xb0,
  PixelHeight: 0xba,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  Cues: 0x1c53bb6b,
  SeekHead: 0x114d9b74,
  Void: 0xec,
} as const;

/** Elements that are looked into, and what may stand in them. */
const inside: ReadonlyMap<number, ReadonlySet<number>> = new Map<number, ReadonlySet<number>>([
  [id.Segment, new Set([id.SeekHead, id.Info, id.Tracks, id.Cluster, id.Cues, id.Void])],
  [id.Info, new Set([id.TimestampScale, id.Duration, id.MuxingApp, id.WritingApp, id.Void])],
  [id.Tracks, new Set([id.TrackEntry, id.Void])],
  // Of a track: number, uid, type, flags, durations, codec and its private part, delays, picture, sound.
  [
    id.TrackEntry,
    new Set([
      ...[0xd7, 0x73c5, id.TrackType, 0xb9, 0x88, 0x55aa, 0x9c, 0x6de7, 0x6df8, 0x23e383, 0x234e7a, 0x23314f, 0x55ee],
      ...[0x22b59c, 0x86, 0x63a2, 0xaa, 0x56aa, 0x56bb, id.Video, 0xe1, id.Void],
    ]),
  ],
  [
    id.Video,
    new Set([
      ...[0x9a, 0x9d, 0x53b8, 0x53c0, id.PixelWidth, id.PixelHeight, 0x54aa, 0x54bb, 0x54cc, 0x54dd],
      ...[0x54b0, 0x54ba, 0x54b2, 0x54b3, 0x55b0, 0x7670, 0x2383e3, id.Void],
    ]),
  ],
  [id.Cluster, new Set([id.Timestamp, 0xa7, 0xab, id.SimpleBlock, id.BlockGroup, id.Void])],
  [id.BlockGroup, new Set([id.Block, 0x9b, 0xfb, 0x75a2, 0xfa, id.Void])],
]);

/** What may stand in the head: versions, longest lengths, the kind of document. */
const inHead = new Set<number>([0x4286, 0x42f7, 0x42f2, 0x42f3, id.DocType, 0x4287, 0x4285]);

/** A segment or cluster of unknown length ends where one of these begins. */
const atTop = new Set<number>([id.SeekHead, id.Info, id.Tracks, id.Cluster, id.Cues, 0x1043a770, 0x1254c367, 0x1941a469]);

interface Element {
  readonly id: number;
  readonly at: number;
  readonly body: number;
  /** Null: unknown, it ends where something begins that can't stand in it. */
  readonly end: number | null;
}

/** Cleans in place. @throws Unfit */
export const cleanWebm = (bytes: Uint8Array): Found => new Webm(bytes).clean();

class Webm {
  readonly #bytes: Uint8Array;
  #parts = 0;
  #scale = 1_000_000;
  #duration: number | null = null;
  #clusterAt = 0;
  #lastAt: number | null = null;
  #types: number[] = [];
  #width: number | null = null;
  #height: number | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  clean(): Found {
    const head = this.#element(0, this.#bytes.length);
    if (head.id !== id.EBML || head.end === null) throw new Unfit('is no WebM file');
    if (!this.#isWebm(head.body, head.end)) throw new Unfit('is no WebM file');
    const segment = this.#element(head.end, this.#bytes.length);
    if (segment.id !== id.Segment) throw damaged();
    const end = this.#children(segment, this.#bytes.length);
    if (end !== this.#bytes.length) throw new Unfit('has something behind its end');
    if (this.#types.length === 0 || this.#lastAt === null) throw damaged();
    if (this.#types.some((type) => type !== 1 && type !== 2)) throw new Unfit('carries more than picture and sound');
    const lasts = ((this.#duration ?? this.#lastAt) * this.#scale) / 1_000_000;
    return {
      sound: this.#types.includes(2),
      picture: this.#types.includes(1),
      width: this.#width,
      height: this.#height,
      durationMs: Number.isFinite(lasts) && lasts > 0 && lasts < 86_400_000 ? Math.round(lasts) : null,
    };
  }

  #isWebm(from: number, to: number): boolean {
    let isWebm = false;
    for (let at = from; at < to; ) {
      const { id: name, body, end } = this.#element(at, to);
      if (end === null) throw damaged();
      if (!inHead.has(name)) this.#void(at, end);
      if (name === id.DocType) isWebm = this.#text(body, end) === 'webm';
      at = end;
    }
    return isWebm;
  }

  #text(from: number, to: number): string {
    return String.fromCharCode(...this.#bytes.subarray(from, Math.min(to, from + 16))).replace(/\0+$/, '');
  }

  #element(at: number, to: number): Element {
    if (++this.#parts > MOST_PARTS) throw damaged();
    const idLength = this.#lengthOfNumber(at, to, 4);
    const name = this.#number(at, idLength);
    const sizeAt = at + idLength;
    const sizeLength = this.#lengthOfNumber(sizeAt, to, 8);
    const body = sizeAt + sizeLength;
    const size = this.#size(sizeAt, sizeLength);
    if (size !== null && body + size > to) throw damaged();
    return { id: name, at, body, end: size === null ? null : body + size };
  }

  #lengthOfNumber(at: number, to: number, most: number): number {
    const length = Math.clz32(this.#bytes[at] ?? 0) - 23;
    if (at >= to || length > most || at + length > to) throw damaged();
    return length;
  }

  #number(at: number, length: number): number {
    let value = 0;
    for (let n = 0; n < length; n += 1) value = value * 256 + (this.#bytes[at + n] ?? 0);
    return value;
  }

  /** Null where all its bits are set: not known. */
  #size(at: number, length: number): number | null {
    const marked = (this.#bytes[at] ?? 0) & (2 ** (8 - length) - 1);
    const rest = this.#bytes.subarray(at + 1, at + length);
    if (marked === 2 ** (8 - length) - 1 && rest.every((byte) => byte === 0xff)) return null;
    return rest.reduce((value, byte) => value * 256 + byte, marked);
  }

  /** Goes through an element's content; answers where it ends. */
  #children(element: Element, limit: number): number {
    const known = inside.get(element.id);
    const end = element.end ?? limit;
    let at = element.body;
    while (at < end) {
      const child = this.#element(at, end);
      if (element.end === null && element.id === id.Cluster && atTop.has(child.id)) return at;
      if (child.end === null && child.id !== id.Cluster) throw damaged();
      if (child.end !== null && (!known?.has(child.id) || child.id === id.Void)) this.#void(child.at, child.end);
      else this.#leaf(child);
      at = inside.has(child.id) && known?.has(child.id) ? this.#children(child, end) : (child.end ?? end);
    }
    return at;
  }

  #leaf({ id: name, body, end }: Element): void {
    if (end === null) return;
    const number = () => {
      if (end - body > 8) throw damaged();
      return this.#number(body, end - body);
    };
    switch (name) {
      case id.TimestampScale:
        this.#scale = number();
        break;
      case id.Duration:
        this.#duration = this.#float(body, end);
        break;
      case id.MuxingApp:
      case id.WritingApp:
        this.#bytes.fill(0, body, end);
        break;
      case id.TrackType:
        this.#types.push(number());
        break;
      case id.PixelWidth:
        this.#width = number();
        break;
      case id.PixelHeight:
        this.#height = number();
        break;
      case id.Timestamp:
        this.#clusterAt = number();
        break;
      case id.SimpleBlock:
      case id.Block:
        this.#block(body, end);
    }
  }

  #float(body: number, end: number): number | null {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + body, end - body);
    if (end - body === 4) return view.getFloat32(0);
    return end - body === 8 ? view.getFloat64(0) : null;
  }

  /** A track's number, then a signed time within the cluster. */
  #block(body: number, end: number): void {
    const at = body + this.#lengthOfNumber(body, end, 8);
    if (at + 3 > end) throw damaged();
    const within = (this.#number(at, 2) << 16) >> 16;
    this.#lastAt = Math.max(this.#lastAt ?? 0, this.#clusterAt + within);
  }

  /** Two bytes at least: an id, a length in one byte or in eight, zeros. */
  #void(at: number, end: number): void {
    const size = end - at;
    this.#bytes.fill(0, at, end);
    this.#bytes[at] = id.Void;
    if (size - 2 <= 126) {
      this.#bytes[at + 1] = 0x80 | (size - 2);
      return;
    }
    this.#bytes[at + 1] = 0x01;
    for (let n = 0, rest = size - 9; n < 7; n += 1, rest = Math.floor(rest / 256)) this.#bytes[at + 8 - n] = rest % 256;
  }
}
