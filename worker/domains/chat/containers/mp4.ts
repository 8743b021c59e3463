/**
 * MP4 (ISO 14496-12): boxes of size, name, content. What a player needs is known by name and left alone; every other box
 * becomes `free`, of the same size and full of zeros, so that no offset moves. Of the known ones are emptied: moments of
 * making, names of tracks and encoders. Tracks that are neither picture nor sound (places along the way, for one) go with
 * their samples.
 */
import { damaged, type Found, MOST_PARTS, nameAt, Unfit } from './found.ts';

interface Box {
  readonly name: string;
  /** Where its size stands, where its content begins, where it ends. */
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

const top = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'sidx', 'mfra', 'free']);
/** Containers that are looked into, and what may stand in them. */
const inside: Readonly<Record<string, ReadonlySet<string>>> = {
  moov: new Set(['mvhd', 'trak', 'mvex', 'free']),
  mvex: new Set(['mehd', 'trex', 'free']),
  trak: new Set(['tkhd', 'edts', 'mdia', 'free']),
  edts: new Set(['elst', 'free']),
  mdia: new Set(['mdhd', 'hdlr', 'minf', 'free']),
  minf: new Set(['vmhd', 'smhd', 'nmhd', 'gmhd', 'dinf', 'stbl', 'free']),
  dinf: new Set(['dref', 'free']),
  stbl: new Set(['stsd', 'stts', 'ctts', 'cslg', 'stsc', 'stsz', 'stz2', 'stco', 'co64', 'stss', 'sdtp', 'sbgp', 'sgpd', 'free']),
  moof: new Set(['mfhd', 'traf', 'free']),
  traf: new Set(['tfhd', 'tfdt', 'trun', 'sdtp', 'sbgp', 'sgpd', 'free']),
  mfra: new Set(['tfra', 'mfro', 'free']),
};

interface Track {
  readonly box: Box;
  id: number;
  handler: string;
  width: number;
  height: number;
  turned: boolean;
  timescale: number;
  duration: number;
  samples: Box | null;
}

/** Cleans in place. @throws Unfit */
export function cleanMp4(bytes: Uint8Array): Found {
  const file = new Mp4(bytes);
  return file.clean();
}

