/**
 * The sequence of one of our rooms, held against every device's notes and against the storage: what was given out once
 * stays as it was given, without a hole.
 */

/** One event, as far as it never changes. */
export interface Told {
  readonly seq: number;
  /** What it says, in one line (`faceOf`). */
  readonly face: string;
}

/** An answer to hello, and what it answered. */
export interface Greeting {
  readonly device: string;
  readonly asked: { readonly epoch: string | null; readonly lastSeq: number };
  readonly epoch: string;
  /** The newest event there is, as the room said. */
  readonly seq: number;
  /** Set where something lies between what was asked for and what came. */
  readonly gapFrom: number | null;
  readonly seqs: readonly number[];
  /** The highest seq that anybody had been told of or promised before hello was said. */
  readonly knownBefore: number;
}

/** One acknowledgement, over a socket or over HTTP. */
export interface Promised {
  readonly clientId: string;
  readonly id: string;
  readonly seq: number;
  readonly at: string;
}

/** What somebody new reads over HTTP. */
export interface History {
  readonly epoch: string;
  readonly seq: number;
  readonly events: readonly Told[];
  /** Messages as they stand, by id. */
  readonly texts: Readonly<Record<string, string | null>>;
  /** What the newest edit of each message says, by its id. */
  readonly edits: Readonly<Record<string, string>>;
}

/** What stands in the object's own storage. */
export interface Stored {
  readonly epoch: string;
  readonly lastSeq: number;
  readonly eventSeqs: readonly number[];
  readonly messages: readonly { readonly id: string; readonly seq: number; readonly author: string; readonly name: string }[];
}

export interface Sequence {
  readonly room: string;
  /** Where the run began: events up to here are of earlier runs. */
  readonly base: number;
  readonly greetings: readonly Greeting[];
  /** Every event that any device was given, each time. */
  readonly told: readonly Told[];
  readonly promised: readonly Promised[];
  /** What was first written, by the sender's name for it. */
  readonly written: Readonly<Record<string, string>>;
  readonly history: History;
  /** Null where the storage was not found. */
  readonly stored: Stored | null;
}

export const checkSequence = (sequence: Sequence): string[] =>
  [
    ...sequence.greetings.flatMap((greeting) => checkGreeting(greeting)),
    ...checkHistory(sequence),
    ...checkPromises(sequence),
    ...checkTexts(sequence),
    ...checkStored(sequence),
  ].map((violation) => `${sequence.room}: ${violation}`);

function checkGreeting({ device, asked, epoch, seq, gapFrom, seqs, knownBefore }: Greeting): string[] {
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`${device}, after ${asked.lastSeq}: ${what}`);
  if (asked.epoch !== null && asked.epoch !== epoch) say('the storage is another one');
  if (seq < knownBefore) say(`the room says it is at ${seq}, and ${knownBefore} was given out before`);
  const first = gapFrom ?? asked.lastSeq + 1;
  if (gapFrom !== null && gapFrom <= asked.lastSeq) say(`a gap up to ${gapFrom}, which is known`);
  if (seqs.length !== seq - first + 1 || seqs.some((each, n) => each !== first + n))
    say(`came ${seqs.length} events (${seqs[0]} to ${seqs.at(-1)}), should be ${first} to ${seq}`);
  return wrong;
}

function checkHistory({ base, told, history, greetings }: Sequence): string[] {
  const wrong: string[] = [];
  const { events, seq } = history;
  if (events.length !== seq - base || events.some((event, n) => event.seq !== base + 1 + n))
    wrong.push(`the history after ${base} has ${events.length} events and ends at ${seq}`);
  const faces = new Map(events.map((event) => [event.seq, event.face]));
  const reported = new Set<number>();
  for (const { seq: at, face } of told) {
    const now = faces.get(at);
    if (now === face || reported.has(at)) continue;
    // The words of an edit go when the next one of the same message comes; nothing else ever does.
    const replaced =
      face.startsWith('edited ') && now?.startsWith('hidden') && events.some((event) => event.seq > at && event.face === face);
    if (replaced) continue;
    reported.add(at);
    wrong.push(`${at} was given out as “${face}” and is now “${now}”`);
  }
  if (greetings.some(({ epoch }) => epoch !== history.epoch)) wrong.push('the epoch changed');
  return wrong;
}

/** Every acknowledgement of a message says the same, and the history too. */
function checkPromises({ promised, history }: Sequence): string[] {
  const wrong: string[] = [];
  const first = new Map<string, Promised>();
  for (const each of promised) {
    const before = first.get(each.clientId) ?? each;
    first.set(each.clientId, before);
    if (before.id !== each.id || before.seq !== each.seq || before.at !== each.at)
      wrong.push(`${each.clientId} was acknowledged as ${before.seq} ${before.id}, then as ${each.seq} ${each.id}`);
  }
  const faces = new Map(history.events.map((event) => [event.seq, event.face]));
  for (const { clientId, id, seq, at } of first.values()) {
    const face = faces.get(seq);
    if (face === undefined || !face.startsWith(`message ${clientId} ${id} ${at} `))
      wrong.push(`${clientId} was acknowledged as ${seq} ${id} at ${at}, where there is “${face}”`);
  }
  return wrong;
}

/** A message reads as its last edit in the sequence left it, or as it was written. */
function checkTexts({ history: { events, texts, edits }, written }: Sequence): string[] {
  return events.flatMap(({ face }) => {
    const [what, clientId = '', id = ''] = face.split(' ');
    if (what !== 'message') return [];
    const text = edits[id] ?? written[clientId];
    return texts[id] === text ? [] : [`${clientId} reads “${texts[id]}”, not “${text}”`];
  });
}

function checkStored({ stored, history }: Sequence): string[] {
  if (stored === null) return ['its storage was not found'];
  const wrong: string[] = [];
  const { eventSeqs, messages, lastSeq } = stored;
  if (lastSeq !== history.seq) wrong.push(`the storage is at ${lastSeq}, the room said ${history.seq}`);
  if (eventSeqs.length !== lastSeq || eventSeqs.some((seq, n) => seq !== n + 1))
    wrong.push(`the storage has ${eventSeqs.length} events of ${lastSeq}`);
  const names = new Map<string, number>();
  for (const { author, name } of messages) names.set(`${author} ${name}`, (names.get(`${author} ${name}`) ?? 0) + 1);
  for (const [name, count] of names) if (count > 1) wrong.push(`${name} is stored ${count} times`);
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  for (const { seq, face } of history.events) {
    if (!face.startsWith('message ')) continue;
    const kept = bySeq.get(seq);
    const [, clientId, id] = face.split(' ');
    if (kept === undefined || kept.id !== id || kept.name !== clientId)
      wrong.push(`${seq} is ${clientId} ${id} over HTTP and ${kept?.name} ${kept?.id} in the storage`);
  }
  return wrong;
}
