/** Faults planted into copies of what a run left behind: each must be seen by the checks that have just found nothing. */
import { examine, type Findings } from './checks.ts';
import type { RoomNotes } from './notes.ts';
import type { Scene } from './scene.ts';
import { checkSequence, type Greeting, type Sequence } from './sequence.ts';
import { doctored } from './storage.ts';

interface Planted {
  readonly name: string;
  readonly seen: () => boolean;
}

/** Which planted faults nobody saw. */
export function unseen(scene: Scene, sequences: readonly Sequence[], state: string): { count: number; missed: string[] } {
  // Any room will do: the scene leaves in each of them what a fault needs to be planted in (`scene.ts`).
  const [[room], [sequence]] = [scene.rooms, sequences];
  if (!room || !sequence) throw new Error('a run without rooms');
  const planted = [...inNotes(room), ...inSequence(sequence), ...inStorage(sequence, state)];
  return { count: planted.length, missed: planted.filter(({ seen }) => !seen()).map(({ name }) => name) };
}

/** Where it must be found, and nowhere but there need it be. */
function inNotes(room: RoomNotes): Planted[] {
  const finds = (kind: keyof Findings, change: (copy: Mutable) => void) => (): boolean => {
    const copy = asMutable(room);
    change(copy);
    return examine(copy)[kind].length > 0;
  };
  const [first = '', second = '', third = ''] = room.acked;
  const back = room.devices.findIndex(({ returned }) => returned);
  const screen = (copy: Mutable): string[] => copy.devices[back]?.copy ?? [];
  const without = (list: string[], id: string): void => void list.splice(list.indexOf(id), 1);
  const sender = room.devices.findIndex(({ sent }) => sent.filter(({ clientId }) => room.fresh.includes(clientId)).length > 1);
  return [
    { name: 'an acknowledged message that is gone', seen: finds('lost', (copy) => without(copy.fresh, first)) },
    { name: 'a message that a device never got', seen: finds('missing', (copy) => without(screen(copy), second)) },
    { name: 'a message twice on a screen', seen: finds('duplicated', (copy) => screen(copy).push(third)) },
    { name: 'a message twice in the room', seen: finds('duplicated', (copy) => copy.fresh.push(first)) },
    {
      name: 'two messages that changed places on a screen',
      seen: finds('disordered', (copy) => {
        const list = screen(copy);
        const moved = list.shift();
        if (moved !== undefined) list.splice(1, 0, moved);
      }),
    },
    {
      name: 'messages in another order than their sender wrote them',
      seen: finds('disordered', (copy) => copy.devices[sender]?.sent.reverse()),
    },
    {
      name: 'a return that was told that nothing is missing',
      seen: finds('falselyComplete', (copy) =>
        copy.devices[back]?.visits.push({
          claim: 'complete',
          ackedBefore: room.acked.length,
          ackedThen: room.acked.length,
          had: new Set(room.acked.slice(1)),
        }),
      ),
    },
  ];
}
/** Notes that may be spoilt: the lists are lists. */
type Mutable = Omit<RoomNotes, 'fresh'> & { fresh: string[] };
const asMutable = (room: RoomNotes): Mutable => ({ ...structuredClone(room), fresh: [...room.fresh] });

function inSequence(sequence: Sequence): Planted[] {
  const sees = (change: Partial<Sequence>) => (): boolean => checkSequence({ ...sequence, ...change }).length > 0;
  const { history, promised, told } = sequence;
  const [event] = history.events;
  const [promise] = promised;
  if (!event || !promise) throw new Error('a room without events');
  // Whether anybody came back to more than one event is chance; what somebody new would be told is always there.
  const greeting: Greeting = {
    device: 'somebody new',
    asked: { epoch: history.epoch, lastSeq: sequence.base },
    epoch: history.epoch,
    seq: history.seq,
    gapFrom: null,
    seqs: history.events.map(({ seq }) => seq),
    knownBefore: history.seq,
  };
  const greeted = (change: Partial<Greeting>) => sees({ greetings: [{ ...greeting, ...change }] });
  const events = (list: Sequence['history']['events']) => sees({ history: { ...history, events: list } });
  const [id = ''] = Object.keys(history.texts);
  return [
    { name: 'a welcome with an event left out', seen: greeted({ seqs: greeting.seqs.slice(0, -1) }) },
    { name: 'a welcome with a hole', seen: greeted({ seqs: greeting.seqs.with(0, (greeting.seqs[0] ?? 0) - 1) }) },
    { name: 'a welcome that has gone back in time', seen: greeted({ knownBefore: greeting.seq + 1 }) },
    { name: 'a welcome of another storage', seen: greeted({ asked: { ...greeting.asked, epoch: 'another' } }) },
    { name: 'an event left out of the history', seen: events(history.events.slice(1)) },
    { name: 'an event twice in the history', seen: events([event, ...history.events]) },
    { name: 'an event that changed after it was given out', seen: sees({ told: [...told, { seq: event.seq, face: 'another' }] }) },
    { name: 'a repeat that was given another place', seen: sees({ promised: [...promised, { ...promise, seq: promise.seq + 1 }] }) },
    { name: 'an acknowledgement of what is not there', seen: sees({ promised: [...promised, { ...promise, clientId: 'never' }] }) },
    { name: 'an edit that was forgotten', seen: sees({ history: { ...history, texts: { ...history.texts, [id]: 'other words' } } }) },
    { name: 'a storage that is not there', seen: sees({ stored: null }) },
  ];
}

function inStorage(sequence: Sequence, state: string): Planted[] {
  const { epoch, events } = sequence.history;
  const message = events.find(({ face }) => face.startsWith('message '));
  const sees = (sql: string) => (): boolean => {
    const stored = doctored(state, epoch, sql);
    return stored !== null && checkSequence({ ...sequence, stored }).length > 0;
  };
  const mark = events.find(({ face }) => !face.startsWith('message '));
  const last = events.at(-1);
  if (!message || !mark || !last) throw new Error('a room without events of both kinds');
  const without = (seq: number): string => `DELETE FROM message WHERE seq = ${seq}; DELETE FROM mark WHERE seq = ${seq}`;
  return [
    { name: 'a message taken out of the storage', seen: sees(without(message.seq)) },
    { name: 'a mark taken out of the storage', seen: sees(without(mark.seq)) },
    { name: 'a storage behind what the room said', seen: sees(without(last.seq)) },
    { name: 'a message stored under another name', seen: sees(`UPDATE message SET name = 'another' WHERE seq = ${message.seq}`) },
  ];
}