class Mp4 {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #tracks: Track[] = [];
  #parts = 0;
  #movieMs: number | null = null;
  #fragments = false;
  /** How long a sample lasts where its run does not say, by track. */
  readonly #lasting = new Map<number, number>();
  /** Where the fragment that is being read has come, in its track's time. */
  #fragment = { track: 0, lasting: 0, at: 0 };
  /** Where each track's fragments end, in its time. */
  readonly #ends = new Map<number, number>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  clean(): Found {
    const boxes = this.#boxes(0, this.#bytes.length, true);
    const [first] = boxes;
    if (first?.name !== 'ftyp') throw new Unfit('is no MP4 file');
    const names = boxes.map(({ name }) => name);
    if (names.filter((name) => name === 'moov').length !== 1 || !names.includes('mdat')) throw damaged();
    this.#fragments = names.includes('moof');
    for (const box of boxes) {
      if (!top.has(box.name) || box.name === 'free') this.#free(box);
      else this.#enter(box, null);
    }
    return this.#found();
  }

  #found(): Found {
    for (const track of this.#tracks.filter(({ handler }) => handler !== 'vide' && handler !== 'soun')) this.#drop(track);
    const picture = this.#tracks.find(({ handler }) => handler === 'vide');
    const sound = this.#tracks.some(({ handler }) => handler === 'soun');
    // What a recorder wrote at its beginning says nothing of how long it went on: the fragments do.
    const lasts = this.#tracks.map(({ id, timescale, duration }) =>
      timescale > 0 ? ((this.#fragments ? (this.#ends.get(id) ?? 0) : duration) / timescale) * 1000 : 0,
    );
    const longest = Math.round((this.#fragments ? 0 : this.#movieMs) || Math.max(0, ...lasts));
    const durationMs = longest < 86_400_000 ? longest : 0;
    const [width, height] = picture?.turned ? [picture.height, picture.width] : [picture?.width, picture?.height];
    return { sound, picture: picture !== undefined, width: width ?? null, height: height ?? null, durationMs: durationMs || null };
  }

  /** The boxes between two places; all of it, without a hole or anything behind. */
  #boxes(from: number, to: number, isFile = false): Box[] {
    const boxes: Box[] = [];
    for (let at = from; at < to; ) {
      if (++this.#parts > MOST_PARTS || at + 8 > to) throw damaged();
      let size = this.#view.getUint32(at);
      let body = at + 8;
      if (size === 1) {
        if (at + 16 > to) throw damaged();
        size = this.#view.getUint32(at + 8) * 2 ** 32 + this.#view.getUint32(at + 12);
        body = at + 16;
      } else if (size === 0 && isFile) size = to - at;
      if (size < body - at || at + size > to) throw damaged();
      boxes.push({ name: nameAt(this.#bytes, at + 4), at, body, end: at + size });
      at += size;
    }
    return boxes;
  }

  #enter(box: Box, track: Track | null): void {
    const known = inside[box.name];
    if (!known) {
      this.#leaf(box, track);
      return;
    }
    const within: Track | null =
      box.name === 'trak'
        ? { box, id: 0, handler: '', width: 0, height: 0, turned: false, timescale: 0, duration: 0, samples: null }
        : track;
    if (box.name === 'trak' && within) this.#tracks.push(within);
    if (box.name === 'stbl' && within) within.samples = box;
    for (const child of this.#boxes(box.body, box.end)) {
      if (!known.has(child.name) || child.name === 'free') this.#free(child);
      else this.#enter(child, within);
    }
  }

  #leaf(box: Box, track: Track | null): void {
    switch (box.name) {
      case 'mvhd': {
        const { timescale, duration } = this.#timed(box, 12);
        this.#movieMs = timescale > 0 ? (duration / timescale) * 1000 : null;
        break;
      }
      case 'mdhd':
        if (track) Object.assign(track, this.#timed(box, 12));
        break;
      case 'tkhd':
        this.#forgetMoments(box);
        if (track) this.#shape(box, track);
        break;
      case 'trex':
        this.#need(box, 16);
        this.#lasting.set(this.#view.getUint32(box.body + 4), this.#view.getUint32(box.body + 12));
        break;
      case 'tfhd':
        this.#beginFragment(box);
        break;
      case 'tfdt':
        this.#need(box, this.#isLong(box) ? 12 : 8);
        this.#fragment.at = this.#isLong(box)
          ? this.#view.getUint32(box.body + 4) * 2 ** 32 + this.#view.getUint32(box.body + 8)
          : this.#view.getUint32(box.body + 4);
        break;
      case 'trun':
        this.#goOn(box);
        break;
      case 'hdlr':
        this.#need(box, 24);
        if (track) track.handler = nameAt(this.#bytes, box.body + 8);
        // Behind the handler's type: a maker, flags, a name.
        this.#bytes.fill(0, box.body + 12, box.end);
        break;
      case 'dref':
        this.#mustHoldItsOwn(box);
        break;
      case 'stsd':
        this.#entries(box, track);
    }
  }

  #need(box: Box, length: number): void {
    if (box.end - box.body < length) throw damaged();
  }

  /** Version 1 holds 64 bits where version 0 holds 32. */
  #isLong(box: Box): boolean {
    this.#need(box, 4);
    return this.#bytes[box.body] === 1;
  }

  /** When it was made and changed: emptied. */
  #forgetMoments(box: Box): void {
    const length = this.#isLong(box) ? 16 : 8;
    this.#need(box, 4 + length);
    this.#bytes.fill(0, box.body + 4, box.body + 4 + length);
  }

  #timed(box: Box, least: number): { timescale: number; duration: number } {
    this.#forgetMoments(box);
    const long = this.#isLong(box);
    const at = box.body + (long ? 20 : 12);
    this.#need(box, least + (long ? 20 : 8));
    const timescale = this.#view.getUint32(at);
    const duration = long ? this.#view.getUint32(at + 4) * 2 ** 32 + this.#view.getUint32(at + 8) : this.#view.getUint32(at + 4);
    // All ones: not known.
    const known = long ? duration < 2 ** 63 : duration !== 0xffffffff;
    return { timescale, duration: known ? duration : 0 };
  }

  #flags(box: Box): number {
    this.#need(box, 8);
    return this.#view.getUint32(box.body) & 0xffffff;
  }

  #beginFragment(box: Box): void {
    const flags = this.#flags(box);
    const track = this.#view.getUint32(box.body + 4);
    const at = box.body + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
    if (flags & 8 && at + 4 > box.end) throw damaged();
    const lasting = flags & 8 ? this.#view.getUint32(at) : (this.#lasting.get(track) ?? 0);
    this.#fragment = { track, lasting, at: this.#ends.get(track) ?? 0 };
  }

  /** A run of samples: each says how long it lasts, or lasts as long as all. */
  #goOn(box: Box): void {
    const flags = this.#flags(box);
    const count = this.#view.getUint32(box.body + 4);
    const first = box.body + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
    const each = [0x100, 0x200, 0x400, 0x800].reduce((sum, flag) => sum + (flags & flag ? 4 : 0), 0);
    if (first + count * each > box.end) throw damaged();
    let lasts = 0;
    if (flags & 0x100) for (let n = 0; n < count; n += 1) lasts += this.#view.getUint32(first + n * each);
    else lasts = count * this.#fragment.lasting;
    this.#fragment.at += lasts;
    this.#ends.set(this.#fragment.track, Math.max(this.#ends.get(this.#fragment.track) ?? 0, this.#fragment.at));
  }

  #shape(box: Box, track: Track): void {
    const matrix = box.body + (this.#isLong(box) ? 52 : 40);
    this.#need(box, matrix - box.body + 44);
    track.id = this.#view.getUint32(box.body + (this.#isLong(box) ? 20 : 12));
    track.width = this.#view.getUint16(matrix + 36);
    track.height = this.#view.getUint16(matrix + 40);
    // A quarter turn swaps the axes: a is 0 and b is not.
    track.turned = this.#view.getInt32(matrix) === 0 && this.#view.getInt32(matrix + 4) !== 0;
  }

  /** Media that lies elsewhere would be fetched from there by a player. */
  #mustHoldItsOwn(box: Box): void {
    this.#need(box, 8);
    for (const entry of this.#boxes(box.body + 8, box.end)) {
      this.#need(entry, 4);
      if ((this.#view.getUint32(entry.body) & 1) !== 1) throw new Unfit('names media that lies elsewhere');
    }
  }

  /** The name of the encoder stands in each entry of a picture; the size does too, where the header has none. */
  #entries(box: Box, track: Track | null): void {
    this.#need(box, 8);
    for (const entry of this.#boxes(box.body + 8, box.end)) {
      if (track?.handler !== 'vide') continue;
      this.#need(entry, 78);
      this.#bytes.fill(0, entry.body + 42, entry.body + 74);
      track.width ||= this.#view.getUint16(entry.body + 24);
      track.height ||= this.#view.getUint16(entry.body + 26);
    }
  }

  #free(box: Box): void {
    this.#bytes.set([0x66, 0x72, 0x65, 0x65], box.at + 4);
    this.#bytes.fill(0, box.body, box.end);
  }

  /** A track that is neither picture nor sound: its samples are emptied where they lie, then it is gone. */
  #drop(track: Track): void {
    if (this.#fragments) throw new Unfit('carries more than picture and sound');
    if (track.samples) for (const [from, to] of this.#sampleRanges(track.samples)) this.#bytes.fill(0, from, to);
    this.#free(track.box);
    this.#tracks.splice(this.#tracks.indexOf(track), 1);
  }

  #sampleRanges(stbl: Box): [number, number][] {
    const tables = new Map(this.#boxes(stbl.body, stbl.end).map((box) => [box.name, box]));
    const offsets = tables.get('co64') ?? tables.get('stco');
    const [sizes, runs] = [tables.get('stsz'), tables.get('stsc')];
    if (!offsets || !sizes || !runs) throw damaged();
    const u32 = (box: Box, at: number): number => {
      if (box.body + at + 4 > box.end) throw damaged();
      return this.#view.getUint32(box.body + at);
    };
    const chunkAt = (n: number): number =>
      offsets.name === 'co64' ? u32(offsets, 8 + n * 8) * 2 ** 32 + u32(offsets, 12 + n * 8) : u32(offsets, 8 + n * 4);
    const [chunks, sameSize, count, runCount] = [u32(offsets, 4), u32(sizes, 4), u32(sizes, 8), u32(runs, 4)];
    if (chunks > MOST_PARTS || runCount > MOST_PARTS) throw damaged();
    const ranges: [number, number][] = [];
    let sample = 0;
    for (let run = 0; run < runCount && sample < count; run += 1) {
      const first = u32(runs, 8 + run * 12) - 1;
      const last = run + 1 < runCount ? u32(runs, 8 + (run + 1) * 12) - 1 : chunks;
      const perChunk = u32(runs, 12 + run * 12);
      for (let n = first; n < last && sample < count; n += 1) {
        let length = 0;
        for (let k = 0; k < perChunk && sample < count; k += 1, sample += 1) {
          if (++this.#parts > MOST_PARTS) throw damaged();
          length += sameSize || u32(sizes, 12 + sample * 4);
        }
        const from = chunkAt(n);
        if (from + length > this.#bytes.length || from < 8) throw damaged();
        ranges.push([from, from + length]);
      }
    }
    return this.#outsideOfBoxes(ranges);
  }

  /** Samples lie in `mdat`; a table that points elsewhere would empty what is needed. */
  #outsideOfBoxes(ranges: [number, number][]): [number, number][] {
    const data = this.#boxes(0, this.#bytes.length, true).filter(({ name }) => name === 'mdat');
    for (const [from, to] of ranges) if (!data.some(({ body, end }) => body <= from && to <= end)) throw damaged();
    return ranges;
  }
}
