import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  box,
  element,
  liveMp4,
  mp4,
  ogg,
  oggPage,
  pdf,
  place,
  type TrackPlan,
  webm,
  webmTags,
  webmTitle,
} from '../../../../tests/media-files.ts';
import { chunk, exif, jpeg, png, says, webp } from '../../../../tests/pictures.ts';
import { readBody } from './read.ts';

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
function kept(kind: Parameters<typeof readBody>[0], type: string, bytes: Uint8Array) {
  const answer = readBody(kind, type, own(bytes));
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}
const refusal = (kind: Parameters<typeof readBody>[0], type: string, bytes: Uint8Array): string | null => {
  const answer = readBody(kind, type, own(bytes));
  return answer.ok ? null : answer.message;
};

const film: TrackPlan = { handler: 'vide', width: 1280, height: 720, sample: [1, 2, 3, 4] };
const sound: TrackPlan = { handler: 'soun', sample: [5, 6, 7] };

describe('a picture', () => {
  it('loses place, texts and what lies behind its end', () => {
    const html = [...new TextEncoder().encode('<script>alert(1)</script>')];
    const cleaned = kept('image', 'image/jpeg', jpeg(400, 300, exif(6), html));
    expect([cleaned.width, cleaned.height]).toEqual([300, 400]);
    expect([says(cleaned.bytes, 'N 60 10 23'), says(cleaned.bytes, 'script')]).toEqual([false, false]);
    const drawn = kept('image', 'image/png', png(30, 20, chunk('tEXt', [...new TextEncoder().encode('Author Ada')])));
    expect(says(drawn.bytes, 'Ada')).toBe(false);
    expect(kept('image', 'image/webp', webp(64, 48, 0x08)).width).toBe(64);
  });
  it.each([
    ['of another type than was said', 'image/png', jpeg(400, 300)],
    ['too large to be shown', 'image/png', png(60_000, 2)],
    ['of too many pixels', 'image/png', png(11_000, 11_000)],
    ['cut off', 'image/png', png(300, 300).slice(0, 50)],
    ['a page', 'image/png', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>')],
    ['nothing', 'image/jpeg', new Uint8Array()],
  ])('can’t be %s', (_, type, bytes) => {
    expect(refusal('image', type, bytes)).not.toBe(null);
  });
});

describe('an MP4 film', () => {
  it('loses place, maker, names and moments, and keeps its length and every offset', () => {
    const made = mp4([film, { ...sound, more: place() }], {
      moov: place(),
      top: [...box('uuid', [...new TextEncoder().encode('Ada’s phone')]), ...box('free', [1, 2, 3])],
    });
    const cleaned = kept('video', 'video/mp4', made);
    expect(cleaned).toMatchObject({ width: 1280, height: 720, durationMs: 3000 });
    expect(cleaned.bytes).toHaveLength(made.length);
    for (const words of ['+60.1699', 'phone', 'Core Media', 'Camera9', 'udta', 'uuid', 'loci']) {
      expect(says(made, words), words).toBe(true);
      expect(says(cleaned.bytes, words), words).toBe(false);
    }
    // The moment of making, in mvhd, tkhd and mdhd.
    expect(says(made, '\xe2\x7f\x66\x00')).toBe(true);
    expect(says(cleaned.bytes, '\xe2\x7f\x66\x00')).toBe(false);
    expect(says(cleaned.bytes, '\x01\x02\x03\x04\x05\x06\x07')).toBe(true);
  });
  it('is cleaned to the same bytes again', () => {
    const once = kept('video', 'video/mp4', mp4([film, sound], { moov: place() })).bytes;
    expect(kept('video', 'video/mp4', once).bytes).toEqual(once);
  });
  it('loses a track of places with its samples, and nothing of the others', () => {
    const gps = [...new TextEncoder().encode('+60.1699+024.9384 at noon')];
    const made = mp4([film, { handler: 'meta', sample: gps }, sound]);
    const cleaned = kept('video', 'video/mp4', made).bytes;
    expect([says(made, '+60.1699'), says(cleaned, '+60.1699'), says(cleaned, 'ISO6709')]).toEqual([true, false, false]);
    expect(says(cleaned, '\x01\x02\x03\x04')).toBe(true);
    expect(says(cleaned, '\x05\x06\x07')).toBe(true);
  });
  it('that was held upright is as it is shown', () => {
    expect(kept('video', 'video/mp4', mp4([{ ...film, turned: true }]))).toMatchObject({ width: 720, height: 1280 });
  });
  it('is sound alone as a voice note, and else not', () => {
    expect(kept('voice', 'audio/mp4', mp4([sound]))).toMatchObject({ width: null, durationMs: 3000 });
    expect(refusal('voice', 'audio/mp4', mp4([film, sound]))).toMatch(/sound alone/);
    expect(refusal('video', 'video/mp4', mp4([sound]))).toMatch(/picture/);
  });
  it('as a recorder writes it lasts as long as its pieces, not as long as its beginning says', () => {
    const made = liveMp4(7, place());
    const cleaned = kept('voice', 'audio/mp4', made);
    expect([cleaned.durationMs, says(made, '+60.1699'), says(cleaned.bytes, '+60.1699')]).toEqual([3_500, true, false]);
    for (const less of [1, 5, 10, 20, 40, 80]) expect(refusal('voice', 'audio/mp4', made.slice(0, -less)), String(less)).not.toBe(null);
  });
  it('in pieces with a track of places is refused: its samples can’t be told from the others', () => {
    const made = Uint8Array.from([...mp4([film, { handler: 'meta', sample: [1] }]), ...box('moof', [])]);
    expect(refusal('video', 'video/mp4', made)).toMatch(/more than picture and sound/);
  });
  it('of huge size is refused', () => {
    expect(refusal('video', 'video/mp4', mp4([{ ...film, width: 60_000 }]))).toMatch(/at most/);
    expect(refusal('video', 'video/mp4', mp4([{ ...film, width: 11_999, height: 11_999 }]))).toMatch(/pixels/);
  });
  it('whose places lie beside its data is refused, and nothing of it is emptied blindly', () => {
    const made = mp4([film, { handler: 'meta', sample: [1, 2, 3] }]);
    const at = new TextDecoder('latin1').decode(made).lastIndexOf('stco') + 12;
    new DataView(made.buffer).setUint32(at, 4);
    expect(refusal('video', 'video/mp4', made)).toMatch(/damaged/);
  });
  it('with media elsewhere is refused', () => {
    const made = mp4([film]);
    const at = new TextDecoder('latin1').decode(made).indexOf('url ') + 7;
    made[at] = 0;
    expect(refusal('video', 'video/mp4', made)).toMatch(/elsewhere/);
  });
  it('cut off anywhere is refused', () => {
    const made = mp4([film, sound], { moov: place() });
    for (let length = 0; length < made.length; length += 7)
      expect(refusal('video', 'video/mp4', made.slice(0, length)), String(length)).not.toBe(null);
  });
  it('that lies of its lengths is refused', () => {
    const made = mp4([film]);
    const latin = new TextDecoder('latin1').decode(made);
    for (const name of ['mvhd', 'trak', 'mdia', 'stbl', 'mdat', 'tkhd'])
      for (const lie of [0, 7, 0x7fffffff, 0xffffffff]) {
        const lying = own(made);
        new DataView(lying.buffer).setUint32(latin.indexOf(name) - 4, lie);
        expect(refusal('video', 'video/mp4', lying), `${name} ${lie}`).not.toBe(null);
      }
  });
  it('with something behind it is refused', () => {
    expect(refusal('video', 'video/mp4', mp4([film], { behind: [...new TextEncoder().encode('PK\x03\x04zip')] }))).not.toBe(null);
  });
});

describe('a WebM film', () => {
  it('loses title, day, tags, names of programs and tracks, and keeps its length', () => {
    const made = webm({ types: [1, 2], info: webmTitle(), more: [...webmTags(), ...webmTags(500), ...element(0x1941a469, [1, 2])] });
    const cleaned = kept('video', 'video/webm', made);
    expect(cleaned).toMatchObject({ width: 640, height: 360, durationMs: 2500 });
    expect(cleaned.bytes).toHaveLength(made.length);
    for (const words of ['Ada', 'Camera9', 'LOCATION', 'At Ada']) {
      expect(says(made, words), words).toBe(true);
      expect(says(cleaned.bytes, words), words).toBe(false);
    }
    expect(kept('video', 'video/webm', cleaned.bytes).bytes).toEqual(cleaned.bytes);
  });
  it('is taken as recorders write it: with lengths left open', () => {
    const made = webm({ types: [2], live: true, more: webmTags(200) });
    const cleaned = kept('voice', 'audio/webm', made);
    expect(cleaned.durationMs).toBe(2500);
    expect(says(cleaned.bytes, 'LOCATION')).toBe(false);
  });
  it.each([
    ['Matroska', webm({ types: [1], docType: 'matroska' })],
    ['with subtitles', webm({ types: [1, 0x11] })],
    ['without a track', webm({ types: [] })],
    ['with something behind it', webm({ types: [1], behind: [1, 2, 3, 4] })],
    ['of huge size', webm({ types: [1], width: 65_000 })],
    ['of no size', webm({ types: [1], width: 0 })],
  ])('can’t be %s', (_, bytes) => {
    expect(refusal('video', 'video/webm', bytes)).not.toBe(null);
  });
  it('cut off anywhere is refused', () => {
    const made = webm({ types: [1, 2], info: webmTitle() });
    for (let length = 0; length < made.length; length += 5)
      expect(refusal('video', 'video/webm', made.slice(0, length)), String(length)).not.toBe(null);
  });
});

describe('Opus in Ogg', () => {
  it.each([
    ['short', 'LOCATION=60.17,24.94'],
    ['across pages, with a picture in it', `METADATA_BLOCK_PICTURE=${'Ada’s face '.repeat(500)}`],
  ])('loses comments, %s, and keeps good checksums', (_, comment) => {
    const made = ogg(comment);
    const cleaned = kept('voice', 'audio/ogg', made);
    expect(cleaned.durationMs).toBe(3000);
    expect(cleaned.bytes).toHaveLength(made.length);
    for (const words of [comment.slice(0, 12), 'Camera9'])
      expect([says(made, words), says(cleaned.bytes, words)], words).toEqual([true, false]);
    expect(kept('voice', 'audio/ogg', cleaned.bytes).bytes).toEqual(cleaned.bytes);
  });
  it('with a wrong checksum, a second sound, or something behind it is refused', () => {
    const made = ogg();
    made[made.length - 1] = 1;
    expect(refusal('voice', 'audio/ogg', made)).toMatch(/damaged/);
    expect(refusal('voice', 'audio/ogg', ogg('x', oggPage([1], { serial: 8, flags: 2 })))).toMatch(/more than one/);
    expect(refusal('voice', 'audio/ogg', ogg('x', [1, 2, 3]))).toMatch(/damaged/);
  });
  it('without sound is refused', () => {
    expect(refusal('voice', 'audio/ogg', ogg().slice(0, -31))).not.toBe(null);
  });
});

describe('a document', () => {
  it('is a PDF from its first byte to its last', () => {
    expect(refusal('file', 'application/pdf', pdf())).toBe(null);
    for (const wrong of [pdf('<html>'), pdf('', 'PK\x03\x04'), pdf().slice(0, 50)])
      expect(refusal('file', 'application/pdf', wrong)).not.toBe(null);
  });
  it('is text without anything a screen would obey', () => {
    const say = (words: string) => refusal('file', 'text/plain', new TextEncoder().encode(words));
    expect([say('Grüße,\r\n\tAda'), say('')]).toEqual([null, null]);
    expect([say('a\0b'), say('\x1b[31m')]).not.toContain(null);
    expect(refusal('file', 'text/plain', Uint8Array.of(0xff, 0xfe, 0x41))).toMatch(/UTF-8/);
  });
  it('of another type is not taken', () => {
    expect(refusal('file', 'text/html', new TextEncoder().encode('<b>'))).not.toBe(null);
    expect(refusal('voice', 'audio/flac', ogg())).not.toBe(null);
  });
});

describe('whatever the bytes are', () => {
  const good: readonly (readonly [Parameters<typeof readBody>[0], string, Uint8Array])[] = [
    ['video', 'video/mp4', mp4([film, { handler: 'meta', sample: [1, 2, 3] }, sound], { moov: place() })],
    ['voice', 'audio/mp4', liveMp4(3)],
    ['video', 'video/webm', webm({ types: [1, 2], info: webmTitle(), more: webmTags(300) })],
    ['voice', 'audio/webm', webm({ types: [2], live: true })],
    ['voice', 'audio/ogg', ogg()],
    ['image', 'image/jpeg', jpeg(400, 300, exif(6))],
    ['file', 'application/pdf', pdf()],
  ];
  it('gives an answer, and never a longer body', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(40),
        (one, changes, cut) => {
          const [kind, type, bytes] = one;
          const changed = own(bytes.slice(0, bytes.length - (cut > 20 ? cut - 20 : 0)));
          for (const [at, value] of changes) changed[at % changed.length] = value;
          const length = changed.length;
          const answer = readBody(kind, type, changed);
          if (answer.ok && kind !== 'image') expect(answer.value.bytes).toHaveLength(length);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
