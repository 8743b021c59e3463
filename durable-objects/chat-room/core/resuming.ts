/** What a device that comes back is sent, and what each person may see of the sequence. */
import type { Person, Room } from './state.ts';

/** Events in one welcome at most; what lies before them is read over HTTP. */
export const WELCOME_EVENTS = 200;
/** Characters in one welcome or one `events` frame, about: more is cut into several, or left to HTTP. */
export const FRAME_CHARACTERS = 256 * 1024;

export interface Resume {
  /** Events with a larger seq are sent. */
  readonly after: number;
  /** True where the device does not have everything up to `after`. */
  readonly gap: boolean;
}

/**
 * [RQ2] What to send a device that has everything up to `lastSeq` of the storage `epoch`. A copy of another storage, or a
 * seq we never gave, is as good as none.
 */
export function planResume(room: Room, person: Person, said: { epoch?: string | undefined; lastSeq: number }): Resume {
  const foreign = said.epoch !== undefined && said.epoch !== room.epoch;
  const has = foreign ? 0 : said.lastSeq;
  const invented = has > room.lastSeq;
  const after = Math.max(invented ? 0 : has, person.fromSeq - 1, room.lastSeq - WELCOME_EVENTS);
  return { after, gap: invented || after > has };
}

/** An event as it is stored, ready for the wire. */
export interface WireEvent {
  readonly seq: number;
  /** The seq of the message it is about; null for one that is about none, and for a message itself. */
  readonly about: number | null;
  /** Its JSON. */
  readonly text: string;
  /** RFC 3339. */
  readonly at: string;
}

/** [RQ4] An event about something before a person's time is to them a place in the sequence and nothing more. */
export const textFor = (person: Pick<Person, 'fromSeq'>, event: WireEvent): string =>
  event.about !== null && event.about < person.fromSeq ? hiddenEvent(event.seq, event.at) : event.text;

export const hiddenEvent = (seq: number, at: string): string => `{"seq":${seq},"at":"${at}","type":"hidden"}`;

/** The newest of `texts` that fit into one frame; at least one. */
export function newestThatFit(texts: readonly string[]): readonly string[] {
  let characters = 0;
  let from = texts.length;
  for (const text of texts.toReversed()) {
    characters += text.length + 1;
    if (characters > FRAME_CHARACTERS && from < texts.length) break;
    from -= 1;
  }
  return texts.slice(from);
}

/** Everything, in pieces that fit into one frame each. */
export function inFrames(texts: readonly string[]): readonly (readonly string[])[] {
  const frames: string[][] = [];
  let room = 0;
  for (const text of texts) {
    room -= text.length + 1;
    const open = frames.at(-1);
    if (open && room >= 0) open.push(text);
    else {
      frames.push([text]);
      room = FRAME_CHARACTERS - text.length;
    }
  }
  return frames;
}
