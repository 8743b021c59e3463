/** Frames that a conversation must refuse, drawn from a seed: good ones spoilt in every way, and some that never were any. */
import { safeParse } from 'zod/mini';
import { chatUp } from '../../worker/protocol/chat/up.ts';
import { MAX_FRAME_BYTES, PING } from '../../worker/protocol/sockets.ts';
import type { Random } from '../simulation/random.ts';
import { mutationsOf } from './mutations.ts';

export interface BadFrame {
  /** How it was made. */
  readonly what: string;
  readonly data: string | ArrayBuffer;
}

/** Names for what a frame may be about. */
export interface Ids {
  /** A message of the one who sends, in this conversation. */
  readonly own: string;
  /** A message of the other one. */
  readonly theirs: string;
  /** A message of a conversation that the sender is not in. */
  readonly elsewhere: string;
  /** Of the right shape, naming nothing. */
  readonly absent: string;
  readonly absentMedia: string;
}

/** Every kind of frame as it should be. */
export const goodFrames = ({ own, theirs }: Ids): readonly object[] => [
  { type: 'hello', id: 'a', epoch: 'an epoch', lastSeq: 0 },
  { type: 'message.send', message: { kind: 'text', clientId: 'fuzz-good-1', replyTo: theirs, body: { text: 'Good morning' } } },
  {
    type: 'message.send',
    message: { kind: 'image', clientId: 'fuzz-good-2', body: { mediaId: 'cmd_00000000000000000000000000', alt: 'a', caption: 'b' } },
  },
  { type: 'message.edit', id: 'b', messageId: own, body: { text: 'Good evening' } },
  { type: 'message.delete', messageId: own },
  { type: 'reaction.set', messageId: theirs, emoji: '👍' },
  { type: 'delivered', seq: 1 },
  { type: 'read', id: 'c', seq: 1 },
  { type: 'typing', typing: true },
];

type Way = (random: Random, good: string, ids: Ids) => string | ArrayBuffer;

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const filling = 'x'.repeat(MAX_FRAME_BYTES);
const oddities = [
  '\u0000',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u2028',
  'é',
  '💥',
  'ﷺ',
  '1e400',
  '-0',
  '\\u0000',
  '"',
  '}',
  '[',
  ',',
];

/** Ways to spoil a frame. What comes out well-formed by chance is not used. */
const ways: Readonly<Record<string, Way>> = {
  'characters changed': (random, good) => {
    let text = good;
    for (let n = random.int(1, 4); n > 0; n--) {
      const at = random.int(0, text.length - 1);
      text = text.slice(0, at) + random.pick(oddities) + text.slice(at + random.int(0, 2));
    }
    return text;
  },
  'cut off': (random, good) => good.slice(0, random.int(0, good.length - 1)),
  'cut out': (random, good) => {
    const from = random.int(0, good.length - 2);
    return good.slice(0, from) + good.slice(random.int(from + 1, good.length - 1));
  },
  'said twice': (_random, good) => good + good,
  'in a list': (_random, good) => `[${good}]`,
  'in a text': (_random, good) => JSON.stringify(good),
  'a key twice': (random, good) => {
    const [last] = [random.pick(['"type":"nonsense"', '"message":null', '"seq":-1', '"messageId":7', '"lastSeq":"0"', '"surplus":1'])];
    return `${good.slice(0, -1)},${last}}`;
  },
  'a dangerous key': (random, good) =>
    `${good.slice(0, -1)},"${random.pick(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])}":{"type":"hello"}}`,
  'another type': (random, good) =>
    good.replace(
      /"type":"[^"]+"/,
      `"type":${random.pick(['"message.ack"', '"welcome"', '"events"', '"MESSAGE.SEND"', '"typing "', '""', 'null', '1', '{}', '["hello"]', '"__proto__"'])}`,
    ),
  huge: (random, good) =>
    random.chance(0.5)
      ? `${good.slice(0, -1)},"surplus":"${filling}"}`
      : JSON.stringify({ type: 'message.send', message: { kind: 'text', clientId: 'fuzz-huge-1', body: { text: filling.slice(300) } } }),
  deep: (random) => {
    const depth = random.int(100, 20_000);
    return random.pick([
      '['.repeat(depth),
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth / 5)}1${'}'.repeat(depth / 5)}`,
      `{"type":"typing","typing":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    ]);
  },
  binary: (random, good) =>
    random.chance(0.3) ? bytesOf(good) : Uint8Array.from({ length: random.int(0, 400) }, () => random.int(0, 255)).buffer,
  nonsense: (random) =>
    random.pick([
      '',
      ' ',
      '\n',
      'null',
      'true',
      '0',
      '-1',
      '1e999',
      'NaN',
      'undefined',
      'Ping',
      'ping ',
      'pong',
      '<xml/>',
      '{}',
      '[]',
      '""',
      '{"type"}',
    ]),
  noise: (random) => String.fromCharCode(...Array.from({ length: random.int(1, 200) }, () => random.int(0, 0xffff))),
};

/** Well-formed, and about what is not there, not theirs, or not to be had. */
const refusals = ({ own, theirs, elsewhere, absent, absentMedia }: Ids): readonly object[] => [
  ...[elsewhere, absent].flatMap((messageId) => [
    { type: 'message.edit', messageId, body: { text: 'Mine now' } },
    { type: 'message.delete', messageId },
    { type: 'reaction.set', messageId, emoji: '🔥' },
    { type: 'reaction.set', messageId, emoji: null },
    { type: 'message.send', message: { kind: 'text', clientId: 'fuzz-reply-1', replyTo: messageId, body: { text: 'What?' } } },
  ]),
  { type: 'message.edit', messageId: theirs, body: { text: 'Mine now' } },
  { type: 'message.delete', messageId: theirs },
  { type: 'message.send', message: { kind: 'text', clientId: 'fuzz-first', body: { text: 'other words under the same name' } } },
  { type: 'message.send', message: { kind: 'text', clientId: 'fuzz-first', replyTo: own, body: { text: 'The first one' } } },
  ...['image', 'voice', 'video'].map((kind) => ({
    type: 'message.send',
    message: { kind, clientId: `fuzz-${kind}`, body: { mediaId: absentMedia } },
  })),
  { type: 'message.send', message: { kind: 'file', clientId: 'fuzz-file', body: { mediaId: absentMedia, name: '../../etc/passwd' } } },
];

const isWellFormed = (text: string): boolean => {
  try {
    return safeParse(chatUp, JSON.parse(text)).success;
  } catch {
    return false;
  }
};

/** Frames without end, each of which must be refused. */
export function* badFrames(random: Random, ids: Ids): Generator<BadFrame> {
  const good = goodFrames(ids);
  const refused = refusals(ids).map((frame) => JSON.stringify(frame));
  const mutations = good.flatMap((frame) => [...mutationsOf(frame)].map(({ what, value }) => ({ what, text: JSON.stringify(value) })));
  for (;;) {
    const dice = random.unit();
    if (dice < 0.15) {
      const frame = random.pick(refused);
      yield { what: `not theirs: ${frame}`, data: frame };
    } else if (dice < 0.45) {
      const { what, text } = random.pick(mutations);
      if (!isWellFormed(text)) yield { what: `a field changed: ${what}`, data: text };
    } else {
      const [name, way] = random.pick(Object.entries(ways));
      const frame = way(random, JSON.stringify(random.pick(good)), ids);
      const passes = typeof frame === 'string' && (frame === PING || (frame.length <= MAX_FRAME_BYTES && isWellFormed(frame)));
      if (!passes) yield { what: name, data: frame };
    }
  }
}
