/** How messages stand on the line: a byte for the version, once in each direction, then tag, length and message. */
import protobuf from 'protobufjs';
import { encode, type MessageName, type Messages } from './messages.ts';

export const VERSION = 41;

/** Their tags, for those that a browser sends or takes. */
const tags = {
  HeartbeatPing: 0,
  HeartbeatAck: 1,
  LoginRequest: 2,
  LoginResponse: 3,
  Close: 4,
  IqStanza: 7,
  DataMessageStanza: 8,
} as const satisfies Partial<Record<MessageName, number>>;
export type FramedName = keyof typeof tags;

export interface Frame {
  readonly name: FramedName;
  readonly bytes: Uint8Array;
}

/** A message as it goes out, without the version. */
export function framed<Name extends FramedName>(name: Name, message: Messages[Name]): Buffer {
  const bytes = encode(name, message);
  return Buffer.concat([Buffer.of(tags[name]), protobuf.Writer.create().uint32(bytes.length).finish(), bytes]);
}

const MOST_BYTES = 1024 * 1024;
/** A length of more than this many bytes is none. */
const MOST_LENGTH_BYTES = 5;

/** Cuts what comes in, in whatever pieces, into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #versionRead = false;

  /** @throws Error where the other side speaks something else */
  take(piece: Uint8Array): Frame[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    if (!this.#versionRead) {
      if (this.#rest.length === 0) return [];
      if (this.#rest[0] !== VERSION) throw new Error(`version ${this.#rest[0]} is not ${VERSION}`);
      this.#rest = this.#rest.subarray(1);
      this.#versionRead = true;
    }
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const lengthBytes = this.#rest.subarray(1, 1 + MOST_LENGTH_BYTES).findIndex((byte) => byte < 0x80) + 1;
    if (lengthBytes === 0) {
      if (this.#rest.length > MOST_LENGTH_BYTES) throw new Error('a length without an end');
      return null;
    }
    const start = 1 + lengthBytes;
    const length = protobuf.Reader.create(this.#rest.subarray(1, start)).uint32();
    if (length > MOST_BYTES) throw new Error(`a message of ${length} bytes`);
    if (this.#rest.length < start + length) return null;
    const tag = this.#rest[0];
    const name = (Object.keys(tags) as FramedName[]).find((each) => tags[each] === tag);
    if (!name) throw new Error(`tag ${tag} is unknown`);
    const frame = { name, bytes: this.#rest.subarray(start, start + length) };
    this.#rest = this.#rest.subarray(start + length);
    return frame;
  }
}
