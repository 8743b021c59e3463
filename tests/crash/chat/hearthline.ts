/** Our own rooms: the whole product on a stack of its own, killed with all of its processes. */
import { signInAll, type Town } from '../town.ts';
import { faceOf, HearthlineLine, type RoomTrail, type WireEvent } from './hearthline-line.ts';
import type { Make } from './line.ts';
import { ROOMS } from './scene.ts';
import type { History, Sequence } from './sequence.ts';
import { readRooms } from './storage.ts';

/** Twice as many pairs as rooms, so that runs take turns and conversations are new for twice as many runs. */
export const PAIRS = 2 * ROOMS;

interface Room {
  readonly chatId: string;
  readonly pair: { readonly member: number; readonly companion: number };
  readonly base: number;
  readonly epoch: string | null;
  readonly trail: RoomTrail;
}

export interface Hearthline extends Make {
  /** Of every room of the last run; read with the Worker killed, and leaves it so. */
  sequences(written: Readonly<Record<string, string>>): Promise<readonly Sequence[]>;
  readonly state: string;
}

/** Rooms of a town's people; its Worker runs, and is left as the last run left it. */
export function hearthline(town: Town): Hearthline {
  const { stack, pairs } = town;
  const origin = stack.origins.api;
  let rooms: Room[] = [];
  const roomOf = (n: number): Room => {
    const room = rooms[n];
    if (!room) throw new Error(`there is no room ${n}`);
    return room;
  };
  const clientOf = ({ pair }: Room, person: number) => {
    const client = person === 0 ? pairs[pair.member]?.member : pairs[pair.companion]?.companion;
    if (!client) throw new Error('a room without its people');
    return client;
  };

  async function openRoom(run: number, n: number): Promise<Room> {
    const member = (run * ROOMS + n) % PAIRS;
    const pair = { member, companion: (member + Math.floor(run / 2)) % PAIRS };
    const [who, whom] = [pairs[pair.member]?.member, pairs[pair.companion]?.companion];
    if (!who || !whom) throw new Error('a room without its people');
    const { chat } = await who.must(who.post('/chats', { peerId: whom.userId }));
    const { seq, epoch } = await who.must(who.get(`/chats/${chat.id}/events?limit=1`));
    // A conversation of an earlier run goes on from where that run left it.
    const trail: RoomTrail = { greetings: [], told: [], promised: [], known: seq };
    return { chatId: chat.id, pair, base: seq, epoch: seq > 0 ? epoch : null, trail };
  }

  async function historyOf(room: Room): Promise<History> {
    const reader = clientOf(room, 1);
    const events: WireEvent[] = [];
    for (let after = room.base; ; ) {
      const page = await reader.must(reader.get(`/chats/${room.chatId}/events?after=${after}&limit=200`));
      events.push(...page.items);
      after = page.items.at(-1)?.seq ?? after;
      if (page.items.length === 0 || after >= page.seq) {
        const texts = Object.fromEntries(events.flatMap(({ message }) => (message ? [[message.id, message.body?.text ?? null]] : [])));
        const edits = Object.fromEntries(
          events.flatMap(({ type, messageId = '', body }) => (type === 'edited' && body ? [[messageId, body.text]] : [])),
        );
        return { epoch: page.epoch, seq: page.seq, events: events.map((event) => ({ seq: event.seq, face: faceOf(event) })), texts, edits };
      }
    }
  }
  const histories = new Map<Room, History>();

  return {
    name: 'Hearthline',
    keeps: true,
    state: stack.state,
    async prepare(run) {
      await signInAll(town);
      rooms = await Promise.all(Array.from({ length: ROOMS }, (_, n) => openRoom(run, n)));
    },
    line(n, person, device, ear) {
      const room = roomOf(n);
      const { chatId, epoch, base, trail } = room;
      const name = `room ${n}, person ${person}, device ${device}`;
      return new HearthlineLine({ origin, chatId, epoch, base, device: name }, clientOf(room, person), ear, trail);
    },
    kill: () => stack.kill9(),
    restart: () => stack.restartWorker(),
    async fresh(n) {
      const room = roomOf(n);
      const history = await historyOf(room);
      histories.set(room, history);
      return history.events.flatMap(({ face }) => (face.startsWith('message ') ? [face.split(' ')[1] ?? ''] : []));
    },
    async sequences(written) {
      const stored = readRooms(stack.state);
      return rooms.map((room, n): Sequence => {
        const history = histories.get(room);
        if (!history) throw new Error(`the history of room ${n} was not read`);
        const { trail, base } = room;
        return { room: `room ${n}`, base, ...trail, written, history, stored: stored.get(history.epoch) ?? null };
      });
    },
    stop: async () => {},
  };
}
